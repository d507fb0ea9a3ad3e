/** Payments: advances of quarter days and what each insurer pays on a settlement, posted once under the id of what they pay. Amounts paid
 *  are not stored separately, but read from the entries of the ledger. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import {
  entriesOfAdvances,
  entriesOfPayment,
  type Paid,
  paidIn,
  type PaymentEntry,
  type PayoutLine,
  payoutOf,
  type SetOff,
  setOffsOf,
} from '../../engine/ledger/payout.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import { readContract } from '../region/contracts.ts'
import type { Store } from '../postgres/database.ts'
import { readRun } from '../runs/runs.ts'
import { actDay } from './act-day.ts'
import { lockLedger, post, type SettledAccount, type StoredSettlement } from './settlements.ts'
import { inTransaction, type Transaction } from '../postgres/transaction.ts'

interface ContractOf {
  readonly contractId: string
  readonly regionId: number
}

/** One insurer's share, paid by somebody on a day. */
export interface SharePayment {
  readonly insurer: string
  readonly by: string
  readonly on: Day
}

/** Pays one insurer's share of a settlement. In a transaction that holds the ledger's lock. */
export async function payShare(
  transaction: Transaction,
  settlement: StoredSettlement,
  { insurer, by, on }: SharePayment,
): Promise<void> {
  const { settlementId, contractId, regionId } = settlement
  // The whole document: an insurer that pays in its own name does not read it.
  const { document } = await transaction.db
    .selectFrom('settlement')
    .select('document')
    .where('settlement_id', '=', settlementId)
    .executeTakeFirstOrThrow()
  const lines = await readPayout(transaction, settlement, JSON.parse(document) as Settlement)
  const paymentId = idOf({ settlement: settlementId, insurer })
  await transaction.db
    .insertInto('payment')
    .values({
      payment_id: paymentId,
      contract_id: contractId,
      region_id: regionId,
      settlement_id: settlementId,
      insurer,
      paid_by: by,
      paid_on: on,
    })
    .execute()
  const own = lines.filter((line) => line.insurer === insurer)
  await post(transaction, entriesOfPayment({ paymentId, paidOn: on }, own))
}

/** Who may pay on a settlement: the insurers with a share of it, and those that paid before on its contract and have none any more. */
export async function payableInsurers(
  store: Pick<Store, 'db'>,
  settlement: StoredSettlement,
  insurers: readonly string[],
): Promise<string[]> {
  const before = (await paidBefore(store, settlement)).map(({ insurer }) => insurer).filter((insurer) => insurer !== '')
  return [...new Set([...insurers, ...before])].sort()
}

/** What each insurer pays each partner on a settlement: as paid, or as it would be paid today if released as it stands.
 *  @param document whole, or of the partner that asks */
export async function readPayout(
  store: Pick<Store, 'db'>,
  settlement: StoredSettlement,
  document: Settlement,
): Promise<PayoutLine[]> {
  const { bundled } = await contractOf(store, settlement)
  // Not released yet: shown as a final payment.
  const finality = settlement.releasedBy === null ? 'final' : settlement.status
  return payoutOf(document, bundled, finality, await paidBefore(store, settlement))
}

/** How far the advances that were paid of the contract go towards each partner's bundled sum.
 *  @param document whole, or of the partner that asks */
export async function readSetOffs(
  store: Pick<Store, 'db'>,
  settlement: StoredSettlement,
  document: Settlement,
): Promise<SetOff[]> {
  return setOffsOf(document, await paidBefore(store, settlement))
}

/** What was paid of the contract before the settlement's own first payment: so no share depends on which was paid first. */
async function paidBefore(store: Pick<Store, 'db'>, settlement: StoredSettlement): Promise<Paid[]> {
  const own = await store.db
    .selectFrom('payment')
    .select(({ fn }) => fn.min('seq').as('first'))
    .where('settlement_id', '=', settlement.settlementId)
    .executeTakeFirst()
  const { contractId, regionId, periodStart } = settlement
  const entries = await paymentEntries(store, { contractId, regionId, periodStart }, own?.first ?? undefined)
  return paidIn(entries, await settledAtOnce(store, settlement, own?.first ?? null))
}

async function contractOf(store: Pick<Store, 'db'>, { runId }: StoredSettlement): Promise<Contract> {
  const { contractSha256 } = await readRun(store, runId)
  return (await readContract(store, contractSha256)).contract
}

export interface AdvanceOrder extends ContractOf {
  readonly contract: Pick<Contract, 'attribution'>
  /** the quarter day that the advance is for */
  readonly quarterDay: Day
  /** in order of partner_id; 0 cents post nothing */
  readonly partners: readonly { readonly partner_id: string; readonly cents: number }[]
  readonly by: string
}

/** Pays the advances of a quarter day; the same quarter day of a contract is paid once.
 *  @returns whether it was paid now
 *  @throws Refusal `advance_differs` where that quarter day was paid with other amounts */
export async function payAdvance(store: Pick<Store, 'pool'>, order: AdvanceOrder): Promise<boolean> {
  const { contractId, regionId, quarterDay, partners, by, contract } = order
  return await inTransaction(store, async (transaction) => {
    await lockLedger(transaction)
    const on = await actDay(transaction)
    const paymentId = idOf({ contract: contractId, region: regionId, advance: quarterDay })
    const into = contract.attribution.length === 0 ? 'partner' : 'chain'
    const entries = entriesOfAdvances({ paymentId, paidOn: on }, partners, into)
    const appended = await transaction.db
      .insertInto('payment')
      .values({
        payment_id: paymentId,
        contract_id: contractId,
        region_id: regionId,
        advance_on: quarterDay,
        paid_by: by,
        paid_on: on,
      })
      .onConflict((conflict) => conflict.column('payment_id').doNothing())
      .executeTakeFirst()
    if (Number(appended.numInsertedOrUpdatedRows) > 0) {
      await post(transaction, entries)
      return true
    }
    const before = await entriesOf(transaction, paymentId)
    if (canonicalJson(byPartner(before)) === canonicalJson(byPartner(entries))) return false
    throw new Refusal(
      'advance_differs',
      `The advances of contract ${contractId} for ${quarterDay} were paid before, with other amounts; what was paid is set off against the bundled sum when that is settled.`,
      { contractId, quarterDay },
    )
  })
}

const byPartner = (entries: readonly PaymentEntry[]): Record<string, number> =>
  Object.fromEntries(paidIn(entries).map(({ partner_id, cents }) => [partner_id, cents]))

const idOf = (what: Readonly<Record<string, string | number>>): string =>
  createHash('sha256')
    .update(canonicalJson({ payment: what }))
    .digest('hex')

const PAYMENT_COLUMNS = [
  'ledger_entry.payment_id',
  'account',
  'partner_id',
  'ledger_entry.insurer',
  'debit_cents',
  'credit_cents',
  'reverses',
] as const

/** The entries of an account's payments, those before a payment (by seq) or all: of its settlements, and the advances of its days. */
async function paymentEntries(
  { db }: Pick<Store, 'db'>,
  { contractId, regionId, periodStart }: SettledAccount,
  before?: number,
): Promise<PaymentEntry[]> {
  let query = db
    .selectFrom('ledger_entry')
    .innerJoin('payment', 'payment.payment_id', 'ledger_entry.payment_id')
    .select(PAYMENT_COLUMNS)
    .where('payment.contract_id', '=', contractId)
    .where('payment.region_id', '=', regionId)
    .where(
      sql<boolean>`case when payment.settlement_id is null
      then ${periodStart}::date is null or payment.advance_on >= ${periodStart}::date and payment.advance_on < ${periodStart}::date + interval '1 year'
      else (select period_start from settlement s where s.settlement_id = payment.settlement_id) is not distinct from ${periodStart}::date end`,
    )
    .orderBy('ledger_entry.seq')
  if (before !== undefined) query = query.where('payment.seq', '<', before)
  return (await query.execute()).map(paymentEntryOf)
}

const paymentEntryOf = (row: Omit<PaymentEntry, 'account'> & { readonly account: string }): PaymentEntry => ({
  ...row,
  account: row.account as PaymentEntry['account'],
})

/** By partner, how the last settlement that was paid for all insurers at once divides it over them; none where none was.
 *  @param before the seq of a payment; null: all */
export async function settledAtOnce(
  { db }: Pick<Store, 'db'>,
  { contractId, regionId }: ContractOf,
  before: number | null,
): Promise<Map<string, Settlement['partners'][number]['insurers']>> {
  const { rows } = await sql<{ partner_id: string; insurer: string; cents: number }>`
    select l.partner_id, l.insurer, (l.credit_cents - l.debit_cents) as cents
      from ledger_entry l
     where l.account = 'insurer' and l.reverses is null and l.settlement_id = (
       select p.settlement_id from payment p
        where p.contract_id = ${contractId} and p.region_id = ${regionId} and p.settlement_id is not null and p.insurer = ''
          and (${before}::bigint is null or p.seq < ${before})
        order by p.seq desc limit 1)
     order by l.partner_id collate "C", l.insurer collate "C"`.execute(db)
  const shares = new Map<string, { insurer: string; cents: number }[]>()
  for (const { partner_id, insurer, cents } of rows)
    shares.set(partner_id, [...(shares.get(partner_id) ?? []), { insurer, cents }])
  return shares
}

async function entriesOf({ db }: Pick<Store, 'db'>, paymentId: string): Promise<PaymentEntry[]> {
  const rows = await db
    .selectFrom('ledger_entry')
    .select(PAYMENT_COLUMNS)
    .where('payment_id', '=', paymentId)
    .orderBy('seq')
    .execute()
  return rows.map(paymentEntryOf)
}
