/** method.md 7: the entries of a settlement say what it pays, balance, and continue the chain. */
import { sha256 } from './method/contract.ts'
import type { Findings } from './bundle/findings.ts'
import type { Bundle, LedgerRow } from './method/inputs.ts'

/** What the ledger has to say of one partner of settlement.json. */
export interface PaidPartner {
  readonly partner_id: string
  readonly payment_cents: number
  readonly insurers: readonly { readonly insurer: string; readonly cents: number }[]
  readonly attribution: readonly { readonly cents: number }[]
}

export function checkLedger(
  { head, ledger, reversed }: Bundle,
  paid: readonly PaidPartner[],
  findings: Findings,
): void {
  const own = ledger.filter(({ reverses }) => reverses === '')
  const rejection = rejectionIn(ledger, head)
  checkAmounts(own, paid, findings)
  checkEntries(ledger, head, rejection, findings)
  checkReversals(ledger, [...reversed, ...ledger], reversed, findings)
  checkHashes('ledger.csv', ledger, findings)
  checkHashes('reversed.csv', reversed, findings)
  if (rejection < ledger.length) checkRejection(ledger, own, findings)
  checkHead(head, ledger, findings)
  ledger.forEach((entry, at) => {
    const before = ledger[at - 1]
    if (!before || (at === rejection && entry.seq > before.seq)) return
    if (entry.seq !== before.seq + 1) differs(findings, 'ledger.csv', entry, 'seq', entry.seq, before.seq + 1)
    if (entry.previous_hash !== before.hash)
      differs(findings, 'ledger.csv', entry, 'previous_hash', entry.previous_hash, before.hash)
  })
}

/** Where the second posting begins that a settlement has if it was rejected: reversals alone, later in the ledger or on a later
 *  day. The number of entries if there is none. */
function rejectionIn(ledger: readonly LedgerRow[], head: Bundle['head']): number {
  const lastOwn = ledger.findLastIndex(({ reverses }) => reverses === '')
  const begins = ledger.findIndex((entry, at) => {
    const before = ledger[at - 1]
    if (at <= lastOwn || !before) return false
    return entry.seq > before.seq + 1 || entry.posted_on > head.as_of
  })
  return begins < 0 ? ledger.length : begins
}

/** The book ends with the settlement's last entry, or later. */
function checkHead({ ledger_head }: Bundle['head'], ledger: readonly LedgerRow[], findings: Findings): void {
  const last = ledger.at(-1)
  if (!ledger_head || !last) return
  if (ledger_head.seq < last.seq)
    differs(findings, 'bundle.json', last, 'ledger_head', ledger_head.seq, `${last.seq} or later`)
  if (ledger_head.seq === last.seq && ledger_head.hash !== last.hash)
    differs(findings, 'bundle.json', last, 'ledger_head', ledger_head.hash, last.hash)
}

/** Of a rejected settlement nothing stands. */
function checkRejection(ledger: readonly LedgerRow[], own: readonly LedgerRow[], findings: Findings): void {
  const undone = new Set(ledger.map(({ reverses }) => reverses))
  for (const entry of own)
    if (!undone.has(entry.entry_id))
      differs(findings, 'ledger.csv', entry, 'entry_id', 'stands', 'reversed by the rejection')
}

function differs(
  findings: Findings,
  part: string,
  { entry_id, partner_id }: LedgerRow,
  field: string,
  found: unknown,
  recomputed: unknown,
): void {
  findings.add({ part, partner: partner_id, field: `${field} of ${entry_id}`, found, recomputed })
}

/** insurer -> coalition -> partner (-> chain): what comes into an account is a debit, what leaves it a credit. */
function checkAmounts(own: readonly LedgerRow[], paid: readonly PaidPartner[], findings: Findings): void {
  const wanted = new Map<string, number>()
  const count = (partner: string, account: string, insurer: string, cents: number, by: number) => {
    if (cents === 0) return
    const key = JSON.stringify([partner, account, insurer, cents])
    wanted.set(key, (wanted.get(key) ?? 0) + by)
  }
  const move = (partner: string, from: string, to: string, insurer: string, cents: number) => {
    count(partner, from, insurer, -cents, 1)
    count(partner, to, insurer, cents, 1)
  }
  for (const { partner_id, payment_cents, insurers, attribution } of paid) {
    for (const { insurer, cents } of insurers) move(partner_id, 'insurer', 'coalition', insurer, cents)
    move(partner_id, 'coalition', 'partner', '', payment_cents)
    for (const { cents } of attribution) move(partner_id, 'partner', 'chain', '', cents)
  }
  for (const { partner_id, account, insurer, debit_cents, credit_cents } of own)
    count(partner_id, account, insurer, debit_cents - credit_cents, -1)
  for (const [key, times] of wanted) {
    if (times === 0) continue
    const [partner, account, insurer, cents] = JSON.parse(key) as [string, string, string, number]
    const entry = `${account}${insurer === '' ? '' : ` ${insurer}`} ${cents} cents`
    const [found, recomputed] = times > 0 ? ['none', entry] : [entry, 'none']
    findings.add({ part: 'ledger.csv', partner, field: 'entries', found, recomputed })
  }
}

function checkEntries(ledger: readonly LedgerRow[], head: Bundle['head'], rejection: number, findings: Findings): void {
  let difference = 0
  const ids = new Set<string>()
  for (const [at, entry] of ledger.entries()) {
    const { entry_id, settlement_id, debit_cents, credit_cents, posted_on } = entry
    const day = at < rejection ? head.as_of : (ledger[rejection] as LedgerRow).posted_on
    if (settlement_id !== head.settlement_id)
      differs(findings, 'ledger.csv', entry, 'settlement_id', settlement_id, head.settlement_id)
    if (posted_on !== day) differs(findings, 'ledger.csv', entry, 'posted_on', posted_on, day)
    if (ids.has(entry_id)) differs(findings, 'ledger.csv', entry, 'entry_id', entry_id, 'each once')
    ids.add(entry_id)
    const whole = [debit_cents, credit_cents].every((cents) => Number.isSafeInteger(cents) && cents >= 0)
    if (!whole || debit_cents > 0 === credit_cents > 0)
      differs(findings, 'ledger.csv', entry, 'amount', `${debit_cents} and ${credit_cents}`, 'a debit or a credit')
    difference += debit_cents - credit_cents
  }
  if (difference !== 0)
    findings.add({ part: 'ledger.csv', partner: null, field: 'balance', found: difference, recomputed: 0 })
}

/** A reversal is the mirror of an entry that is here to be seen, each at most once. */
function checkReversals(
  ledger: readonly LedgerRow[],
  known: readonly LedgerRow[],
  reversed: readonly LedgerRow[],
  findings: Findings,
): void {
  const entries = new Map(known.map((entry) => [entry.entry_id, entry]))
  const undone = new Set<string>()
  for (const entry of ledger) {
    if (entry.reverses === '') continue
    const of = entries.get(entry.reverses)
    if (!of || undone.has(entry.reverses)) {
      differs(findings, 'ledger.csv', entry, 'reverses', entry.reverses, of ? 'each once' : 'an entry of reversed.csv')
      continue
    }
    undone.add(entry.reverses)
    for (const field of ['account', 'partner_id', 'insurer'] as const)
      if (entry[field] !== of[field]) differs(findings, 'ledger.csv', entry, field, entry[field], of[field])
    if (entry.debit_cents !== of.credit_cents || entry.credit_cents !== of.debit_cents)
      differs(
        findings,
        'ledger.csv',
        entry,
        'amount',
        entry.debit_cents - entry.credit_cents,
        of.credit_cents - of.debit_cents,
      )
  }
  for (const entry of reversed)
    if (!undone.has(entry.entry_id)) differs(findings, 'reversed.csv', entry, 'entry_id', 'stands', 'reversed')
}

const SEPARATOR = '\u001f'

// prettier-ignore
const HASHED = [
  'previous_hash', 'seq', 'entry_id', 'settlement_id', 'account', 'partner_id', 'insurer', 'debit_cents', 'credit_cents',
  'posted_on', 'reverses',
] as const

/** The hash of an entry is over the hash before it and everything it says. */
function checkHashes(part: string, entries: readonly LedgerRow[], findings: Findings): void {
  for (const entry of entries) {
    const fields = HASHED.map((field) => entry[field])
    const hash = sha256(fields.join(SEPARATOR))
    if (entry.hash !== hash) differs(findings, part, entry, 'hash', entry.hash, hash)
  }
}
