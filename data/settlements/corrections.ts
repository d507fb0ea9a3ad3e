/** Corrections: a settlement recomputed on later knowledge with the frozen models of the settlement that it corrects, for a stated cause. */
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { readSettlement, type StoredSettlement } from './settlements.ts'
import type { Transaction } from '../postgres/transaction.ts'

export const CAUSES = ['late_data', 'ruling', 'defect'] as const
export type Cause = (typeof CAUSES)[number]

export interface Correction {
  /** the settlement that is corrected */
  readonly corrects: string
  readonly cause: Cause
  /** of a ruling: the dispute that was upheld */
  readonly disputeId: number | null
  /** what was late or defective, in words */
  readonly note: string
}

/** The settlement that may be corrected as of a day: of its contract it holds.
 *  @throws Refusal `unknown_settlement`, `corrected_since`, `rejected_settlement`, `as_of_before` */
export async function correctableAsOf(
  store: Pick<Store, 'db'>,
  settlementId: string,
  asOf: Day,
): Promise<StoredSettlement> {
  const settlement = await readSettlement(store, settlementId)
  if (settlement.state === 'rejected')
    throw new Refusal('rejected_settlement', `Settlement ${settlementId} is rejected: settle its contract anew.`)
  if (asOf < settlement.asOf)
    throw new Refusal(
      'as_of_before',
      `Settlement ${settlementId} is as of ${settlement.asOf}; what was known on ${asOf} cannot correct it.`,
    )
  const later = await store.db
    .selectFrom('correction')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'correction.settlement_id')
    .select('correction.settlement_id')
    .where('corrects', '=', settlementId)
    .where('state', '<>', 'rejected')
    .limit(1)
    .executeTakeFirst()
  if (!later) return settlement
  throw new Refusal(
    'corrected_since',
    `Settlement ${settlementId} is corrected by ${later.settlement_id}: correct that.`,
    {
      correctedBy: later.settlement_id,
    },
  )
}

/** Notes why a settlement corrects another, in the transaction that appends it. */
export async function appendCorrection(
  { db }: Pick<Transaction, 'db'>,
  settlementId: string,
  { corrects, cause, disputeId, note }: Correction,
): Promise<void> {
  await db
    .insertInto('correction')
    .values({ settlement_id: settlementId, corrects, cause, dispute_id: disputeId, note })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What a settlement corrects and why, or null where it corrects nothing. */
export async function readCorrection(store: Pick<Store, 'db'>, settlementId: string): Promise<Correction | null> {
  const row = await store.db
    .selectFrom('correction')
    .selectAll()
    .where('settlement_id', '=', settlementId)
    .executeTakeFirst()
  return row ? { corrects: row.corrects, cause: row.cause as Cause, disputeId: row.dispute_id, note: row.note } : null
}

/** The released settlement of a contract that is older than a day, if there is one: it is corrected instead of settled again. */
export async function releasedBefore(
  store: Pick<Store, 'db'>,
  of: { readonly contractId: string; readonly regionId: number; readonly asOf: Day },
): Promise<string | null> {
  const row = await store.db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select('settlement.settlement_id')
    .where('contract_id', '=', of.contractId)
    .where('region_id', '=', of.regionId)
    .where('as_of', '<', of.asOf)
    .where('released_on', 'is not', null)
    .orderBy('as_of', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.settlement_id ?? null
}

/** Gives a run the frozen models of another, without training. */
export async function adoptModels(store: Pick<Store, 'pool'>, runId: string, from: string): Promise<void> {
  await store.pool.query(
    `insert into run_model (run_id, measure, model_id) select $1, measure, model_id from run_model where run_id = $2 on conflict do nothing`,
    [runId, from],
  )
}
