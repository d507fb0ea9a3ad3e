/** A run over a small region in the state before expectations are appended, for tests. */
import { appendContract } from '../../../data/region/contracts.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { openRun, type Run } from '../../../data/runs/runs.ts'
import { readPanel, takeSnapshot } from '../../../data/snapshot/snapshot.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { type Panel, SHARDS } from '../../../engine/panel/panel.ts'
import type { Programme } from '../../../engine/contract/programme.ts'
import { contractWith, outcomeWith } from '../settlements/contract.ts'
import { sha256 } from '../settlements/sha256.ts'
import { deliver, type Delivered } from './deliver.ts'

const programmeWith = (programme: string, ...measures: readonly string[]): Programme => ({
  programme,
  title: { nl: programme, en: programme },
  conditions: {},
  measures: measures.map((key) => ({
    key,
    title: { nl: key, en: key },
    unit: '1',
    better: 'lower',
    plausible: [0, 500],
    codes: {},
    convert: {},
  })),
})

export const contractOn = (contract: string, ...measures: readonly string[]): Contract =>
  contractWith({
    contract,
    title: contract,
    outcomes: measures.map((measure) => outcomeWith({ measure, priceEur: 1 })),
    share: { gain: 0.5, loss: 0 },
    minPatients: 30,
  })

export interface RegionRun {
  readonly run: Run
  /** by shard */
  readonly panels: readonly Panel[]
}

/** Delivers the rows as a region, takes its snapshot and opens a run of a contract on the measures. */
export async function regionRun(
  store: Store,
  region: string,
  rows: Delivered,
  measures: readonly string[],
  control: readonly string[] = [],
): Promise<RegionRun> {
  const regionId = await deliver(store, region, '2026-01-01', rows)
  const programme = programmeWith('dm2', ...measures)
  const { datasetSha256 } = await takeSnapshot(store, { regionId, asOf: '2026-01-01', programme })
  const contract = { ...contractOn(region, ...measures), control }
  const contractSha256 = sha256(region)
  await appendContract(store, regionId, { contractSha256, contract, yaml: '' })
  const panels: Panel[] = []
  for (let shard = 0; shard < SHARDS; shard++)
    panels.push(await readPanel(store, { regionId, datasetSha256, programme: 'dm2', shard }))
  const order = {
    runId: sha256(`run of ${region}`),
    regionId,
    contractSha256,
    asOf: '2026-01-01',
    datasetSha256,
  } as const
  return { run: await openRun(store, { ...order, engineVersion: '1' }, panels[0]!), panels }
}
