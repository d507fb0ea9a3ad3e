/** An auditor of the ledger: it knows the amount of every settlement and rebuilds the ledger independently.
 *
 *  Nothing here calls the engine or reads a balance: entries are read one by one, and every amount is an integer. */
import { createHash } from 'node:crypto'
import type { ChainedEntry } from '../../../engine/ledger/ledger.ts'
import type { SettlementSpec } from '../settlements/paying.ts'

/** A line of the ledger without its place: account, partner, insurer, cents (a debit is positive), what it undoes. */
type Line = readonly [account: string, partner: string, insurer: string, cents: number, reverses: string]

/** Balances by account and whom it is about; nothing for 0. */
export type Balances = ReadonlyMap<string, number>

/** One posting, in the words of whoever asked for it. */
export type Posting =
  | { readonly kind: 'settlement'; readonly settlement: SettlementSpec }
  | { readonly kind: 'rejection'; readonly settlementId: string; readonly on: string }
  | {
      readonly kind: 'advance'
      readonly paymentId: string
      readonly contract: string
      readonly on: string
      readonly cents: readonly (readonly [partner: string, cents: number])[]
    }
  | {
      readonly kind: 'payment'
      readonly paymentId: string
      readonly settlementId: string
      /** whose share of it is paid */
      readonly insurer: string
      readonly on: string
      /** the share that a provisional settlement pays; null: a final one pays all of it */
      readonly share: number | null
    }

export const settled = (settlement: SettlementSpec): Posting => ({ kind: 'settlement', settlement })

/** What is wrong with a book; empty where nothing is.
 *  @param posted every posting in the order in which it was made, once   @param book every entry, in order */
export function faultsOf(posted: readonly Posting[], book: readonly ChainedEntry[]): string[] {
  const audit = new Audit(book)
  for (const posting of posted) audit.follow(posting)
  return audit.end()
}

/** A contract as the auditor keeps it. */
interface Kept {
  /** in the order in which they were posted */
  readonly settlements: SettlementSpec[]
  readonly rejected: Set<string>
  /** entries of settlements that stand */
  standing: readonly ChainedEntry[]
  /** what each insurer ('': the coalition, as an advance) has paid each partner so far */
  readonly paid: Map<string, number>
  /** the same before the first payment of a settlement, by settlement */
  readonly before: Map<string, ReadonlyMap<string, number>>
}

/** Walks the ledger posting by posting: each must be there in one piece, with exactly its own lines. */
class Audit {
  private readonly faults: string[] = []
  private readonly contracts = new Map<string, Kept>()
  private readonly contractOf = new Map<string, string>()
  /** first entries of each settlement, and by which entry an entry is undone */
  private readonly firsts = new Map<string, readonly ChainedEntry[]>()
  private readonly undoneBy = new Map<string, ChainedEntry>()
  private at = 0

  constructor(private readonly book: readonly ChainedEntry[]) {}

  follow(posting: Posting): void {
    if (posting.kind === 'settlement') this.settlement(posting.settlement)
    else if (posting.kind === 'rejection') this.rejection(posting.settlementId, posting.on)
    else if (posting.kind === 'advance') this.advance(posting)
    else this.payment(posting)
  }

  end(): string[] {
    const { book, at } = this
    this.check(at === book.length, `the ledger has ${book.length} entries where ${at} belong (L1, L11)`)
    checkChain(book, (holds, what) => this.check(holds, what))
    for (const [contract, kept] of this.contracts) {
      const ids = new Set(kept.settlements.map(({ id }) => id))
      const holds = balances(book.filter(({ settlement_id }) => settlement_id !== null && ids.has(settlement_id)))
      const latest = latestOf(kept)
      const owed = latest ? balancesOwed(latest) : new Map()
      this.check(same(holds, owed), `${contract}: the ledger says ${text(holds)}, the settlement ${text(owed)} (L6)`)
    }
    return this.faults
  }

  private settlement(settlement: SettlementSpec): void {
    const { id, contract, asOf } = settlement
    this.contractOf.set(id, contract)
    const kept = this.kept(contract)
    const forward = linesOwed(settlement)
    const displaced = (latestOf(kept)?.asOf ?? '') > asOf
    const undone = displaced ? [] : kept.standing
    const name = `settlement ${id.slice(0, 8)} of ${contract} as of ${asOf}`
    const entries = this.next(name, undone.length + forward.length * (displaced ? 2 : 1), { settlement_id: id }, asOf)
    const own = entries.slice(undone.length, undone.length + forward.length)
    const after = entries.slice(undone.length + forward.length)
    this.check(alike(own.map(lineOf), forward), `${name} books what it pays (L4, L10)`)
    this.check(alike(entries.slice(0, undone.length).map(lineOf), mirrored(undone)), `${name} reverses what stood (L5)`)
    this.check(alike(after.map(lineOf), displaced ? mirrored(own) : []), `${name} displaces nothing newer (L6)`)
    this.firsts.set(id, own)
    kept.settlements.push(settlement)
    if (!displaced) kept.standing = own
  }

  /** Takes what a settlement booked out again; if it was the one that held, the one before it stands again. */
  private rejection(id: string, on: string): void {
    const kept = this.kept(this.contractOf.get(id)!)
    const held = latestOf(kept)?.id === id
    kept.rejected.add(id)
    if (!held) return
    const heir = latestOf(kept)
    const lasts = (heir ? this.firsts.get(heir.id)! : []).map((entry) => this.lastOf(entry))
    const name = `the rejection of ${id.slice(0, 8)}`
    const undone = kept.standing
    const entries = this.next(name, undone.length + lasts.length, { settlement_id: id }, on)
    this.check(alike(entries.map(lineOf), [...mirrored(undone), ...mirrored(lasts)]), `${name} puts back what was (L5)`)
    kept.standing = entries.slice(undone.length)
    const again = heir ? linesOwed(heir) : []
    this.check(
      alike(kept.standing.map(lineOf).map(withoutReverses), again.map(withoutReverses)),
      `${name} leaves what the one before pays (L6)`,
    )
  }

  private advance({ paymentId, contract, on, cents }: Posting & { readonly kind: 'advance' }): void {
    const kept = this.kept(contract)
    const lines = cents.flatMap(([partner, sum]): Line[] => move('partner', 'coalition', partner, '', sum))
    this.paying(`the advance ${paymentId.slice(0, 8)}`, paymentId, on, lines)
    for (const [partner, sum] of cents) add(kept.paid, keyOf(partner, ''), sum)
  }

  /** What an insurer owes for health gain less what it paid before; advances of the tariff stand apart. */
  private payment(posting: Posting & { readonly kind: 'payment' }): void {
    const { paymentId, settlementId, insurer, on, share } = posting
    const kept = this.kept(this.contractOf.get(settlementId)!)
    const { payments } = kept.settlements.find(({ id }) => id === settlementId)!
    const before = kept.before.get(settlementId) ?? new Map(kept.paid)
    kept.before.set(settlementId, before)
    const partners = [...payments.map(({ partnerId }) => partnerId), ...[...before.keys()].map((key) => partnerIn(key))]
    const name = `the payment of ${settlementId.slice(0, 8)} by ${insurer}`
    const lines: Line[] = []
    for (const partner of [...new Set(partners)].sort()) {
      const paid = payments.find(({ partnerId }) => partnerId === partner)
      const shares = paid?.insurers ?? []
      // What was divided over the chain is paid to the chain; of a partner that is gone, as the others are paid.
      const isDivided = paid ? paid.attribution.length > 0 : payments.some(({ attribution }) => attribution.length > 0)
      const owed = owedBy(shares, insurer, share)
      const own = before.get(keyOf(partner, insurer)) ?? 0
      const due = share === null ? owed - own : Math.max(0, owed - own)
      lines.push(...move(isDivided ? 'chain' : 'partner', 'insurer', partner, insurer, due))
      add(kept.paid, keyOf(partner, insurer), due)
      const now = kept.paid.get(keyOf(partner, insurer)) ?? 0
      this.check(share !== null || now === owed, `${name} leaves ${partner} with what it says`)
    }
    this.paying(name, paymentId, on, lines)
  }

  private paying(name: string, paymentId: string, on: string, lines: readonly Line[]): void {
    const entries = this.next(name, lines.length, { settlement_id: null, payment_id: paymentId }, on)
    this.check(alike(entries.map(lineOf), lines), `${name} pays what is due`)
  }

  /** The next entries of the ledger: under one id, on one day, of one side each, in balance. */
  private next(name: string, size: number, of: Partial<ChainedEntry>, on: string): ChainedEntry[] {
    const entries = this.book.slice(this.at, this.at + size)
    this.at += size
    const whole = entries.every(
      ({ settlement_id, payment_id, posted_on }) =>
        settlement_id === of.settlement_id && payment_id === of.payment_id && posted_on === on,
    )
    this.check(whole && entries.length === size, `${name} lies in one piece, on its day (L11)`)
    const oneSided = entries.every(({ debit_cents, credit_cents }) => Math.min(debit_cents, credit_cents) === 0)
    this.check(oneSided, `${name} has entries of one side each`)
    this.check(sum(entries) === 0n, `${name} balances (L3)`)
    for (const entry of entries) if (entry.reverses !== null) this.undoneBy.set(entry.reverses, entry)
    return entries
  }

  /** The last of the entries that undo this one, and each other. */
  private lastOf(entry: ChainedEntry): ChainedEntry {
    let last = entry
    for (let next = this.undoneBy.get(last.entry_id); next; next = this.undoneBy.get(last.entry_id)) last = next
    return last
  }

  private kept(contract: string): Kept {
    const known = this.contracts.get(contract)
    if (known) return known
    const kept = { settlements: [], rejected: new Set<string>(), standing: [], paid: new Map(), before: new Map() }
    this.contracts.set(contract, kept)
    return kept
  }

  private check(holds: boolean, what: string): void {
    if (!holds) this.faults.push(what)
  }
}

const mirrored = (part: readonly ChainedEntry[]): Line[] =>
  part.map((e) => [e.account, e.partner_id, e.insurer, e.credit_cents - e.debit_cents, e.entry_id])

const withoutReverses = ([account, partner, insurer, cents]: Line): Line => [account, partner, insurer, cents, '']

const keyOf = (partner: string, insurer: string): string => JSON.stringify([partner, insurer])
const partnerIn = (key: string): string => (JSON.parse(key) as [string])[0]
const add = (to: Map<string, number>, key: string, cents: number): void => void to.set(key, (to.get(key) ?? 0) + cents)

type Shares = SettlementSpec['payments'][number]['insurers']

/** An insurer's cents of a partner, or its part of the share that a provisional settlement pays. */
function owedBy(shares: Shares, insurer: string, share: number | null): number {
  if (share === null) return shares.find((each) => each.insurer === insurer)?.cents ?? 0
  const whole = shares.reduce((sum, { cents }) => sum + cents, 0)
  return dealt(part(whole, share), shares).get(insurer) ?? 0
}

/** Cents dealt out by largest remainder, ties in order. */
function dealt(cents: number, shares: Shares): ReadonlyMap<string, number> {
  const weights = shares.map((share) => BigInt(Math.abs(share.cents)))
  const whole = weights.reduce((sum, weight) => sum + weight, 0n)
  if (whole === 0n) return new Map()
  const total = BigInt(Math.abs(cents))
  const parts = weights.map((weight) => (total * weight) / whole)
  const left = Number(total - parts.reduce((sum, each) => sum + each, 0n))
  const rest = weights.map((weight) => (total * weight) % whole)
  const order = [...weights.keys()].sort((a, b) => (rest[a]! > rest[b]! ? -1 : rest[a]! < rest[b]! ? 1 : a - b))
  for (const at of order.slice(0, left)) parts[at]! += 1n
  return new Map(shares.map(({ insurer }, at) => [insurer, Math.sign(cents) * Number(parts[at]!)]))
}

/** A share of cents, half a cent away from zero; exact for shares of halves. */
const part = (cents: number, share: number): number => Math.sign(cents) * Math.round(Math.abs(cents) * share)

const lineOf = (entry: ChainedEntry): Line => [
  entry.account,
  entry.partner_id,
  entry.insurer,
  entry.debit_cents - entry.credit_cents,
  entry.reverses ?? '',
]

/** Both ends of a movement of money; nothing for 0 cents. */
const move = (from: string, to: string, partner: string, insurer: string, cents: number): Line[] =>
  cents === 0
    ? []
    : [
        [from, partner, insurer, -cents, ''],
        [to, partner, insurer, cents, ''],
      ]

/** The lines that a settlement has to book. */
const linesOwed = ({ payments }: SettlementSpec): Line[] =>
  payments.flatMap(({ partnerId, cents, insurers, attribution }) => [
    ...insurers.flatMap((by) => move('insurer', 'coalition', partnerId, by.insurer, by.cents)),
    ...move('coalition', 'partner', partnerId, '', cents),
    ...attribution.flatMap((to) => move('partner', 'chain', partnerId, '', to.cents)),
  ])

/** Each account after the settlement that holds, by what it pays alone. */
function balancesOwed(settlement: SettlementSpec): Balances {
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

/** The settlement that holds: the latest day, of one day the last posted, of those not rejected. */
const latestOf = ({ settlements, rejected }: Kept): SettlementSpec | undefined =>
  settlements
    .filter(({ id }) => !rejected.has(id))
    .reduce<SettlementSpec | undefined>(
      (latest, next) => (latest && latest.asOf > next.asOf ? latest : next),
      undefined,
    )

function checkChain(book: readonly ChainedEntry[], check: (holds: boolean, what: string) => void): void {
  let previous = '0'.repeat(64)
  book.forEach((e, index) => {
    const place = [previous, index + 1, e.entry_id, e.payment_id ?? e.settlement_id, e.account, e.partner_id, e.insurer]
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
