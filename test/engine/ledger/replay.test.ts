/** Random splits, settlements, corrections, rejections, payments, advances, duplicates and replays keep what anchors the ledger:
 *  LEDGER_OPERATIONS of them. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { allocated, centsOf, withinBudget } from '../../../engine/kernel/allocation.ts'
import {
  balancesOf,
  brokenLinkOf,
  chained,
  type ChainedEntry,
  entriesOf,
  type LedgerEntry,
  reversalOf,
  standingEntriesOf,
  undoingEntriesOf,
} from '../../../engine/ledger/ledger.ts'
import { entriesOfAdvances, entriesOfPayment, type Paid, paidIn, payoutOf } from '../../../engine/ledger/payout.ts'
import { balances, type Balances, faultsOf, type Posting } from '../../support/oracles/auditor.ts'
import {
  settlementPaying,
  someCents,
  somePayments,
  settlementSpec,
  type PaymentSpec,
  type SettlementSpec,
  weights,
} from '../../support/settlements/paying.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

const OPERATIONS = Number(process.env.LEDGER_OPERATIONS ?? 2000)
const done: Record<string, number> = {}
const count = (kind: string) => void (done[kind] = (done[kind] ?? 0) + 1)
const DAYS: readonly Day[] = ['2026-01-01', '2026-03-01', '2026-06-01', '2026-09-01']
const CONTRACTS = ['zz-dm2', 'zz-copd']

/** What is done to the ledger, one after the other. */
type Operation =
  | { readonly kind: 'split'; readonly total: number; readonly weights: readonly number[] }
  | { readonly kind: 'budget'; readonly eur: readonly number[]; readonly share: number }
  | {
      readonly kind: 'settle'
      readonly contract: string
      readonly asOf: Day
      readonly payments: readonly PaymentSpec[]
    }
  /** the settlement with this number, modulo how many there are, comes once more */
  | { readonly kind: 'again'; readonly which: number }
  /** the settlement with this number is rejected, or paid as provisional or final, if it can be */
  | { readonly kind: 'reject'; readonly which: number }
  | {
      readonly kind: 'pay'
      readonly which: number
      readonly provisional: boolean
      readonly whose: number
      readonly all: boolean
    }
  | { readonly kind: 'advance'; readonly contract: string; readonly cents: readonly number[] }
  | { readonly kind: 'replay'; readonly which: number; readonly day: Day }
  | { readonly kind: 'forge'; readonly which: number; readonly cents: number }

const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('split'), total: someCents, weights: weights(1, 12) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('budget'),
      eur: fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 12 }),
      share: fc.double({ min: 0, max: 1.5, noNaN: true }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('settle'),
      contract: fc.constantFrom(...CONTRACTS),
      asOf: fc.constantFrom(...DAYS),
      payments: somePayments,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again'), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject'), which: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('pay'),
      which: fc.nat(),
      provisional: fc.boolean(),
      whose: fc.nat(),
      all: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('advance'),
      contract: fc.constantFrom(...CONTRACTS),
      cents: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay'), which: fc.nat(), day: fc.constantFrom(...DAYS) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('forge'), which: fc.nat(), cents: fc.integer({ min: 1, max: 99 }) }),
  },
)

const ADVANCES = { components: [], advanceShare: 0.5 }
const ON = '2026-10-01'

/** The book in memory, kept by the engine's functions alone. */
class Book {
  entries: ChainedEntry[] = []
  readonly settlements: SettlementSpec[] = []
  readonly postings: Posting[] = []
  /** what the ledger said after each posting, by day: what a later look back must say again */
  readonly remembered: { readonly seq: number; readonly said: Balances }[] = []
  private readonly rejected = new Set<string>()
  private readonly paid = new Map<string, 'provisional' | 'final'>()
  /** what was paid before the first payment of a settlement, and whose shares of it are paid */
  private readonly before = new Map<string, { readonly paid: readonly Paid[]; readonly shares: Set<string> }>()

  post(settlement: SettlementSpec): void {
    if (this.settlements.some(({ id }) => id === settlement.id)) return
    const outdated = this.standingOf(settlement.contract).some(({ asOf }) => asOf > settlement.asOf)
    const own = this.entriesOf(settlement.contract)
    const entries = entriesOf(settlementPaying(settlement), outdated ? [] : standingEntriesOf(own))
    const undone = outdated ? entries.map((entry) => reversalOf(entry, settlement.id, settlement.asOf)) : []
    this.settlements.push(settlement)
    this.append([...entries, ...undone], { kind: 'settlement', settlement })
  }

  reject({ id, contract }: SettlementSpec): void {
    if (this.rejected.has(id) || this.paid.has(id)) return
    const held = this.holds(contract)?.id === id
    this.rejected.add(id)
    const heir = held ? this.holds(contract) : undefined
    const own = this.entriesOf(contract)
    const undone = held ? standingEntriesOf(own) : []
    const undoing = heir ? undoingEntriesOf(own, heir.id) : []
    const entries = [...undone, ...undoing].map((entry) => reversalOf(entry, id, ON))
    this.append(entries, { kind: 'rejection', settlementId: id, on: ON })
  }

  /** One insurer pays its share, or all that have not yet. */
  pay(settlement: SettlementSpec, provisional: boolean, whose: number, all: boolean): void {
    const { id, contract } = settlement
    const closed = this.settlements.some((each) => each.contract === contract && this.paid.get(each.id) === 'final')
    const finality = this.paid.get(id) ?? (provisional ? 'provisional' : 'final')
    if (this.rejected.has(id) || this.holds(contract)?.id !== id) return
    if (finality === 'provisional' && closed && !this.paid.has(id)) return
    this.paid.set(id, finality)
    const before = this.before.get(id) ?? { paid: paidIn(this.paymentsOf(contract)), shares: new Set<string>() }
    this.before.set(id, before)
    const shares = [...settlement.payments.flatMap(({ insurers }) => insurers), ...before.paid]
    const open = [...new Set(shares.map(({ insurer }) => insurer))].filter((each) => each && !before.shares.has(each))
    for (const insurer of all ? open : open.slice(whose % Math.max(1, open.length)).slice(0, 1))
      this.payShare(settlement, finality, insurer, before)
  }

  private payShare(
    settlement: SettlementSpec,
    finality: 'provisional' | 'final',
    insurer: string,
    before: { readonly paid: readonly Paid[]; readonly shares: Set<string> },
  ): void {
    const { id, contract } = settlement
    before.shares.add(insurer)
    const lines = payoutOf(settlementPaying(settlement), ADVANCES, finality, before.paid)
    const own = lines.filter((line) => line.insurer === insurer)
    const paymentId = sha256(`payment of ${id} by ${insurer}`)
    const entries = entriesOfPayment({ paymentId, paidOn: ON }, own)
    const others = this.othersThan(contract, insurer)
    const share = finality === 'provisional' ? ADVANCES.advanceShare : null
    this.append(entries, { kind: 'payment', paymentId, settlementId: id, insurer, on: ON, share })
    // no insurer's payment moves what another has paid
    expect(this.othersThan(contract, insurer)).toEqual(others)
  }

  private othersThan(contract: string, insurer: string): readonly Paid[] {
    return paidIn(this.paymentsOf(contract)).filter((paid) => paid.insurer !== insurer && paid.insurer !== '')
  }

  advance(contract: string, each: readonly number[]): void {
    const paymentId = sha256(`advance ${contract} ${this.postings.length}`)
    const cents = each.map((sum, at) => [`p${at}`, sum] as const)
    const lines = cents.map(([partner_id, sum]) => ({ partner_id, cents: sum }))
    const entries = entriesOfAdvances({ paymentId, paidOn: ON }, lines, 'partner')
    this.append(entries, { kind: 'advance', paymentId, contract, on: ON, cents })
  }

  private append(entries: readonly LedgerEntry[], posting: Posting): void {
    this.entries = [...this.entries, ...chained(entries, this.entries.at(-1) ?? null, sha256)]
    this.postings.push(posting)
    this.remembered.push({ seq: this.entries.length, said: balances(this.entries) })
  }

  private standingOf(contract: string): SettlementSpec[] {
    return this.settlements.filter((each) => each.contract === contract && !this.rejected.has(each.id))
  }

  /** The latest day, of one day the last posted. */
  private holds(contract: string): SettlementSpec | undefined {
    return this.standingOf(contract).toSorted((a, b) => (a.asOf < b.asOf ? -1 : a.asOf > b.asOf ? 1 : 0)).at(-1) // prettier-ignore
  }

  private entriesOf(contract: string): ChainedEntry[] {
    const ids = new Set(this.settlements.filter((each) => each.contract === contract).map(({ id }) => id))
    return this.entries.filter(({ settlement_id }) => settlement_id !== null && ids.has(settlement_id))
  }

  private paymentsOf(contract: string): ChainedEntry[] {
    const isOf = (posting: Posting) =>
      posting.kind === 'advance'
        ? posting.contract === contract
        : posting.kind === 'payment' &&
          this.settlements.some((each) => each.contract === contract && each.id === posting.settlementId)
    const ids = new Set(this.postings.filter(isOf).map((posting) => ('paymentId' in posting ? posting.paymentId : '')))
    return this.entries.filter(({ payment_id }) => payment_id !== undefined && ids.has(payment_id))
  }
}

function perform(book: Book, { kind, ...of }: Operation): void {
  count(kind)
  const task = { kind, ...of } as Operation
  if (task.kind === 'split') return checkSplit(task.total, task.weights)
  if (task.kind === 'budget') return checkBudget(task.eur, task.share)
  if (task.kind === 'settle')
    return book.post(settlementSpec(task.contract, task.asOf, task.payments, book.settlements.length))
  if (task.kind === 'advance') return book.advance(task.contract, task.cents)
  if (book.settlements.length > 0) {
    const settlement = book.settlements[('which' in task ? task.which : 0) % book.settlements.length]!
    if (task.kind === 'reject') return book.reject(settlement)
    if (task.kind === 'pay') return book.pay(settlement, task.provisional, task.whose, task.all)
  }
  if (book.entries.length === 0 || book.settlements.length === 0 || task.kind === 'reject' || task.kind === 'pay')
    return
  if (task.kind === 'again') {
    const before = JSON.stringify(book.entries)
    book.post(book.settlements[task.which % book.settlements.length]!)
    return expect(JSON.stringify(book.entries)).toBe(before)
  }
  if (task.kind === 'replay') return checkReplay(book, task.which)
  const at = task.which % book.entries.length
  const forged = book.entries.map((entry, index) =>
    index === at ? { ...entry, debit_cents: entry.debit_cents + task.cents } : entry,
  )
  expect(brokenLinkOf(forged, sha256)).toBe(at)
}

/** L4: whole cents that sum to the total, each within a cent of its exact part, and mirrored for the opposite total. */
function checkSplit(total: number, shares: readonly number[]): void {
  const parts = allocated(total, shares)
  expect(parts.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(total))
  expect(allocated(-total, shares)).toEqual(parts.map((part) => (part === 0 ? 0 : 0 - part)))
  const whole = shares.reduce((sum, share) => sum + share, 0)
  const near = parts.map((part, at) => {
    // the exact part in doubles: as close as doubles of that size are
    const exact = total * (shares[at]! / whole)
    const least = shares[at] === 0 ? part === 0 : true
    return least && Number.isSafeInteger(part) && Math.abs(part - exact) < 1 + Math.abs(total) * 1e-12
  })
  expect(near, JSON.stringify({ total, shares, parts })).toEqual(shares.map(() => true))
}

/** A budget is never passed, is spent to the cent where it binds, and leaves losses alone. */
function checkBudget(eur: readonly number[], share: number): void {
  const positive = eur.reduce((sum, payment) => sum + Math.max(0, payment), 0)
  const budget = centsOf(positive * share) / 100
  const { cents, bound } = withinBudget(eur, budget)
  const paid = cents.reduce((sum, payment) => sum + Math.max(0, payment), 0)
  if (bound) expect(paid).toBe(centsOf(budget))
  else expect(cents).toEqual(eur.map(centsOf))
  expect(cents.every((each, at) => (eur[at]! <= 0 ? each === centsOf(eur[at]!) : each >= 0))).toBe(true)
}

/** L7, L8: what the ledger said at any earlier entry it says again, and its chain can be made anew from its content. */
function checkReplay(book: Book, which: number): void {
  const { seq, said } = book.remembered[which % book.remembered.length]!
  const until = book.entries.slice(0, seq)
  expect([...balances(until)]).toEqual([...said])
  expect(new Map(balancesOf(until))).toEqual(new Map(said))
  const { entries } = book
  expect(JSON.stringify(chained(entries.map(unchained), null, sha256))).toBe(JSON.stringify(entries))
}

const unchained = ({ seq: _seq, previous_hash: _previous, hash: _hash, ...entry }: ChainedEntry) => entry

test(`${OPERATIONS} operations on the ledger leave nothing for an auditor to find`, { timeout: 600_000 }, () => {
  let seed = 20_260_101
  const total = () => Object.values(done).reduce((sum, each) => sum + each, 0)
  while (total() < OPERATIONS) {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 40, size: 'max' }), (operations) => {
        const book = new Book()
        for (const each of operations) perform(book, each)
        expect(faultsOf(book.postings, book.entries)).toEqual([])
        expect(new Map(balancesOf(book.entries))).toEqual(new Map(balances(book.entries)))
        expect(brokenLinkOf(book.entries, sha256)).toBe(-1)
      }),
      { numRuns: 25, seed: seed++ },
    )
  }
  for (const kind of ['split', 'budget', 'settle', 'again', 'reject', 'pay', 'advance', 'replay', 'forge'])
    expect(done[kind]).toBeGreaterThan(0)
})
