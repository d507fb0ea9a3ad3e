/** The settlement's input besides its patients: partners, evidence and comparisons. It is assembled here only. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import type { Admissions } from '../../engine/assessment/eligibility.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { modelNameOf } from '../../engine/contract/term.ts'
import { mixedInsurers } from '../../engine/panel/panel-mix.ts'
import { indicesOf, rosterOf } from '../../engine/panel/roster.ts'
import { perProcedureCents } from '../../data/region/claims.ts'
import type { Store } from '../../data/postgres/database.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { readEvidence } from '../../data/indicators/evidence.ts'
import { readParties } from '../../data/runs/runs.ts'
import type { FrozenModel } from '../threads/tasks.ts'
import type { RunContext } from './run-context.ts'

/** The source of each input of a settlement. */
export interface SettlementSources {
  /** persons, values, evidence and claims */
  readonly values: RunContext
  /** who is enrolled where, and which practice belongs to whom */
  readonly attribution: RunContext
  readonly models: readonly FrozenModel[]
  readonly contract: Contract
}

/** The sources of a run's own settlement: all from the run itself. */
export async function ownSources(store: Store, run: RunContext): Promise<SettlementSources> {
  const models = await readRunModels(store, run.run.runId)
  return { values: run, attribution: run, models, contract: run.contract }
}

/** The counts of one shard, small enough for the result of a job. */
export type ShardCounts = {
  readonly notMainPractitioner: number
  readonly otherInsurer: number
  /** (partner of the run, patients included over the quarter days), those above 0 */
  readonly includedOnQuarterDays: readonly (readonly [number, number])[]
}

/** @param includedOnQuarterDays patients by partner of the run */
export const shardCounts = (ineligible: Admissions['ineligible'], includedOnQuarterDays: Int32Array): ShardCounts => ({
  ...ineligible,
  includedOnQuarterDays: [...includedOnQuarterDays.entries()].filter(([, patients]) => patients > 0),
})

/** @param shards what each of them counted */
export async function settlementInputOf(
  store: Store,
  { values, attribution, models, contract }: SettlementSources,
  shards: readonly ShardCounts[],
): Promise<Omit<SettlementInput, 'contractYear' | 'placeboYears'>> {
  const { regionId, asOf, runId, engineVersion, datasetSha256, contractSha256 } = values.run
  const [own, { partners, insurers }] = await Promise.all([
    readParties(store, runId),
    readParties(store, attribution.run.runId),
  ])
  const roster = rosterOf(contract, partners, new Set(attribution.enrolled))
  const { partnerIds, credited } = roster
  const { programme, period, insurers: admitted } = contract
  const claims = { regionId, asOf, programme, period, insurers: admitted, partnerIds, credited }
  const { ineligible, included } = sumOf(shards)
  return {
    settlementId: runId,
    asOf,
    engineVersion,
    datasetSha256,
    contractSha256,
    modelIds: Object.fromEntries(
      models.map(({ measure, yearsElapsed, modelId }) => [modelNameOf(measure, yearsElapsed), modelId]),
    ),
    contract,
    better: values.better,
    partnerIds,
    contractPartners: indicesOf(roster.contract),
    controlPartners: indicesOf(roster.control),
    insurers: mixedInsurers(own.insurers, insurers),
    ineligible,
    quality: await readEvidence(store, { regionId, asOf, contract }),
    comparisons: {
      perProcedureCents: await perProcedureCents(store, claims),
      includedOnQuarterDays: partnerIds.map((_, partner) => included.get(partner) ?? 0),
    },
  }
}

/** The sum of the counts of all shards. */
function sumOf(shards: readonly ShardCounts[]) {
  const included = new Map<number, number>()
  let [notMainPractitioner, otherInsurer] = [0, 0]
  for (const shard of shards) {
    notMainPractitioner += shard.notMainPractitioner
    otherInsurer += shard.otherInsurer
    for (const [partner, patients] of shard.includedOnQuarterDays)
      included.set(partner, (included.get(partner) ?? 0) + patients)
  }
  return { ineligible: { notMainPractitioner, otherInsurer }, included }
}
