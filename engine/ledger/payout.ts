/** What is paid out on a settlement: what is owed less what was paid before, and the advances that a final one is set off against. */
import type { Cents } from '../kernel/money.ts'
import { advanceCentsOf } from '../settlement/bundled.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Contract } from '../contract/contract.ts'
import { type LedgerEntry, reversalOf, standingEntriesOf } from './ledger.ts'
import type { Finality } from './lifecycle.ts'
import { invariant } from '../kernel/refusal.ts'
import type { Settlement } from '../settlement/statement.ts'

/** One partner's line, in cents: `due` is what is paid now; below 0 the partner pays back. */
export interface PayoutLine {
  readonly partner_id: string
  readonly owed_cents: Cents
  readonly before_cents: Cents
  readonly due_cents: Cents
}

/** A payment under its own id. */
export interface Payment {
  readonly paymentId: string
  readonly paidOn: Day
}

/** What each partner has been paid, advances and settlements alike: debits less credits of the advances account, reversals
 *  (which set off, and move no money) left out. */
export function paidBefore(payments: readonly LedgerEntry[]): Map<string, Cents> {
  const paid = new Map<string, number>()
  for (const { account, reverses, partner_id, debit_cents, credit_cents } of payments)
    if (account === 'advances' && reverses === null)
      paid.set(partner_id, (paid.get(partner_id) ?? 0) + debit_cents - credit_cents)
  return paid
}

/** The lines of a settlement, in order of partner_id; partners that were paid before and owed nothing now are among them.
 *  A final settlement pays payment_cents less what was paid before, in either direction. A provisional one pays the advance
 *  share of it, rounded half away from zero, and takes nothing back. */
export function payoutOf(
  settlement: Pick<Settlement, 'partners'>,
  bundled: Contract['bundled'],
  finality: Finality,
  before: ReadonlyMap<string, Cents>,
): PayoutLine[] {
  const owed = new Map(
    settlement.partners.map(({ partner_id, payment_cents }) => [
      partner_id,
      finality === 'final' ? payment_cents : advanceCentsOf(bundled, payment_cents),
    ]),
  )
  const partners = [...new Set([...owed.keys(), ...before.keys()])].sort()
  return partners.map((partner_id) => {
    const [owed_cents, before_cents] = [owed.get(partner_id) ?? 0, before.get(partner_id) ?? 0]
    const difference = owed_cents - before_cents
    const due_cents = finality === 'final' ? difference : Math.max(0, difference)
    return { partner_id, owed_cents, before_cents, due_cents }
  })
}

/** The entries of a payment: coalition -> advances for every line; a final one then sets off all that stands there, which
 *  the settlement's own entries have moved from the coalition to the partner.
 *  @param payments entries of the contract's earlier payments */
export function entriesOfPayment(
  payment: Payment,
  lines: readonly PayoutLine[],
  finality: Finality,
  payments: readonly LedgerEntry[],
): LedgerEntry[] {
  const paid = lines.filter(({ due_cents }) => due_cents !== 0).flatMap((line, at) => pairOf(payment, line, at + 1))
  if (finality === 'provisional') return paid
  const setOff = standingEntriesOf([...payments, ...paid]).map((entry): LedgerEntry => ({
    ...reversalOf(entry, payment.paymentId, payment.paidOn),
    settlement_id: null,
    payment_id: payment.paymentId,
  }))
  const balance = [...payments, ...paid, ...setOff].reduce(
    (sum, { account, debit_cents, credit_cents }) => sum + (account === 'advances' ? debit_cents - credit_cents : 0),
    0,
  )
  invariant(balance === 0, 'a final payment leaves no advance standing')
  return [...paid, ...setOff]
}

function pairOf({ paymentId, paidOn }: Payment, { partner_id, due_cents }: PayoutLine, place: number): LedgerEntry[] {
  const cents = Math.abs(due_cents)
  const side = (account: 'advances' | 'coalition', debit: boolean): LedgerEntry => ({
    entry_id: `${paymentId}.${place}.${debit ? 'debit' : 'credit'}`,
    settlement_id: null,
    payment_id: paymentId,
    account,
    partner_id,
    insurer: '',
    debit_cents: debit ? cents : 0,
    credit_cents: debit ? 0 : cents,
    posted_on: paidOn,
    reverses: null,
  })
  return due_cents > 0
    ? [side('advances', true), side('coalition', false)]
    : [side('coalition', true), side('advances', false)]
}
