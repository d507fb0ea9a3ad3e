/** An auditor of the book: knows what every settlement had to pay, rebuilds the book from zero, and trusts nobody's arithmetic.
 *
 *  Nothing here calls the engine or reads a balance: entries are read one by one, and every amount is an integer. */
import { createHash } from 'node:crypto'
import type { ChainedEntry } from '../../engine/ledger.ts'
import type { ToldSettlement } from './paying.ts'

/** A line of the book without its place: account, partner, insurer, cents (a debit is positive), what it undoes. */
type Line = readonly [account: string, partner: string, insurer: string, cents: number, reverses: string]

/** Balances by account and whom it is about; nothing for 0. */
export type Balances = ReadonlyMap<string, number>

/** What is wrong with a book; empty where nothing is.
 *  @param posted every settlement in the order in which it was posted, once   @param book every entry, in order */
export function faultsOf(posted: readonly ToldSettlement[], book: readonly ChainedEntry[]): string[] {
  const faults: string[] = []
  const check = (holds: boolean, what: string) => void (holds || faults.push(what))
  const expect = expectedSegments(posted, book, check)
  check(expect === book.length, `the book has ${book.length} entries where ${expect} belong (L1, L11)`)
  checkChain(book, check)
  for (const contract of new Set(posted.map((settlement) => settlement.contract))) {
    const own = posted.filter((settlement) => settlement.contract === contract)
    const ids = new Set(own.map(({ id }) => id))
    const holds = balances(book.filter(({ settlement_id }) => ids.has(settlement_id)))
    const owed = balancesOwed(latestOf(own))
    check(same(holds, owed), `${contract}: the book says ${text(holds)}, the latest settlement ${text(owed)} (L6)`)
  }
  return faults
}

/** Walks the book settlement by settlement: each must be there in one piece, with exactly its own lines.
 *  @returns how many entries there must be */
function expectedSegments(
  posted: readonly ToldSettlement[],
  book: readonly ChainedEntry[],
  check: (holds: boolean, what: string) => void,
): number {
  const standing = new Map<string, readonly ChainedEntry[]>()
  const newest = new Map<string, string>()
  let at = 0
  for (const settlement of posted) {
    const { id, contract, asOf } = settlement
    const forward = linesOwed(settlement)
    const displaced = (newest.get(contract) ?? '') > asOf
    const undone = displaced ? [] : (standing.get(contract) ?? [])
    const size = undone.length + forward.length * (displaced ? 2 : 1)
    const entries = book.slice(at, at + size)
    at += size
    const [before, own, after] = [
      entries.slice(0, undone.length),
      entries.slice(undone.length, undone.length + forward.length),
      entries.slice(undone.length + forward.length),
    ]
    const name = `settlement ${id.slice(0, 8)} of ${contract} as of ${asOf}`
    const lines = (part: readonly ChainedEntry[]) => part.map(lineOf)
    const mirrored = (part: readonly ChainedEntry[]): Line[] =>
      part.map((e) => [e.account, e.partner_id, e.insurer, e.credit_cents - e.debit_cents, e.entry_id])
    check(
      entries.every((entry) => entry.settlement_id === id && entry.posted_on === asOf),
      `${name} lies in one piece, on its day (L11)`,
    )
    check(alike(lines(own), forward), `${name} books what it pays (L4, L10)`)
    check(alike(lines(before), mirrored(undone)), `${name} reverses what stood (L5)`)
    check(alike(lines(after), displaced ? mirrored(own) : []), `${name} displaces nothing newer (L6)`)
    check(
      entries.every(({ debit_cents, credit_cents }) => Math.min(debit_cents, credit_cents) === 0),
      `${name} has entries of one side each`,
    )
    check(sum(entries) === 0n, `${name} balances (L3)`)
    if (displaced) continue
    standing.set(contract, own)
    newest.set(contract, asOf)
  }
  return at
}

const lineOf = (entry: ChainedEntry): Line => [
  entry.account,
  entry.partner_id,
  entry.insurer,
  entry.debit_cents - entry.credit_cents,
  entry.reverses ?? '',
]

/** The lines that a settlement has to book: both ends of every movement of money. */
function linesOwed({ payments }: ToldSettlement): Line[] {
  return payments.flatMap(({ partnerId, cents, insurers, attribution }) => {
    const move = (from: string, to: string, insurer: string, amount: number): Line[] =>
      amount === 0
        ? []
        : [
            [from, partnerId, insurer, -amount, ''],
            [to, partnerId, insurer, amount, ''],
          ]
    return [
      ...insurers.flatMap((by) => move('insurer', 'coalition', by.insurer, by.cents)),
      ...move('coalition', 'partner', '', cents),
      ...attribution.flatMap((part) => move('partner', 'chain', '', part.cents)),
    ]
  })
}

/** Each account after the settlement that holds, by what it pays alone. */
function balancesOwed(settlement: ToldSettlement): Balances {
  const owed = new Map<string, number>()
  const add = (key: string, cents: number) => owed.set(key, (owed.get(key) ?? 0) + cents)
  for (const { partnerId, cents, insurers, attribution } of settlement.payments) {
    for (const by of insurers) add(`insurer ${by.insurer}`, -by.cents)
    add(`${attribution.length === 0 ? 'partner' : 'chain'} ${partnerId}`, cents)
  }
  return withoutZeros(owed)
}

/** Balances from zero: every entry, one after the other. */
export function balances(entries: Iterable<ChainedEntry>): Balances {
  const found = new Map<string, number>()
  for (const { account, partner_id, insurer, debit_cents, credit_cents } of entries) {
    const whom = { insurer, coalition: '' }[account as string] ?? partner_id
    const key = whom === '' ? account : `${account} ${whom}`
    found.set(key, (found.get(key) ?? 0) + debit_cents - credit_cents)
  }
  return withoutZeros(found)
}

/** The settlement that holds: the latest day, of one day the last posted. */
const latestOf = (own: readonly ToldSettlement[]): ToldSettlement =>
  own.reduce((latest, next) => (next.asOf >= latest.asOf ? next : latest))

function checkChain(book: readonly ChainedEntry[], check: (holds: boolean, what: string) => void): void {
  let previous = '0'.repeat(64)
  book.forEach((e, index) => {
    const place = [previous, index + 1, e.entry_id, e.settlement_id, e.account, e.partner_id, e.insurer]
    const content = [...place, e.debit_cents, e.credit_cents, e.posted_on, e.reverses ?? '']
    const hash = createHash('sha256')
      .update(content.join(String.fromCodePoint(31)))
      .digest('hex')
    check(e.seq === index + 1 && e.previous_hash === previous && e.hash === hash, `entry ${index + 1} is chained (L9)`)
    previous = hash
  })
  check(new Set(book.map(({ entry_id }) => entry_id)).size === book.length, 'no entry is booked twice (L1)')
  const undone = book.flatMap(({ reverses }) => reverses ?? [])
  check(new Set(undone).size === undone.length, 'no entry is reversed twice (L5)')
}

const sum = (entries: readonly ChainedEntry[]): bigint =>
  entries.reduce((total, { debit_cents, credit_cents }) => total + BigInt(debit_cents) - BigInt(credit_cents), 0n)
const withoutZeros = (found: ReadonlyMap<string, number>): Balances =>
  new Map([...found].filter(([, cents]) => cents !== 0).sort(([a], [b]) => (a < b ? -1 : 1)))
const text = (of: Balances): string => JSON.stringify([...of])
const same = (one: Balances, other: Balances): boolean => text(one) === text(other)
const alike = (one: readonly Line[], other: readonly Line[]): boolean =>
  JSON.stringify(one.map((line) => line.join()).sort()) === JSON.stringify(other.map((line) => line.join()).sort())
