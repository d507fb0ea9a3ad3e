/** The parts of a bundle, read into columns. */
import { Names, Numbers } from './columns.ts'
import type { TakeLine } from './container.ts'
import type { Contract } from '../method/contract.ts'
import { Records } from './csv.ts'
import type { Findings } from './findings.ts'
import { checkIdentity, checkClauses } from './identity.ts'
import { type Head, type LedgerRow, type Partner, placeboKey, type Quality } from '../method/inputs.ts'
import type { Contributions } from '../method/partner-mean.ts'
import { ledgerRow, number, PARTS, type CsvRecord } from './parts.ts'
import { mayHave } from '../method/term.ts'
import type { Version, VersionedBundle } from '../method/version.ts'
import { versionOf } from '../versions.ts'
import { RowChecks } from './row-checks.ts'
import { YearRows } from './year-rows.ts'

type Take = (record: CsvRecord) => void

/** Gathers the parts; what cannot be read becomes a finding. */
export class BundleReader {
  private readonly findings: Findings
  private readonly seen: string[] = []
  private readonly texts = new Map<string, string>()
  private head: Head | null = null
  private contract: Contract | null = null
  private version: Version | null = null
  private readonly partners: Partner[] = []
  private readonly partnerNames = new Names()
  private readonly quality: Quality[] = []
  private readonly barred: Record<string, number> = {}
  private rows: YearRows | null = null
  private readonly placebo = new Map<string, { partner: Numbers; practice: Numbers; value: Numbers }>()
  private readonly ledger: LedgerRow[] = []
  private readonly reversed: LedgerRow[] = []
  private checks: RowChecks | null = null

  constructor(findings: Findings) {
    this.findings = findings
  }

  /** Opens a part by its name. */
  readonly open = (name: string): TakeLine => {
    if (name !== PARTS[this.seen.length])
      this.differs('seal', 'parts', name, PARTS[this.seen.length] ?? 'no more parts')
    this.seen.push(name)
    const rows: Record<string, Take> = {
      'partners.csv': this.takePartner,
      'quality.csv': ({ partner_id = '', gate = '', period = '', value = '' }) =>
        this.quality.push({ partnerId: partner_id, gate, period, value }),
      'barred.csv': ({ reason = '', patients }) => (this.barred[reason] = number(patients)),
      'exposure.csv': (record) => this.rows?.takeExposure(record),
      'control-fit.csv': (record) => this.rows?.takeControlFit(record),
      'expectations.csv': (record) => this.rows?.takeExpectation(record),
      'placebo.csv': this.takePlacebo,
      'ledger.csv': (record) => this.ledger.push(ledgerRow(record)),
      'reversed.csv': (record) => this.reversed.push(ledgerRow(record)),
    }
    const take = rows[name]
    if (!take) return (line) => this.texts.set(name, `${this.texts.get(name) ?? ''}${line}\n`)
    this.prepare()
    return this.recordsOf(take)
  }

  /** Everything that was read.
   *  @returns null where a part is missing that nothing can be computed without */
  bundle(): VersionedBundle | null {
    this.prepare()
    for (const name of PARTS) if (!this.seen.includes(name)) this.differs(name, 'part', 'none', 'one')
    const { head, contract, version, rows } = this
    const settlement = this.texts.get('settlement.json')
    if (!head || !contract || !version || !rows || settlement === undefined) return null
    const { year, insurers } = rows.close()
    return {
      head,
      contract,
      version,
      partners: this.partners,
      quality: this.quality,
      ineligible: this.barred,
      insurers,
      year,
      placebo: new Map(
        [...this.placebo].map(([key, { partner, practice, value }]): [string, Contributions] => [
          key,
          { partner: partner.get(), practice: practice.get(), value: value.get() },
        ]),
      ),
      settlement,
      ledger: this.ledger,
      reversed: this.reversed,
    }
  }

  /** The head and the contract come first: rows are read by them. */
  private prepare(): void {
    if (this.contract || !this.texts.has('contract.json')) return
    this.head = this.parsed('bundle.json') as Head | null
    this.contract = this.parsed('contract.json') as Contract | null
    if (!this.head || !this.contract) return
    this.version = versionOf(this.head.engine_version)
    checkIdentity(this.head, this.contract, this.findings)
    if (!this.version)
      return this.differs('bundle.json', 'engine_version', this.head.engine_version, 'an engine whose method is known')
    checkClauses(this.contract, this.version, this.findings)
    this.checks = new RowChecks(this.contract, this.head.better, this.findings)
    this.rows = new YearRows(
      this.contract.outcomes.length,
      {
        outcome: (cells) => this.outcomePlace('expectations.csv', cells),
        partner: (partnerId) => this.partnerPlace('expectations.csv', partnerId),
        check: (cells, k) => this.check('expectations.csv', cells, k, 0),
        mayHave: (partners) => mayHave(this.contract!, partners),
      },
      this.findings,
    )
  }

  private parsed(name: string): unknown {
    try {
      return JSON.parse(this.texts.get(name) ?? '')
    } catch (error) {
      this.differs(name, 'json', error instanceof Error ? error.message : String(error), 'a JSON document')
      return null
    }
  }

  private recordsOf(take: Take): TakeLine {
    const records = new Records()
    return (line) => {
      const record = records.take(line)
      if (!record) return
      // without a contract and a method there is nothing to read a row by, and that was said
      if (this.rows) take(record)
    }
  }

  private readonly takePartner: Take = (record) => {
    const { partner_id: partnerId = '', kind = '', member_of: memberOf = '', role = '' } = record
    if (this.partnerNames.find(partnerId) >= 0)
      this.differs('partners.csv', 'partner_id', partnerId, 'each once', partnerId)
    this.partnerNames.place(partnerId)
    const listed = this.contract!.partners
    if (role === 'contract' ? listed && !listed.includes(partnerId) : listed?.includes(partnerId))
      this.differs('partners.csv', 'role', role, listed?.includes(partnerId) ? 'contract' : 'no contract', partnerId)
    if ((role === 'control') !== this.contract!.control.includes(partnerId))
      this.differs('partners.csv', 'role', role, role === 'control' ? 'no control' : 'control', partnerId)
    const [perProcedureCents, included] = [number(record.per_procedure_cents), number(record.included_on_quarter_days)]
    this.partners.push({ partnerId, kind, memberOf, role, perProcedureCents, included })
  }

  private readonly takePlacebo: Take = (cells) => {
    const k = this.outcomePlace('placebo.csv', cells)
    if (k < 0) return
    const yearsBefore = number(cells.years_before)
    this.check('placebo.csv', cells, k, yearsBefore)
    const contribution = number(cells.contribution)
    if (Number.isNaN(contribution)) return
    const key = placeboKey(k, yearsBefore)
    const year = this.placebo.get(key) ?? { partner: new Numbers(), practice: new Numbers(), value: new Numbers() }
    this.placebo.set(key, year)
    year.partner.push(this.partnerPlace('placebo.csv', cells.partner_id ?? ''))
    year.practice.push(this.partnerPlace('placebo.csv', cells.practice_id ?? ''))
    year.value.push(contribution)
  }

  private check(part: string, cells: CsvRecord, k: number, yearsBefore: number): void {
    const { patient_id: patient = '', partner_id: partner = '', practice_id: practice = '', measure = '' } = cells
    this.checks!.check(
      { part, partner, patient, measure, yearsBefore, cells },
      this.contract!.outcomes[k]!,
      this.head!.model_ids,
    )
    if (practice === partner) return
    const { memberOf } = this.partners[this.partnerNames.find(practice)] ?? {}
    if (memberOf !== partner)
      this.differs(part, `practice_id of ${patient}, ${measure}`, practice, `a member of ${partner}`, partner)
  }

  private outcomePlace(part: string, { measure = '', partner_id = '' }: CsvRecord): number {
    const k = this.contract!.outcomes.findIndex((outcome) => outcome.measure === measure)
    if (k < 0) this.differs(part, 'measure', measure, 'an outcome of the contract', partner_id)
    return k
  }

  private partnerPlace(part: string, partnerId: string): number {
    const place = this.partnerNames.find(partnerId)
    if (place >= 0) return place
    this.differs(part, 'partner_id', partnerId, 'a partner of partners.csv', partnerId)
    this.partners.push({ partnerId, kind: '', memberOf: '', role: '', perProcedureCents: 0, included: 0 })
    return this.partnerNames.place(partnerId)
  }

  private differs(
    part: string,
    field: string,
    found: unknown,
    recomputed: unknown,
    partner: string | null = null,
  ): void {
    this.findings.add({ part, partner, field, found, recomputed })
  }
}
