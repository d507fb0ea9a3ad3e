/** What is paid on a settlement, insurer by insurer: what is owed less what was paid before; and, apart from it, how far the advances of segment 2
 *  go towards its bundled sum. The two systems stand side by side: nothing of the one is set off against the other (method.md 6). */
import { allocated } from '../kernel/allocation.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import type { Contract } from '../contract/contract.ts'
import { advanceCentsOf } from '../settlement/bundled.ts'
import type { Settlement } from '../settlement/statement.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Finality } from './lifecycle.ts'

/** What somebody has paid a partner of a contract, all payments together, in cents. */
export interface Paid {
  readonly partner_id: string
  /** '': the coalition, an advance on the bundled tariff of segment 2; else for health gain */
  readonly insurer: string
  readonly cents: Cents
}

/** What one insurer pays one partner, in cents. */
export interface PayoutLine {
  readonly insurer: string
  readonly partner_id: string
  readonly owed_cents: Cents
  /** what it has paid before for health gain */
  readonly before_cents: Cents
  /** what is paid now; below 0 the partner pays back */
  readonly due_cents: Cents
  /** the account that it is paid into: that of the chain where a settlement divides payments over it */
  readonly into: PaidInto
}

export type PaidInto = 'partner' | 'chain'

/** A payment under its own id. */
export interface Payment {
  readonly paymentId: string
  readonly paidOn: Day
}

type Shares = Settlement['partners'][number]['insurers']

/** The lines of a settlement, in order of partner_id and insurer; partners and insurers with something paid before and nothing owed now are
 *  among them.
 *
 *  A final settlement pays each insurer's cents less what it paid before, in either direction. A provisional one pays the advance share of
 *  it, rounded half away from zero over all insurers, and takes nothing back. Advances on the bundled tariff do not come into it. What an insurer
 *  pays does not depend on whether another has paid.
 *  @param before all that was paid of the contract before the settlement's first payment */
export function payoutOf(
  settlement: Pick<Settlement, 'partners'>,
  bundled: Contract['bundled'],
  finality: Finality,
  before: readonly Paid[],
): PayoutLine[] {
  const forGain = before.filter(({ insurer }) => insurer !== '')
  const divides = settlement.partners.some(({ attribution }) => attribution.length > 0)
  const ids = [
    ...settlement.partners.map(({ partner_id }) => partner_id),
    ...forGain.map(({ partner_id }) => partner_id),
  ]
  return [...new Set(ids)].sort().flatMap((partner_id) => {
    const partner = settlement.partners.find((each) => each.partner_id === partner_id)
    const isDivided = partner === undefined ? divides : partner.attribution.length > 0
    const into = isDivided ? 'chain' : 'partner'
    const paid = forGain.filter((each) => each.partner_id === partner_id)
    const owed = owedOf(partner, bundled, finality)
    const insurers = [...new Set([...owed, ...paid].map(({ insurer }) => insurer))].sort()
    return insurers.map((insurer) => {
      const before_cents = sumOf(paid.filter((each) => each.insurer === insurer))
      const owed_cents = owed.find((each) => each.insurer === insurer)?.cents ?? 0
      const due = owed_cents - before_cents
      const due_cents = finality === 'final' ? due : Math.max(0, due)
      return { insurer, partner_id, owed_cents, before_cents, due_cents, into }
    })
  })
}

/** The advances of a partner against its bundled sum, in cents. */
export interface SetOff {
  readonly partner_id: string
  /** of the period, as settled */
  readonly bundled_cents: Cents
  readonly advanced_cents: Cents
  /** bundled sum less advances: still to be invoiced; below 0: to be paid back of the tariff */
  readonly remainder_cents: Cents
}

/** Every partner with advances, in order of partner_id; what it gained moves nothing of it.
 *  @param before all that was paid of the contract */
export function setOffsOf(settlement: Pick<Settlement, 'partners'>, before: readonly Paid[]): SetOff[] {
  const advances = before.filter(({ insurer }) => insurer === '')
  return [...new Set(advances.map(({ partner_id }) => partner_id))].sort().map((partner_id) => {
    const bundled_cents = settlement.partners.find((each) => each.partner_id === partner_id)?.bundled_cents ?? 0
    const advanced_cents = sumOf(advances.filter((each) => each.partner_id === partner_id))
    return { partner_id, bundled_cents, advanced_cents, remainder_cents: bundled_cents - advanced_cents }
  })
}

const sumOf = (rows: readonly { readonly cents: Cents }[]): Cents => rows.reduce((sum, { cents }) => sum + cents, 0)

/** Shares that something can be divided by; null where all are of 0 cents. */
const weighty = (shares: Shares | undefined): Shares | null =>
  shares?.some(({ cents }) => cents !== 0) ? shares : null

function owedOf(
  partner: Settlement['partners'][number] | undefined,
  bundled: Contract['bundled'],
  finality: Finality,
): Shares {
  if (!partner) return []
  if (finality === 'final') return partner.insurers
  const cents = advanceCentsOf(bundled, partner.payment_cents)
  const parts = allocated(
    cents,
    partner.insurers.map((share) => Math.abs(share.cents)),
  )
  return partner.insurers.map(({ insurer }, at) => ({ insurer, cents: parts[at]! }))
}

/** The entries of one insurer's payment: what the partner gets out of what the insurer owes.
 *  @param lines of that insurer */
export function entriesOfPayment(payment: Payment, lines: readonly PayoutLine[]): LedgerEntry[] {
  const movements = lines.map(
    ({ insurer, partner_id, due_cents, into }) =>
      ({ out: into, into: 'insurer', insurer, partner_id, cents: due_cents }) as const,
  )
  return entriesOfMovements(payment, movements)
}

/** The entries of the advances of a quarter day, which the coalition pays; they stand open until the tariff itself is invoiced. */
export function entriesOfAdvances(
  payment: Payment,
  lines: readonly { readonly partner_id: string; readonly cents: Cents }[],
  into: PaidInto,
): LedgerEntry[] {
  const movements = lines.map(
    ({ partner_id, cents }) => ({ out: into, into: 'coalition', insurer: '', partner_id, cents }) as const,
  )
  return entriesOfMovements(payment, movements)
}

interface Movement {
  readonly out: PaidInto
  readonly into: 'insurer' | 'coalition'
  readonly insurer: string
  readonly partner_id: string
  readonly cents: Cents
}

function entriesOfMovements({ paymentId, paidOn }: Payment, movements: readonly Movement[]): LedgerEntry[] {
  return movements
    .filter(({ cents }) => cents !== 0)
    .flatMap(({ out, into, insurer, partner_id, cents }, at) => {
      const side = (account: LedgerEntry['account'], debit: boolean): LedgerEntry => ({
        entry_id: `${paymentId}.${at + 1}.${debit ? 'debit' : 'credit'}`,
        settlement_id: null,
        payment_id: paymentId,
        account,
        partner_id,
        insurer,
        debit_cents: debit ? Math.abs(cents) : 0,
        credit_cents: debit ? 0 : Math.abs(cents),
        posted_on: paidOn,
        reverses: null,
      })
      const [debit, credit] = cents > 0 ? [into, out] : [out, into]
      return [side(debit, true), side(credit, false)]
    })
}

/** What of an entry tells what was paid. */
export type PaymentEntry = Pick<
  LedgerEntry,
  'account' | 'partner_id' | 'insurer' | 'debit_cents' | 'credit_cents' | 'reverses'
> & { readonly payment_id?: string | null }

/** What was paid, out of the entries of payments: on the account of insurers what each paid for health gain, on that of the coalition what it
 *  advanced of the tariff. Where an insurer once took an advance over, against a gain, that is no payment for gain. Of before insurers paid apart: the entries of the account of advances that undo nothing.
 *  @param settled how what was paid for all insurers at once is divided; empty: the coalition advanced it */
export function paidIn(payments: readonly PaymentEntry[], settled: ReadonlyMap<string, Shares> = new Map()): Paid[] {
  const paid = new Map<string, Paid>()
  const add = (partner_id: string, insurer: string, cents: number) => {
    const key = JSON.stringify([partner_id, insurer])
    paid.set(key, { partner_id, insurer, cents: (paid.get(key)?.cents ?? 0) + cents })
  }
  const atOnce = new Map<string, number>()
  const ofBefore = new Set(payments.flatMap(({ account, payment_id }) => (account === 'advances' ? [payment_id] : [])))
  for (const { payment_id, account, reverses, partner_id, insurer, debit_cents, credit_cents } of payments) {
    const cents = debit_cents - credit_cents
    if (account === 'insurer') add(partner_id, insurer, cents)
    else if (account === 'advances' && reverses === null) atOnce.set(partner_id, (atOnce.get(partner_id) ?? 0) + cents)
    // an entry of the coalition in an insurer's name is an advance that the insurer took over
    else if (account === 'coalition' && !ofBefore.has(payment_id)) add(partner_id, insurer, cents)
  }
  for (const [partner_id, cents] of atOnce) {
    const shares = weighty(settled.get(partner_id))
    if (!shares) add(partner_id, '', cents)
    else
      allocated(
        cents,
        shares.map((share) => Math.abs(share.cents)),
      ).forEach((part, at) => add(partner_id, shares[at]!.insurer, part))
  }
  return [...paid.values()].filter(({ cents }) => cents !== 0)
}
