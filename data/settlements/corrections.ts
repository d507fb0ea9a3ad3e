/** Corrections: a settlement recomputed on later knowledge with the frozen models of the settlement that it corrects, for a stated cause. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { readSettlement, type SettledAccount, type StoredSettlement } from './settlements.ts'
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

/** The settlement that may be corrected as of a day: of its contract it holds, or it was rejected and nothing later stands.
 *  @throws Refusal `unknown_settlement`, `corrected_since`, `rejected_settlement`, `as_of_before` */
export async function correctableAsOf(
  store: Pick<Store, 'db'>,
  settlementId: string,
  asOf: Day,
): Promise<StoredSettlement> {
  const settlement = await readSettlement(store, settlementId)
  if (settlement.state === 'rejected' && (await isSucceeded(store, settlement)))
    throw new Refusal(
      'rejected_settlement',
      `Settlement ${settlementId} is rejected, and a later one of its contract stands.`,
    )
  if (asOf < settlement.asOf)
    throw new Refusal(
      'as_of_before',
      `Settlement ${settlementId} is as of ${settlement.asOf}; what was known on ${asOf} cannot correct it.`,
    )
  const { rows } = await sql<{ settlement_id: string }>`
    with recursive later as (
      select settlement_id from correction where corrects = ${settlementId}
      union select c.settlement_id from correction c join later on c.corrects = later.settlement_id)
    select settlement_id from later join settlement_state using (settlement_id) where state <> 'rejected' limit 1`.execute(
    store.db,
  )
  const [later] = rows
  if (!later) return settlement
  throw new Refusal(
    'corrected_since',
    `Settlement ${settlementId} is corrected by ${later.settlement_id}: correct that.`,
    {
      correctedBy: later.settlement_id,
    },
  )
}

/** Whether a settlement of the same contract was made after this one and stands. */
async function isSucceeded(
  { db }: Pick<Store, 'db'>,
  { settlementId, contractId, regionId, periodStart }: StoredSettlement,
): Promise<boolean> {
  const { rows } = await sql`
    select from settlement this join settlement later using (contract_id, region_id) join settlement_state st on st.settlement_id = later.settlement_id
     where this.settlement_id = ${settlementId} and contract_id = ${contractId} and region_id = ${regionId}
       and later.period_start is not distinct from ${periodStart}::date and later.seq > this.seq and st.state <> 'rejected' limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** The last rejected attempt to correct a settlement as of a day, each a correction of the one before; the settlement itself where there is
 *  none. */
export async function lastRejectedOf(store: Pick<Store, 'db'>, settlementId: string, asOf: Day): Promise<string> {
  const { rows } = await sql<{ settlement_id: string }>`
    with recursive attempt as (
      select ${settlementId}::text as settlement_id, 0 as place
      union all
      select c.settlement_id, place + 1
        from correction c join attempt on c.corrects = attempt.settlement_id
        join settlement s on s.settlement_id = c.settlement_id join settlement_state st on st.settlement_id = c.settlement_id
       where s.as_of = ${asOf} and st.state = 'rejected')
    select settlement_id from attempt order by place desc, settlement_id limit 1`.execute(store.db)
  return rows[0]?.settlement_id ?? settlementId
}

/** The settlement that corrects because of a dispute and is not rejected; null: none yet. */
export async function correctionOf(store: Pick<Store, 'db'>, disputeId: number): Promise<string | null> {
  const row = await store.db
    .selectFrom('correction')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'correction.settlement_id')
    .select('correction.settlement_id')
    .where('dispute_id', '=', disputeId)
    .where('state', '<>', 'rejected')
    .executeTakeFirst()
  return row?.settlement_id ?? null
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

/** The released settlement of a contract, or of a year of its term, that is older than a day, if there is one: it is corrected instead of
 *  settled again. */
export async function releasedBefore(
  store: Pick<Store, 'db'>,
  of: SettledAccount & { readonly asOf: Day },
): Promise<string | null> {
  const row = await store.db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select('settlement.settlement_id')
    .where('contract_id', '=', of.contractId)
    .where('region_id', '=', of.regionId)
    .where('period_start', 'is not distinct from', of.periodStart)
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
    `insert into run_model (run_id, measure, years_elapsed, model_id) select $1, measure, years_elapsed, model_id from run_model where run_id = $2 on conflict do nothing`,
    [runId, from],
  )
}
