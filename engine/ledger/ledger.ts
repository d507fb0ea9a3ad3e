/** The ledger: postings of a settlement, reversals by corrections, and the hash chain that shows any change (method.md 7). */
import type { Cents } from '../kernel/money.ts'
import type { Day } from '../kernel/calendar.ts'
import { invariant } from '../kernel/refusal.ts'
import type { Settlement } from '../settlement/statement.ts'

/** The accounts of the ledger. A debit puts money into an account, a credit takes it out. `advances` is what a partner has been
 *  paid and no final settlement has been set off against yet; payments alone book on it. */
export type Account = 'insurer' | 'coalition' | 'partner' | 'chain' | 'advances'

/** One entry, as in ledger.csv: exactly one of debit and credit is above 0. */
export interface LedgerEntry {
  readonly entry_id: string
  /** the settlement that posted it; null for an entry of a payment */
  readonly settlement_id: string | null
  readonly account: Account
  readonly partner_id: string
  /** '' where no single insurer is meant */
  readonly insurer: string
  readonly debit_cents: Cents
  readonly credit_cents: Cents
  readonly posted_on: Day
  /** the entry that this one undoes, or null */
  readonly reverses: string | null
  /** the payment that posted it; absent for an entry of a settlement */
  readonly payment_id?: string
}

/** An entry with its position in the ledger. */
export interface ChainedEntry extends LedgerEntry {
  /** 1, 2, 3 … over the whole ledger */
  readonly seq: number
  readonly previous_hash: string
  readonly hash: string
}

/** The hash before the first entry. */
export const GENESIS = '0'.repeat(64)

/** A movement has two ends and one amount, so that an unbalanced one cannot be expressed; a negative amount moves in the opposite direction. */
interface Movement {
  readonly from: Account
  readonly to: Account
  readonly partnerId: string
  readonly insurer: string
  readonly cents: Cents
}

/** The entries of a settlement: insurer -> coalition -> partner (-> chain), a pair per movement; nothing for 0 cents.
 *  @param recorded entries of earlier settlements of the same contract that are in force; they are reversed first */
export function entriesOf(settlement: Settlement, recorded: readonly LedgerEntry[] = []): LedgerEntry[] {
  const { settlement_id, as_of } = settlement
  const reversals = recorded.map((entry) => reversalOf(entry, settlement_id, as_of))
  const movements = settlement.partners.flatMap(movementsOf).filter(({ cents }) => cents !== 0)
  const entries = movements.flatMap(({ from, to, partnerId, insurer, cents }, index) => {
    const side = (account: Account, debit: boolean): LedgerEntry => ({
      entry_id: `${settlement_id}.${index + 1}.${debit ? 'debit' : 'credit'}`,
      settlement_id,
      account,
      partner_id: partnerId,
      insurer,
      debit_cents: debit ? Math.abs(cents) : 0,
      credit_cents: debit ? 0 : Math.abs(cents),
      posted_on: as_of,
      reverses: null,
    })
    const [source, destination] = cents > 0 ? [from, to] : [to, from]
    return [side(destination, true), side(source, false)]
  })
  const all = [...reversals, ...entries]
  invariant(differenceOf(all) === 0, `the entries of settlement ${settlement_id} balance`)
  return all
}

function movementsOf(partner: Settlement['partners'][number]): Movement[] {
  const { partner_id: partnerId, payment_cents, insurers, attribution } = partner
  return [
    ...insurers.map(({ insurer, cents }): Movement => ({
      from: 'insurer',
      to: 'coalition',
      partnerId,
      insurer,
      cents,
    })),
    { from: 'coalition', to: 'partner', partnerId, insurer: '', cents: payment_cents },
    ...attribution.map(({ cents }): Movement => ({ from: 'partner', to: 'chain', partnerId, insurer: '', cents })),
  ]
}

/** The mirror of an entry, booked by a later settlement or by the rejection of one. */
export const reversalOf = (entry: LedgerEntry, settlementId: string, postedOn: Day): LedgerEntry => ({
  ...entry,
  entry_id: `${settlementId}.${verbOf(entry, settlementId)}.${firstIdOf(entry)}`,
  settlement_id: settlementId,
  debit_cents: entry.credit_cents,
  credit_cents: entry.debit_cents,
  posted_on: postedOn,
  reverses: entry.entry_id,
})

/** What a reversal does to the entry that was posted first. A settlement may undo its own twice: when it was posted beside a newer
 *  one, and when it is rejected after the rejection of that one had let it stand. */
function verbOf(entry: LedgerEntry, settlementId: string): 'reinstates' | 'retracts' | 'reverses' {
  if (/\.(?:reverses|retracts)\./.test(entry.entry_id)) return 'reinstates'
  return entry.reverses !== null && firstIdOf(entry).startsWith(`${settlementId}.`) ? 'retracts' : 'reverses'
}

/** The id of the entry that was posted first, however often it was undone and reinstated since. */
const firstIdOf = ({ entry_id }: LedgerEntry): string => entry_id.replace(/^.*\.(?:reverses|retracts|reinstates)\./, '')

/** The entries that still stand. Each first entry heads a row of reversals, each of the one before: with an even number of
 *  them it stands (by the last of the row), with an odd number it does not. */
export function standingEntriesOf<E extends LedgerEntry>(entries: readonly E[]): E[] {
  return lastOfRows(entries).flatMap(({ last, reversals }) => (reversals % 2 === 0 ? [last] : []))
}

/** Of a settlement's own entries, the reversals that would have to be reversed for them to stand again. */
export function undoingEntriesOf<E extends LedgerEntry>(entries: readonly E[], settlementId: string): E[] {
  return lastOfRows(entries).flatMap(({ first, last, reversals }) =>
    first.settlement_id === settlementId && first.reverses === null && reversals % 2 === 1 ? [last] : [],
  )
}

/** The last entry of each chain of reversals among the given entries; a reversal of an absent entry starts a chain. */
function lastOfRows<E extends LedgerEntry>(entries: readonly E[]): { first: E; last: E; reversals: number }[] {
  const byId = new Map(entries.map((entry) => [entry.entry_id, entry]))
  const undone = new Set(entries.map(({ reverses }) => reverses))
  return entries
    .filter(({ entry_id }) => !undone.has(entry_id))
    .map((last) => {
      let [first, reversals] = [last, 0]
      while (first.reverses !== null) {
        reversals++
        const before = byId.get(first.reverses)
        if (!before) break
        first = before
      }
      return { first, last, reversals }
    })
}

/** Debits less credits, in cents. */
export const differenceOf = (entries: readonly LedgerEntry[]): number =>
  entries.reduce((sum, { debit_cents, credit_cents }) => sum + debit_cents - credit_cents, 0)

/** Debits less credits per account and partner ('partner p01'), in cents; accounts at 0 are left out. */
export function balancesOf(entries: readonly LedgerEntry[]): Map<string, number> {
  const balances = new Map<string, number>()
  for (const { account, partner_id, insurer, debit_cents, credit_cents } of entries) {
    const key = [account, account === 'insurer' ? insurer : account === 'coalition' ? '' : partner_id].join(' ').trim()
    balances.set(key, (balances.get(key) ?? 0) + debit_cents - credit_cents)
  }
  return new Map([...balances].filter(([, cents]) => cents !== 0))
}

/** The entries with their positions after the head of the ledger, each chained to the one before it.
 *  @param head the last entry of the ledger; null: the ledger is empty   @param sha256 of a text in UTF-8, in lower-case hex */
export function chained(
  entries: readonly LedgerEntry[],
  head: { readonly seq: number; readonly hash: string } | null,
  sha256: (text: string) => string,
): ChainedEntry[] {
  let [seq, previous] = [head?.seq ?? 0, head?.hash ?? GENESIS]
  return entries.map((entry) => {
    seq++
    const link = { ...entry, seq, previous_hash: previous, hash: sha256(hashedText(entry, seq, previous)) }
    previous = link.hash
    return link
  })
}

/** The index of the first entry that does not follow from the ones before it; -1 if the chain is whole from the genesis on. */
export function brokenLinkOf(entries: readonly ChainedEntry[], sha256: (text: string) => string): number {
  return entries.findIndex((entry, index) => {
    const previous = index === 0 ? GENESIS : entries[index - 1]!.hash
    return (
      entry.seq !== index + 1 ||
      entry.previous_hash !== previous ||
      entry.hash !== sha256(hashedText(entry, entry.seq, previous))
    )
  })
}

// The unit separator, which no id may hold, between the fields; the database computes the same (ledger_hash)
const UNIT_SEPARATOR = '\u001f'

const hashedText = (entry: LedgerEntry, seq: number, previousHash: string): string =>
  [
    previousHash,
    seq,
    entry.entry_id,
    entry.payment_id ?? entry.settlement_id,
    entry.account,
    entry.partner_id,
    entry.insurer,
    entry.debit_cents,
    entry.credit_cents,
    entry.posted_on,
    entry.reverses ?? '',
  ].join(UNIT_SEPARATOR)
