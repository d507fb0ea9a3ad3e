/** The snapshot as known on the day, stored as panels under its hash; and the run, with an id derived from its inputs. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { rosterOf } from '../../engine/panel/roster.ts'
import { ENGINE_VERSION } from '../../engine/contract/version.ts'
import { readContract } from '../../data/region/contracts.ts'
import { adoptModels } from '../../data/settlements/corrections.ts'
import { enrolledPartnerIds } from '../../data/region/enrolled-partners.ts'
import { refuseContractYears } from '../../data/settlements/contract-years.ts'
import { refusePeriodWithoutData } from '../../data/region/period-data.ts'
import { regionOf } from '../../data/region/regions.ts'
import { openRun } from '../../data/runs/runs.ts'
import { readSettlement } from '../../data/settlements/settlements.ts'
import { readPanel, takeSnapshot } from '../../data/snapshot/snapshot.ts'
import type { Handler } from '../queue/worker.ts'
import { betterOf, programmeOfContract, type SnapshotResult, type Tools } from '../assessment/run-context.ts'

export const snapshot =
  ({ store }: Tools): Handler =>
  async ({ run: { region: name, contractSha256, asOf, correction, flow } }): Promise<SnapshotResult> => {
    const region = await regionOf(store, name)
    const { contract } = await readContract(store, contractSha256)
    const programme = await programmeOfContract(store, region.regionId, asOf, contract)
    betterOf(contract, programme)
    const { regionId } = region
    if (flow === 'settle') await refusePeriodWithoutData(store, { regionId, asOf, contract })
    if (flow !== 'correct') await refuseContractYears(store, { regionId, contract })
    const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf, programme })
    const panel = await readPanel(store, { regionId, datasetSha256, programme: programme.programme, shard: 0 })
    // Refuses a contract whose partners this region does not have, before anything is computed for it.
    rosterOf(contract, panel.partners, new Set(await enrolledPartnerIds(store, regionId, asOf, contract.programme)))
    // The models of a correction are those of what it corrects: an input like the data, and part of the id.
    const models = correction ? { corrects: correction.corrects } : {}
    const inputs = { region: name, contractSha256, asOf, datasetSha256, engineVersion: ENGINE_VERSION, ...models }
    const runId = createHash('sha256').update(canonicalJson(inputs)).digest('hex')
    await openRun(store, { runId, regionId, contractSha256, asOf, datasetSha256, engineVersion: ENGINE_VERSION }, panel)
    if (correction) await adoptModels(store, runId, (await readSettlement(store, correction.corrects)).runId)
    return { runId, datasetSha256 }
  }
