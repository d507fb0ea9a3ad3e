/** The parts of a bundle, read into columns. */
import { Names, Numbers } from './columns.ts'
import type { TakeLine } from './container.ts'
import type { Contract } from '../method/contract.ts'
import { Records } from './csv.ts'
import type { Findings } from './findings.ts'
import { checkIdentity } from './identity.ts'
import {
  type Bundle,
  type Head,
  type LedgerRow,
  type Partner,
  placeboKey,
  type Quality,
  STATUSES,
} from '../method/inputs.ts'
import type { Contributions } from '../method/partner-mean.ts'
import { ledgerRow, number, PARTS, type CsvRecord } from './parts.ts'
import { RowChecks } from './row-checks.ts'

type Take = (record: CsvRecord) => void

interface GrowingOutcome {
  readonly status: Numbers
  readonly gain: Numbers
  readonly contribution: Numbers
  readonly amongControls: Numbers
}

/** P(measured) as fitted on controls, of one outcome. */
interface ControlFit {
  readonly patients: string[]
  readonly probability: Numbers
  /** the first that no expectation has asked for */
  next: number
}

/** Gathers the parts; what cannot be read becomes a finding. */
export class BundleReader {
  private readonly findings: Findings
  private readonly seen: string[] = []
  private readonly texts = new Map<string, string>()
  private head: Head | null = null
  private contract: Contract | null = null
  private readonly partners: Partner[] = []
  private readonly partnerNames = new Names()
  private readonly quality: Quality[] = []
  private readonly barred: Record<string, number> = {}
  private readonly insurers = new Names()
  private readonly exposure = { patients: [] as string[], insurer: new Numbers(), days: new Numbers() }
  private readonly controlFit = new Map<string, ControlFit>()
  private readonly year = { partner: new Numbers(), practice: new Numbers() }
  private outcomes: GrowingOutcome[] = []
  private readonly placebo = new Map<string, { partner: Numbers; practice: Numbers; value: Numbers }>()
  private readonly ledger: LedgerRow[] = []
  private readonly reversed: LedgerRow[] = []
  private checks: RowChecks | null = null
  private patient = { id: '', outcomes: 0 }

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
      'exposure.csv': this.takeExposure,
      'control-fit.csv': this.takeControlFit,
      'expectations.csv': this.takeExpectation,
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
  bundle(): Bundle | null {
    this.prepare()
    for (const name of PARTS) if (!this.seen.includes(name)) this.differs(name, 'part', 'none', 'one')
    const { head, contract } = this
    const settlement = this.texts.get('settlement.json')
    if (!head || !contract || settlement === undefined) return null
    this.closePatient()
    const patients = this.year.partner.length
    if (patients !== this.exposure.patients.length)
      this.differs('exposure.csv', 'patients', this.exposure.patients.length, patients)
    for (const [measure, { patients: fitted, next }] of this.controlFit)
      if (next < fitted.length)
        this.differs('control-fit.csv', `patient_id of ${measure}`, fitted[next], 'an eligible patient, in order')
    return {
      head,
      contract,
      partners: this.partners,
      quality: this.quality,
      ineligible: this.barred,
      insurers: this.insurers.list,
      year: {
        patients,
        partner: this.year.partner.get(),
        practice: this.year.practice.get(),
        insurer: this.exposure.insurer.get(),
        days: this.exposure.days.get(),
        outcomes: this.outcomes.map(({ status, gain, contribution, amongControls }) => ({
          status: status.get(),
          gain: gain.get(),
          contribution: contribution.get(),
          amongControls: amongControls.get(),
        })),
      },
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
    this.checks = new RowChecks(this.contract, this.head.better, this.findings)
    this.outcomes = this.contract.outcomes.map(() => ({
      status: new Numbers(),
      gain: new Numbers(),
      contribution: new Numbers(),
      amongControls: new Numbers(),
    }))
    checkIdentity(this.head, this.contract, this.findings)
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
      // without a contract there is nothing to read a row by, and that was said
      if (this.contract) take(record)
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

  private readonly takeExposure: Take = ({ patient_id = '', insurer = '', exposure_days }) => {
    this.exposure.patients.push(patient_id)
    this.exposure.insurer.push(this.insurers.place(insurer === '' ? 'unknown' : insurer))
    this.exposure.days.push(number(exposure_days))
  }

  private readonly takeControlFit: Take = ({ patient_id = '', measure = '', measured_among_controls }) => {
    const fit = this.controlFit.get(measure) ?? { patients: [], probability: new Numbers(), next: 0 }
    this.controlFit.set(measure, fit)
    fit.patients.push(patient_id)
    fit.probability.push(number(measured_among_controls))
  }

  /** The next of the measure's own list: both come in order of patient_id. */
  private amongControls(measure: string, patient: string): number {
    const fit = this.controlFit.get(measure)
    if (!fit || fit.patients[fit.next] !== patient) return NaN
    return fit.probability.get()[fit.next++]!
  }

  private readonly takeExpectation: Take = (cells) => {
    const { patient_id: patient = '', measure = '' } = cells
    if (patient !== this.patient.id || this.year.partner.length === 0) this.openPatient(patient, cells)
    const k = this.outcomePlace('expectations.csv', cells)
    if (k < 0) return
    this.patient.outcomes += 1
    const outcome = this.outcomes[k]!
    if (outcome.status.length >= this.year.partner.length) {
      this.differs('expectations.csv', `rows of ${patient}, ${measure}`, 2, 1, cells.partner_id)
      return
    }
    if (this.partnerNames.place(cells.partner_id ?? '') !== this.year.partner.get().at(-1))
      this.differs(
        'expectations.csv',
        `partner_id of ${patient}, ${measure}`,
        cells.partner_id,
        'one partner',
        cells.partner_id,
      )
    outcome.status.push(STATUSES.indexOf(cells.status as (typeof STATUSES)[number]))
    outcome.gain.push(number(cells.gain))
    outcome.contribution.push(number(cells.contribution))
    outcome.amongControls.push(this.amongControls(measure, patient))
    this.check('expectations.csv', cells, k, 0)
  }

  private openPatient(patient: string, cells: CsvRecord): void {
    this.closePatient()
    this.patient = { id: patient, outcomes: 0 }
    const at = this.year.partner.length
    if (this.exposure.patients[at] !== patient)
      this.differs('exposure.csv', `patient_id in row ${at + 1}`, this.exposure.patients[at], patient, cells.partner_id)
    this.year.partner.push(this.partnerPlace('expectations.csv', cells.partner_id ?? ''))
    this.year.practice.push(this.partnerPlace('expectations.csv', cells.practice_id ?? ''))
  }

  /** Every patient has a row for every outcome. */
  private closePatient(): void {
    const { id, outcomes } = this.patient
    if (this.year.partner.length === 0 || outcomes === this.outcomes.length) return
    this.differs('expectations.csv', `outcomes of ${id}`, outcomes, this.outcomes.length)
    for (const outcome of this.outcomes)
      while (outcome.status.length < this.year.partner.length) {
        outcome.status.push(-1)
        for (const column of [outcome.gain, outcome.contribution, outcome.amongControls]) column.push(NaN)
      }
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
      this.head!.model_ids[measure],
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
