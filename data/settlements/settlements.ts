/** Settlements and their ledger entries: written in one transaction, posted once, never changed. */
import { createHash } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import {
  brokenLinkOf,
  chained,
  type ChainedEntry,
  entriesOf,
  type LedgerEntry,
  reversalOf,
  standingEntriesOf,
} from '../../engine/ledger/ledger.ts'
import type { Finality, SettlementState } from '../../engine/ledger/lifecycle.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import type { Store } from '../postgres/database.ts'
import type { RunTables } from '../postgres/run-tables.ts'
import { readContract } from '../region/contracts.ts'
import type { Run } from '../runs/runs.ts'
import { appendExcerpts } from './excerpts.ts'
import type { Transaction } from '../postgres/transaction.ts'

export interface StoredSettlement {
  readonly settlementId: string
  readonly runId: string
  readonly contractId: string
  readonly regionId: number
  readonly asOf: Day
  /** the first day of the year of a term that is settled; null: the contract has one period */
  readonly periodStart: Day | null
  readonly preparedBy: string
  /** the last event of its lifecycle (data/settlements/lifecycle.ts has all of them) */
  readonly state: SettlementState
  /** final once it is released as such */
  readonly status: Finality
  readonly releasedBy: string | null
  readonly releasedOn: Day | null
  /** the order in which settlements were appended */
  readonly seq: number
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** Appends a settlement and posts its entries at the head of the ledger; posting it again changes nothing.
 *
 *  It is a correction where the same contract was settled before: its entries in force are reversed first. Where a
 *  later as_of exists already, this one posts its entries and their reversal, as an older state does not replace a newer one.
 *  @param document settlement.json, byte for byte
 *  @returns whether it was posted now
 *  @throws Refusal `settlement_differs` where its id stands already with other content */
export async function appendSettlement(
  { db, client }: Transaction,
  run: Run,
  settlement: Settlement,
  document: string,
  preparedBy: string,
): Promise<boolean> {
  await lockLedger({ client })
  const { settlement_id, contract: contract_id, as_of } = settlement
  const { contract } = await readContract({ db }, run.contractSha256)
  const period_start = periodStartOf(contract)
  const account = { contractId: contract_id, regionId: run.regionId, periodStart: period_start }
  const appended = await db
    .insertInto('settlement')
    .values({
      settlement_id,
      run_id: run.runId,
      contract_id,
      region_id: run.regionId,
      as_of,
      period_start,
      document,
      prepared_by: preparedBy,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (Number(appended.numInsertedOrUpdatedRows) === 0) {
    await refuseOtherContent(db, settlement_id, document)
    return false
  }
  await appendExcerpts({ db }, settlement, contract)
  const standing = await readStanding(db, account)
  const outdated = await isOutdated(db, account, as_of)
  const own = entriesOf(settlement, outdated ? [] : standing)
  const undone = outdated ? own.map((entry) => reversalOf(entry, settlement_id, as_of)) : []
  await post({ db, client }, [...own, ...undone])
  return true
}

/** An id is derived from all inputs: other content under the same id is an error. */
async function refuseOtherContent(db: Transaction['db'], settlementId: string, document: string): Promise<void> {
  const recorded = await db
    .selectFrom('settlement')
    .select('document')
    .where('settlement_id', '=', settlementId)
    .executeTakeFirstOrThrow()
  if (recorded.document !== document)
    throw new Refusal(
      'settlement_differs',
      `Settlement ${settlementId} stands already and says something else; the same inputs must give the same settlement, so nothing is posted. Find out which engine or data made the other one.`,
      { settlementId },
    )
}

/** Serialises postings, as the ledger has one head. Every reader that posts takes this lock first. */
export async function lockLedger({ client }: Pick<Transaction, 'client'>): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtext('ledger'), 0)`)
}

/** Posts entries at the head of the ledger, in a transaction that holds its lock. */
export async function post({ db, client }: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  const links = chained(entries, await ledgerHead({ db }), sha256)
  await client.query(
    `insert into ledger_entry select entry.* from jsonb_populate_recordset(null::ledger_entry, $1) entry order by entry.seq`,
    [JSON.stringify(links)],
  )
}

/** Where the book ends: who keeps this pair can tell later that nothing before it was rewritten. Null: nothing is posted. */
export async function ledgerHead({ db }: Pick<Store, 'db'>): Promise<{ seq: number; hash: string } | null> {
  const { rows } = await sql<{ seq: number; hash: string }>`select seq, hash from ledger_head()`.execute(db)
  return rows[0] ?? null
}

/** What is settled, corrected and paid for itself: a contract in a region, or one year of its term. */
export interface SettledAccount {
  readonly contractId: string
  readonly regionId: number
  /** the first day of the year of the term; null: the contract has one period */
  readonly periodStart: Day | null
}

/** The year of a term that a contract's period is; null without a term. */
export const periodStartOf = ({ term, period }: Pick<Contract, 'term' | 'period'>): Day | null =>
  term === undefined ? null : period.start

/** The entries in force of an account's settlements. */
async function readStanding(db: Transaction['db'], account: SettledAccount): Promise<LedgerEntry[]> {
  return standingEntriesOf(await entriesOfAccount(db, account))
}

/** What the settlements of an account have posted, in the order of the ledger. */
export async function entriesOfAccount(
  db: Transaction['db'],
  { contractId, regionId, periodStart }: SettledAccount,
): Promise<ChainedEntry[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .innerJoin('settlement', 'settlement.settlement_id', 'ledger_entry.settlement_id')
    .selectAll('ledger_entry')
    .where('contract_id', '=', contractId)
    .where('region_id', '=', regionId)
    .where('period_start', 'is not distinct from', periodStart)
    .orderBy('ledger_entry.seq')
    .execute()
  return rows.map(entryOf)
}

async function isOutdated(
  db: Transaction['db'],
  { contractId, regionId, periodStart }: SettledAccount,
  asOf: Day,
): Promise<boolean> {
  const newer = await db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select('settlement.settlement_id')
    .where('contract_id', '=', contractId)
    .where('region_id', '=', regionId)
    .where('period_start', 'is not distinct from', periodStart)
    .where('as_of', '>', asOf)
    .where('state', '<>', 'rejected')
    .limit(1)
    .executeTakeFirst()
  return newer !== undefined
}

const entryOf = (row: Selectable<RunTables['ledger_entry']>): ChainedEntry => ({
  entry_id: row.entry_id,
  settlement_id: row.settlement_id,
  ...(row.payment_id === null ? {} : { payment_id: row.payment_id }),
  account: row.account as LedgerEntry['account'],
  partner_id: row.partner_id,
  insurer: row.insurer,
  debit_cents: row.debit_cents,
  credit_cents: row.credit_cents,
  posted_on: row.posted_on,
  reverses: row.reverses,
  seq: row.seq,
  previous_hash: row.previous_hash,
  hash: row.hash,
})

/** The entries of one settlement, or of the whole book, in their order. */
export async function readLedger(store: Pick<Store, 'db'>, settlementId?: string): Promise<ChainedEntry[]> {
  const all = store.db.selectFrom('ledger_entry').selectAll().orderBy('seq')
  const rows = await (settlementId === undefined ? all : all.where('settlement_id', '=', settlementId)).execute()
  return rows.map(entryOf)
}

/** The entry that breaks the chain of the ledger, or null: none was changed. */
export async function brokenEntry(store: Pick<Store, 'db'>): Promise<ChainedEntry | null> {
  const entries = await readLedger(store)
  return entries[brokenLinkOf(entries, sha256)] ?? null
}

// The document is not among the columns: few may read it, and a list of settlements needs none (`documentOf`).
const settlements = (store: Pick<Store, 'db'>) =>
  store.db
    .selectFrom('settlement')
    .innerJoin('settlement_state', 'settlement_state.settlement_id', 'settlement.settlement_id')
    .select([
      'settlement.settlement_id',
      'settlement.run_id',
      'settlement.contract_id',
      'settlement.region_id',
      'settlement.as_of',
      'settlement.period_start',
      'settlement.prepared_by',
      'settlement.seq',
    ])
    .select(['state', 'finality', 'released_by', 'released_on'])

type StateColumns = Pick<
  Selectable<RunTables['settlement_state']>,
  'state' | 'finality' | 'released_by' | 'released_on'
>

const storedOf = (
  row: Omit<Selectable<RunTables['settlement']>, 'document' | 'insurers'> & StateColumns,
): StoredSettlement => ({
  settlementId: row.settlement_id,
  runId: row.run_id,
  contractId: row.contract_id,
  regionId: row.region_id,
  asOf: row.as_of,
  periodStart: row.period_start,
  preparedBy: row.prepared_by,
  state: row.state,
  status: row.finality ?? 'provisional',
  releasedBy: row.released_by,
  releasedOn: row.released_on,
  seq: row.seq,
})

/** The settlement of that id, or null: there is none, or none that whoever asks may know of. */
export async function findSettlement(store: Pick<Store, 'db'>, settlementId: string): Promise<StoredSettlement | null> {
  const row = await settlements(store).where('settlement.settlement_id', '=', settlementId).executeTakeFirst()
  return row ? storedOf(row) : null
}

/** @throws Refusal `unknown_settlement` */
export async function readSettlement(store: Pick<Store, 'db'>, settlementId: string): Promise<StoredSettlement> {
  const found = await findSettlement(store, settlementId)
  if (found) return found
  throw new Refusal('unknown_settlement', `There is no settlement "${settlementId}"; settle its contract first.`, {
    settlementId,
  })
}

/** settlement.json, byte for byte; for workers, analysts and auditors (`settlement_document` asks who reads).
 *  @throws Refusal `unknown_settlement` */
export async function documentOf(store: Pick<Store, 'db'>, settlementId: string): Promise<string> {
  const { rows } = await sql<{ document: string | null }>`
    select settlement_document(${settlementId}) as document`.execute(store.db)
  const document = rows[0]?.document
  if (document) return document
  throw new Refusal('unknown_settlement', `There is no settlement "${settlementId}"; settle its contract first.`, {
    settlementId,
  })
}

/** The same, parsed. */
export const wholeSettlement = async (store: Pick<Store, 'db'>, settlementId: string): Promise<Settlement> =>
  JSON.parse(await documentOf(store, settlementId)) as Settlement

/** Every settlement, or those of a contract: the latest as_of first, of one as_of the last one made. */
export async function listSettlements(
  store: Pick<Store, 'db'>,
  of: Partial<SettledAccount> & { readonly asOf?: Day } = {},
): Promise<StoredSettlement[]> {
  let query = settlements(store).orderBy('as_of', 'desc').orderBy('settlement.seq', 'desc')
  if (of.contractId !== undefined) query = query.where('contract_id', '=', of.contractId)
  if (of.regionId !== undefined) query = query.where('region_id', '=', of.regionId)
  if (of.periodStart !== undefined) query = query.where('period_start', 'is not distinct from', of.periodStart)
  if (of.asOf !== undefined) query = query.where('as_of', '<=', of.asOf)
  return (await query.execute()).map(storedOf)
}

/** The settlement of a contract that holds on a day: the latest as_of up to it that is not rejected, of the year of the term asked for, or
 *  of the last one settled. Null: none yet. */
export async function settlementAsOf(
  store: Pick<Store, 'db'>,
  of: Omit<SettledAccount, 'periodStart'> & Partial<SettledAccount> & { readonly asOf: Day },
): Promise<StoredSettlement | null> {
  return (await listSettlements(store, of)).find(({ state }) => state !== 'rejected') ?? null
}
