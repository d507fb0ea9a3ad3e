/** Everything a settlement looks at besides its patients: partners, evidence, what stands beside it. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import { indicesOf, rosterOf } from '../../engine/panel/roster.ts'
import { perProcedureCents } from '../../data/region/claims.ts'
import type { Store } from '../../data/postgres/database.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { readQuality } from '../../data/region/quality.ts'
import { readParties } from '../../data/runs/runs.ts'
import type { PartJob } from '../queue/run-job.ts'
import type { RunContext } from '../assessment/run-context.ts'
import type { RealiseResult } from './realise.ts'

/** What the shards counted, added up. */
export interface Counts {
  readonly barred: SettlementInput['barred']
  /** patients over the quarter days, by partner of the run */
  readonly included: ReadonlyMap<number, number>
}

export function includedCounts({ results }: Pick<PartJob, 'results'>): Counts {
  const shards = (results.realise ?? []) as readonly RealiseResult[]
  const included = new Map<number, number>()
  let [notMainPractitioner, otherInsurer] = [0, 0]
  for (const shard of shards) {
    notMainPractitioner += shard.notMainPractitioner
    otherInsurer += shard.otherInsurer
    for (const [partner, patients] of shard.includedOnQuarterDays)
      included.set(partner, (included.get(partner) ?? 0) + patients)
  }
  return { barred: { notMainPractitioner, otherInsurer }, included }
}

export async function settlementInputOf(
  store: Store,
  { run, contract, better, enrolled }: RunContext,
  { barred, included }: Counts,
): Promise<Omit<SettlementInput, 'contractYear' | 'placeboYears'>> {
  const { partners, insurers } = await readParties(store, run.runId)
  const roster = rosterOf(contract, partners, new Set(enrolled))
  const { partnerIds, credited } = roster
  const { regionId, asOf } = run
  const { programme, period, insurers: admitted } = contract
  const models = await readRunModels(store, run.runId)
  return {
    settlementId: run.runId,
    asOf,
    engineVersion: run.engineVersion,
    datasetSha256: run.datasetSha256,
    contractSha256: run.contractSha256,
    modelIds: Object.fromEntries(models.map(({ measure, modelId }) => [measure, modelId])),
    contract,
    better,
    partnerIds,
    contractPartners: indicesOf(roster.contract),
    controlPartners: indicesOf(roster.control),
    insurers,
    barred,
    quality: await readQuality(store, regionId, asOf),
    beside: {
      perProcedureCents: await perProcedureCents(store, {
        regionId,
        asOf,
        programme,
        period,
        insurers: admitted,
        partnerIds,
        credited,
      }),
      includedOnQuarterDays: partnerIds.map((_, partner) => included.get(partner) ?? 0),
    },
  }
}
