/** How far a settlement is: its events, and which insurers have approved and paid their share. */
import { sql } from 'kysely'
import type { Approval, Lifecycle, SharePaid, Standing } from '../../engine/ledger/lifecycle.ts'
import type { Store } from '../postgres/database.ts'
import type { StoredSettlement } from './settlements.ts'

type Of = Pick<StoredSettlement, 'settlementId' | 'preparedBy' | 'asOf'>

/** The lifecycle of a settlement: who prepared it, as known on which day, and every event since. */
export async function readLifecycle(
  store: Pick<Store, 'db'>,
  { settlementId, preparedBy, asOf }: Of,
): Promise<Lifecycle> {
  const events = await store.db
    .selectFrom('settlement_event')
    .select(['state', 'acted_by as by', 'acted_on as on', 'note', 'finality'])
    .where('settlement_id', '=', settlementId)
    .orderBy('step')
    .execute()
  return [{ state: 'prepared', by: preparedBy, on: asOf, note: '', finality: null }, ...events]
}

/** The same with the shares; to an insurer its own share alone. */
export const readStanding = async (store: Pick<Store, 'db'>, settlement: Of): Promise<Standing> =>
  await standingOf(store, settlement, await insurersShown(store, settlement.settlementId))

/** The same with every share, for whoever acts with the rights of a worker. */
export async function wholeStanding(store: Pick<Store, 'db'>, settlement: Of): Promise<Standing> {
  const { insurers } = await store.db
    .selectFrom('settlement')
    .select('insurers')
    .where('settlement_id', '=', settlement.settlementId)
    .executeTakeFirstOrThrow()
  return await standingOf(store, settlement, [...insurers].sort())
}

async function standingOf(store: Pick<Store, 'db'>, settlement: Of, insurers: readonly string[]): Promise<Standing> {
  const { settlementId } = settlement
  const lifecycle = await readLifecycle(store, settlement)
  return {
    lifecycle,
    insurers,
    approvals: await approvalsOf(store, settlementId),
    payments: await paymentsOf(store, settlementId, insurers),
  }
}

/** Whose insured a settlement is about, in order: each has a share of it. */
async function insurersShown(store: Pick<Store, 'db'>, settlementId: string): Promise<string[]> {
  const { rows } = await sql<{ insurers: string[] | null }>`
    select settlement_insurers(${settlementId}) as insurers`.execute(store.db)
  return [...(rows[0]?.insurers ?? [])].sort()
}

async function approvalsOf(store: Pick<Store, 'db'>, settlementId: string): Promise<Approval[]> {
  return await store.db
    .selectFrom('settlement_approval')
    .select(['insurer', 'acted_by as by', 'acted_on as on', 'note', 'finality'])
    .where('settlement_id', '=', settlementId)
    .orderBy('seq')
    .execute()
}

/** A payment of before shares were paid apart paid all of them. */
async function paymentsOf(
  store: Pick<Store, 'db'>,
  settlementId: string,
  insurers: readonly string[],
): Promise<SharePaid[]> {
  const rows = await store.db
    .selectFrom('payment')
    .select(['insurer', 'paid_by as by', 'paid_on as on'])
    .where('settlement_id', '=', settlementId)
    .orderBy('seq')
    .execute()
  return rows.flatMap((row) => (row.insurer === '' ? insurers.map((insurer) => ({ ...row, insurer })) : [row]))
}
