/** The bundle of one insurer: its cents computed anew from what a patient-year earns (method.md 5, steps 2 to 8) and its own insured, and its
 *  lines of the book. What a patient-year is worth is taken from it as it stands: the bundle of the whole settlement has what that follows from. */
import { checkIdentity } from './bundle/identity.ts'
import type { TakeLine } from './bundle/container.ts'
import { Records } from './bundle/csv.ts'
import type { Findings } from './bundle/findings.ts'
import { ledgerRow, number, type CsvRecord } from './bundle/parts.ts'
import { type Contract } from './method/contract.ts'
import { periodDays } from './method/counts.ts'
import type { Head, LedgerRow } from './method/inputs.ts'
import { sum } from './method/numbers.ts'
import { stepsOf } from './method/payment.ts'

const PARTS = [
  'bundle.json',
  'amounts.json',
  'contract.json',
  'contract.yaml',
  'partners.csv',
  'gates.csv',
  'ledger.csv',
] as const

const FORMAT = 'winst-insurer-bundle 1'

interface Amounts {
  readonly payment_cents: number
  readonly small_panels_cents: number | null
  readonly budget_factor: number
}

interface InsurerHead extends Head {
  readonly format: string
  readonly insurer: string
}

export interface InsurerVerdict {
  readonly settlementId: string
  readonly insurer: string
  readonly partners: number
  readonly paymentCents: number
  /** numbers computed anew */
  readonly numbers: number
}

/** A partner's payment is rounded once, where a budget binds by largest remainder, and dealt out over its insurers by largest remainder: an
 *  insurer's cents are less than this from what its own patient-years earn. */
const CENTS = 2

export class InsurerReader {
  private readonly findings: Findings
  private readonly seen: string[] = []
  private readonly texts = new Map<string, string>()
  private readonly partners: CsvRecord[] = []
  private readonly gates: CsvRecord[] = []
  private readonly ledger: LedgerRow[] = []
  private numbers = 0

  constructor(findings: Findings) {
    this.findings = findings
  }

  readonly open = (name: string): TakeLine => {
    const wanted = PARTS[this.seen.length] ?? 'no more parts'
    if (name !== wanted) this.differs('seal', null, 'parts', name, wanted)
    this.seen.push(name)
    const rows: Record<string, (record: CsvRecord) => void> = {
      'partners.csv': (record) => this.partners.push(record),
      'gates.csv': (record) => this.gates.push(record),
      'ledger.csv': (record) => this.ledger.push(ledgerRow(record)),
    }
    const take = rows[name]
    if (!take) return (line) => this.texts.set(name, `${this.texts.get(name) ?? ''}${line}\n`)
    const records = new Records()
    return (line) => {
      const record = records.take(line)
      if (record) take(record)
    }
  }

  /** @returns null where a part is missing that nothing can be computed without */
  verdict(): InsurerVerdict | null {
    for (const name of PARTS) if (!this.seen.includes(name)) this.differs(name, null, 'part', 'none', 'one')
    const head = this.parsed('bundle.json') as InsurerHead | null
    const contract = this.parsed('contract.json') as Contract | null
    const amounts = this.parsed('amounts.json') as Amounts | null
    if (!head || !contract || !amounts) return null
    this.compare('bundle.json', null, 'format', head.format, FORMAT)
    checkIdentity(head, contract, this.findings)
    for (const partner of this.partners) this.checkPartner(partner, contract, amounts)
    const cents = sum(this.partners.map((partner) => number(partner.cents))) + (amounts.small_panels_cents ?? 0)
    this.compare('amounts.json', null, 'payment_cents', amounts.payment_cents, cents)
    this.checkLedger(head)
    return {
      settlementId: head.settlement_id,
      insurer: head.insurer,
      partners: this.partners.length,
      paymentCents: amounts.payment_cents,
      numbers: this.numbers,
    }
  }

  private checkPartner(record: CsvRecord, contract: Contract, { budget_factor }: Amounts): void {
    const { partner_id: partner = '' } = record
    const failed = this.gates.filter((gate) => gate.partner_id === partner && gate.passed !== 'true')
    const multiplier = Math.max(0, 1 - sum(failed.map((gate) => number(gate.weight))))
    this.near('partners.csv', partner, 'gate_multiplier', number(record.gate_multiplier), multiplier)
    for (const { gate, weight } of this.gates.filter((each) => each.partner_id === partner)) {
      const clause = contract.gates.find((each) => each.gate === gate)
      this.compare('gates.csv', partner, `weight of ${gate}`, number(weight), clause?.weight ?? 'no such gate')
    }
    const value = number(record.value_eur_per_patient_year)
    const band = number(record.dead_band_eur)
    if (!(band >= contract.deadBand.eur))
      this.differs('partners.csv', partner, 'dead_band_eur', band, contract.deadBand.eur)
    const steps = stepsOf(value, band, multiplier, contract)
    this.near(
      'partners.csv',
      partner,
      'shared_eur_per_patient_year',
      number(record.shared_eur_per_patient_year),
      steps.shared,
    )
    const years = number(record.insured_days) / periodDays(contract)
    const factor = steps.eurPerPatientYear > 0 ? budget_factor : 1
    const earned = steps.eurPerPatientYear * factor * years * 100
    this.numbers += 1
    if (!(Math.abs(number(record.cents) - earned) <= CENTS))
      this.differs('partners.csv', partner, 'cents', number(record.cents), earned)
  }

  /** Per partner the insurer's own line and the coalition's beside it, each once; reversals mirror lines that are here to be seen. */
  private checkLedger(head: InsurerHead): void {
    const known = new Map(this.ledger.map((entry) => [entry.entry_id, entry]))
    for (const { partner_id: partner = '', cents } of this.partners)
      for (const [account, sign] of [
        ['insurer', -1],
        ['coalition', 1],
      ] as const) {
        const own = this.ledger.filter(
          (entry) => entry.reverses === '' && entry.account === account && entry.partner_id === partner,
        )
        const booked = sum(own.map(({ debit_cents, credit_cents }) => debit_cents - credit_cents))
        this.compare('ledger.csv', partner, `${account} of ${partner}`, booked, 0 + sign * number(cents))
        if (own.length > 1) this.differs('ledger.csv', partner, `entries of ${account}`, own.length, 1)
      }
    let before = 0
    for (const entry of this.ledger) {
      const { entry_id, partner_id, seq, reverses } = entry
      if (!entry_id.startsWith(`${head.settlement_id}.`))
        this.differs('ledger.csv', partner_id, `entry_id of ${entry_id}`, entry_id, `${head.settlement_id}.…`)
      if (!(seq > before)) this.differs('ledger.csv', partner_id, `seq of ${entry_id}`, seq, `after ${before}`)
      before = seq
      if (known.size !== this.ledger.length)
        this.differs('ledger.csv', partner_id, 'entry_id', this.ledger.length, known.size)
      const of = reverses === '' ? undefined : known.get(reverses)
      if (of && (of.debit_cents !== entry.credit_cents || of.credit_cents !== entry.debit_cents))
        this.differs('ledger.csv', partner_id, `amount of ${entry_id}`, entry.debit_cents, of.credit_cents)
    }
    if (head.ledger_head && head.ledger_head.seq < before)
      this.differs('bundle.json', null, 'ledger_head', head.ledger_head.seq, `${before} or later`)
  }

  private parsed(name: string): unknown {
    try {
      return JSON.parse(this.texts.get(name) ?? '')
    } catch (error) {
      this.differs(name, null, 'json', error instanceof Error ? error.message : String(error), 'a JSON document')
      return null
    }
  }

  private near(part: string, partner: string, field: string, found: number, recomputed: number): void {
    this.numbers += 1
    if (!(Math.abs(found - recomputed) <= 1e-9 * Math.max(1, Math.abs(recomputed))))
      this.differs(part, partner, field, found, recomputed)
  }

  private compare(part: string, partner: string | null, field: string, found: unknown, recomputed: unknown): void {
    this.numbers += 1
    if (found !== recomputed) this.differs(part, partner, field, found, recomputed)
  }

  private differs(part: string, partner: string | null, field: string, found: unknown, recomputed: unknown): void {
    this.findings.add({ part, partner, field, found, recomputed })
  }
}
