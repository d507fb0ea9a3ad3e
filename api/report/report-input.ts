/** The input of a settlement's statement, read from the store. */
import type { Store } from '../../data/postgres/database.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import { readPartners } from '../../data/region/regions.ts'
import { readDrift } from '../../data/runs/drift.ts'
import { readGamingSigns } from '../../data/runs/gaming-signs.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { practiceSizesOf } from '../../data/runs/practice-sizes.ts'
import { readControlEffects } from '../../data/settlements/control-effects.ts'
import { hasPanels, readDifference, settlementBefore } from '../../data/settlements/differences.ts'
import { listSettlements, wholeSettlement } from '../../data/settlements/settlements.ts'
import { lastDecisions } from '../../data/settlements/model-registry.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { signalsOf } from '../../engine/gaming/signals.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { differenceFor, type DisclosedDifference } from '../views/difference.ts'
import { toComeOf } from '../views/to-come.ts'
import { readWhole, type RunSettlementRecord } from '../views/settlement-view.ts'
import { reportCardOf } from './elements/card.ts'
import type { DisclosedSignal, ReportInput } from './elements/view.ts'

/** Everything that `reportOf` needs of one settlement. The reader's rights are checked before. */
export async function reportInputOf(store: Store, record: RunSettlementRecord): Promise<ReportInput> {
  const { settlement, contract, status, stored, held, run } = record
  const programme = (await regionProgrammes(store.pool, run.regionId, run.asOf)).get(contract.programme)
  invariant(programme, 'a contract that was settled has a programme')
  const partners = await readPartners(store.pool, run.regionId, run.asOf)
  const models = await readRunModels(store, run.runId)
  const modelIds = [...new Set(models.map(({ modelId }) => modelId))]
  const decisions = await lastDecisions(store, modelIds)
  const states = modelIds.map((modelId) => [modelId, decisions.get(modelId)!] as const)
  const practices = await practiceSizesOf(store, run, contract.minPatients)
  return {
    settlement,
    contract,
    programme,
    status,
    difference: await differenceBefore(store, record),
    signals: await signalsIn(store, record, programme),
    state: stored.state,
    held,
    states: Object.fromEntries(states),
    earlierYears: await yearsBefore(store, record),
    drift: await readDrift(store, run.runId),
    toCome: await toComeOf(store, record),
    controlEffects: await readControlEffects(store, settlement.settlement_id),
    practices: Object.fromEntries(practices.map(({ partnerId, ...sizes }) => [partnerId, sizes])),
    cards: models.map(({ card }) => reportCardOf(card)),
    partnerNames: Object.fromEntries(partners.map(({ partnerId, name }) => [partnerId, name])),
  }
}

/** The settlement that stands of each year of the term before this one. */
async function yearsBefore(
  store: Store,
  { stored }: RunSettlementRecord,
): Promise<ReportInput['earlierYears'] & object> {
  const { contractId, regionId, periodStart } = stored
  if (periodStart === null) return []
  const all = await listSettlements(store, { contractId, regionId })
  const standing = new Map<Day, string>()
  for (const { periodStart: start, settlementId, state } of all)
    if (start !== null && start < periodStart && state !== 'rejected' && !standing.has(start))
      standing.set(start, settlementId)
  const starts = [...standing.keys()].sort()
  return await Promise.all(
    starts.map(async (start) => ({ start, settlement: await wholeSettlement(store, standing.get(start)!) })),
  )
}

/** The difference from the previous settlement, where it is stored. */
async function differenceBefore(store: Store, record: RunSettlementRecord): Promise<DisclosedDifference | null> {
  const before = await settlementBefore(store, record.stored)
  if (!before) return null
  const difference = await readDifference(store, before.settlementId, record.stored.settlementId)
  if (!difference) return null
  const ends = [await readWhole(store, before), record] as const
  return differenceFor({ role: 'analyst', subject: '' }, ends, difference)
}

/** The gaming signals of the run's panels; null where those are no longer in the store. */
async function signalsIn(
  store: Store,
  { contract, run }: RunSettlementRecord,
  programme: Programme,
): Promise<DisclosedSignal[]> {
  if (!(await hasPanels(store, run, contract.programme))) return []
  const better = Object.fromEntries(programme.measures.map((measure) => [measure.key, measure.better]))
  const { signs, partnerIds } = await readGamingSigns(store, run, contract, better)
  return signalsOf(signs, partnerIds.length).map(({ partner, ...signal }) => ({
    ...signal,
    partnerId: partnerIds[partner]!,
  }))
}
