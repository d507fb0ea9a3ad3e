/** A settlement as it was stored, with everything that explains it: its contract, and for the statement names, units and cards. */
import { readContract } from '../../data/region/contracts.ts'
import { hasPanels, readDifference, settlementBefore } from '../../data/settlements/differences.ts'
import type { Store } from '../../data/postgres/database.ts'
import { readGamingSigns } from '../../data/runs/gaming-signs.ts'
import { readDrift } from '../../data/runs/drift.ts'
import { readRunModels } from '../../data/runs/models.ts'
import { practiceSizesOf } from '../../data/runs/practice-sizes.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import { readPartners } from '../../data/region/regions.ts'
import { lastDecision } from '../../data/settlements/model-registry.ts'
import { releaseObstacles } from '../../data/settlements/release-obstacles.ts'
import { readRun, type Run } from '../../data/runs/runs.ts'
import { listSettlements, readSettlement, type StoredSettlement } from '../../data/settlements/settlements.ts'
import type { Owner } from '../../data/postgres/tokens.ts'
import { signalsOf } from '../../engine/gaming/signals.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { reportCardOf } from '../report/elements/card.ts'
import type { ToldSignal } from '../report/sections/gaming-section.ts'
import type { ReportInput } from '../report/elements/view.ts'
import { differenceFor, type ToldDifference } from './difference.ts'
import { maySee, noSettlement, type Settled } from './role-view.ts'

export interface SettledRun extends Settled {
  readonly run: Run
  readonly stored: StoredSettlement
}

/** A settlement that the reader may see.
 *  @throws Refusal `unknown_settlement`, whether there is none or it is none of the reader's business */
export async function readSettled(store: Store, reader: Owner, settlementId: string): Promise<SettledRun> {
  const stored = await readSettlement(store, settlementId)
  const settled = await withContract(store, stored)
  if (!maySee(reader, settled)) throw noSettlement(settlementId)
  return settled
}

async function withContract(store: Store, stored: StoredSettlement): Promise<SettledRun> {
  const run = await readRun(store, stored.runId)
  const { contract } = await readContract(store, run.contractSha256)
  const held = stored.status === 'final' ? [] : await releaseObstacles(store, stored.settlementId)
  return { settlement: documentOf(stored), contract, status: stored.status, held, run, stored }
}

const documentOf = ({ document }: StoredSettlement): Settlement => JSON.parse(document) as Settlement

/** The settlements that the reader may see, the latest as_of first. */
export async function listSettled(
  store: Store,
  reader: Owner,
  of: Parameters<typeof listSettlements>[1],
): Promise<{ readonly stored: StoredSettlement; readonly settlement: Settlement }[]> {
  return (await listSettlements(store, of))
    .map((stored) => ({ stored, settlement: documentOf(stored) }))
    .filter((each) => maySee(reader, each))
}

/** What the statement of a settlement is written from. */
export async function reportInputOf(store: Store, settled: SettledRun): Promise<ReportInput> {
  const { settlement, contract, status, stored, held, run } = settled
  const programme = (await regionProgrammes(store.pool, run.regionId, run.asOf)).get(contract.programme)
  invariant(programme, 'a contract that was settled has a programme')
  const partners = await readPartners(store.pool, run.regionId, run.asOf)
  const models = await readRunModels(store, run.runId)
  const states = await Promise.all(
    models.map(async ({ measure, modelId }) => [measure, await lastDecision(store, modelId)] as const),
  )
  const practices = await practiceSizesOf(store, run, contract.minPatients)
  return {
    settlement,
    contract,
    programme,
    status,
    difference: await differenceBefore(store, settled),
    signals: await signalsIn(store, settled, programme),
    state: stored.state,
    held,
    states: Object.fromEntries(states),
    drift: await readDrift(store, run.runId),
    practices: Object.fromEntries(practices.map(({ partnerId, ...sizes }) => [partnerId, sizes])),
    cards: models.map(({ card }) => reportCardOf(card)),
    partnerNames: Object.fromEntries(partners.map(({ partnerId, name }) => [partnerId, name])),
  }
}

/** What changed since the settlement before, as far as it was found. */
async function differenceBefore(store: Store, settled: SettledRun): Promise<ToldDifference | null> {
  const before = await settlementBefore(store, settled.stored)
  if (!before) return null
  const difference = await readDifference(store, before.settlementId, settled.stored.settlementId)
  if (!difference) return null
  const ends = [await withContract(store, before), settled] as const
  return differenceFor({ role: 'analyst', subject: '' }, ends, difference)
}

/** What the gaming detectors see in the run's panels; nothing where those are no longer in the store. */
async function signalsIn(store: Store, { contract, run }: SettledRun, programme: Programme): Promise<ToldSignal[]> {
  if (!(await hasPanels(store, run, contract.programme))) return []
  const better = Object.fromEntries(programme.measures.map((measure) => [measure.key, measure.better]))
  const { signs, partnerIds } = await readGamingSigns(store, run, contract, better)
  return signalsOf(signs, partnerIds.length).map(({ partner, ...signal }) => ({
    ...signal,
    partnerId: partnerIds[partner]!,
  }))
}
