/** Payments: advances of quarter days and what a settlement pays, posted once under the id of what they pay. Amounts paid
 *  are not stored separately, but read from the entries of the ledger. */
import { createHash } from 'node:crypto'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import type { ChainedEntry, LedgerEntry } from '../../engine/ledger/ledger.ts'
import { entriesOfPayment, paidBefore, type PayoutLine, payoutOf } from '../../engine/ledger/payout.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readContract } from '../region/contracts.ts'
import type { Store } from '../postgres/database.ts'
import { readRun } from '../runs/runs.ts'
import { entryOf, lockLedger, post, wholeSettlement, type StoredSettlement } from './settlements.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

export interface PaidBy {
  readonly by: string
  readonly on: Day
}

interface ContractOf {
  readonly contractId: string
  readonly regionId: number
}

/** Pays a settlement: what is owed less what was paid before. In a transaction that holds the ledger's lock and writes the event. */
export async function payOut(transaction: Transaction, settlement: StoredSettlement, paid: PaidBy): Promise<void> {
  const { settlementId, contractId, regionId, status } = settlement
  const payments = await paymentEntries(transaction, settlement)
  const document = await wholeSettlement(transaction, settlementId)
  const lines = await linesOf(transaction, settlement, document, payments)
  const paymentId = idOf({ settlement: settlementId })
  await transaction.db
    .insertInto('payment')
    .values({
      payment_id: paymentId,
      contract_id: contractId,
      region_id: regionId,
      settlement_id: settlementId,
      paid_by: paid.by,
      paid_on: paid.on,
    })
    .execute()
  await post(transaction, entriesOfPayment({ paymentId, paidOn: paid.on }, lines, status, payments))
}

/** What a settlement pays each partner: as paid, or as it would be paid today if released as it stands.
 *  @param document whole, or of the partner that asks */
export async function readPayout(
  store: Pick<Store, 'db'>,
  settlement: StoredSettlement,
  document: Settlement,
): Promise<PayoutLine[]> {
  const own = await store.db
    .selectFrom('payment')
    .select('seq')
    .where('settlement_id', '=', settlement.settlementId)
    .executeTakeFirst()
  return await linesOf(store, settlement, document, await paymentEntries(store, settlement, own?.seq))
}

async function linesOf(
  store: Pick<Store, 'db'>,
  settlement: StoredSettlement,
  document: Settlement,
  payments: readonly LedgerEntry[],
): Promise<PayoutLine[]> {
  const { runId, status } = settlement
  const { contractSha256 } = await readRun(store, runId)
  const { contract } = await readContract(store, contractSha256)
  // Not released yet: shown as a final payment.
  const finality = settlement.releasedBy === null ? 'final' : status
  return payoutOf(document, contract.bundled, finality, paidBefore(payments))
}

export interface AdvanceOrder extends ContractOf {
  /** the quarter day that the advance is for */
  readonly quarterDay: Day
  /** in order of partner_id; 0 cents post nothing */
  readonly partners: readonly { readonly partner_id: string; readonly cents: number }[]
}

/** Pays the advances of a quarter day; the same quarter day of a contract is paid once.
 *  @returns whether it was paid now
 *  @throws Refusal `advance_differs` where that quarter day was paid with other amounts */
export async function payAdvance(
  store: Pick<Store, 'pool'>,
  { contractId, regionId, quarterDay, partners }: AdvanceOrder,
  paid: PaidBy,
): Promise<boolean> {
  return await inTransaction(store, async (transaction) => {
    await lockLedger(transaction)
    const paymentId = idOf({ contract: contractId, region: regionId, advance: quarterDay })
    const lines = partners.map(({ partner_id, cents }): PayoutLine => {
      return { partner_id, owed_cents: cents, before_cents: 0, due_cents: cents }
    })
    const entries = entriesOfPayment({ paymentId, paidOn: paid.on }, lines, 'provisional', [])
    const appended = await transaction.db
      .insertInto('payment')
      .values({
        payment_id: paymentId,
        contract_id: contractId,
        region_id: regionId,
        advance_on: quarterDay,
        paid_by: paid.by,
        paid_on: paid.on,
      })
      .onConflict((conflict) => conflict.column('payment_id').doNothing())
      .executeTakeFirst()
    if (Number(appended.numInsertedOrUpdatedRows) > 0) {
      await post(transaction, entries)
      return true
    }
    const before = paidBefore(await entriesOf(transaction, paymentId))
    if (canonicalJson(Object.fromEntries(before)) === canonicalJson(Object.fromEntries(paidBefore(entries))))
      return false
    throw new Refusal(
      'advance_differs',
      `The advances of contract ${contractId} for ${quarterDay} were paid before, with other amounts; a final settlement sets off what was paid.`,
      { contractId, quarterDay },
    )
  })
}

const idOf = (what: Readonly<Record<string, string | number>>): string =>
  createHash('sha256')
    .update(canonicalJson({ payment: what }))
    .digest('hex')

/** The entries of a contract's payments, those before a payment (by seq) or all. */
async function paymentEntries(
  { db }: Pick<Store, 'db'>,
  { contractId, regionId }: ContractOf,
  before?: number,
): Promise<ChainedEntry[]> {
  let query = db
    .selectFrom('ledger_entry')
    .innerJoin('payment', 'payment.payment_id', 'ledger_entry.payment_id')
    .selectAll('ledger_entry')
    .where('payment.contract_id', '=', contractId)
    .where('payment.region_id', '=', regionId)
    .orderBy('ledger_entry.seq')
  if (before !== undefined) query = query.where('payment.seq', '<', before)
  return (await query.execute()).map(entryOf)
}

async function entriesOf({ db }: Pick<Store, 'db'>, paymentId: string): Promise<ChainedEntry[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .selectAll()
    .where('payment_id', '=', paymentId)
    .orderBy('seq')
    .execute()
  return rows.map(entryOf)
}
