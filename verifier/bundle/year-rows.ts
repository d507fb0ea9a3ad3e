/** The contract year in columns: what exposure.csv, control-fit.csv and expectations.csv say of one patient and index date, in one row. */
import { Names, Numbers } from './columns.ts'
import type { Findings } from './findings.ts'
import { type CsvRecord, number } from './parts.ts'
import { type ContractYear, STATUSES } from '../method/inputs.ts'
import { dayNumber } from '../method/numbers.ts'

interface GrowingOutcome {
  readonly status: Numbers
  readonly gain: Numbers
  readonly contribution: Numbers
  readonly amongControls: Numbers
}

/** P(measured) as fitted on controls, of one outcome. */
interface ControlFit {
  readonly rows: string[]
  readonly probability: Numbers
  /** the first that no expectation has asked for */
  next: number
}

const KEYS = ['index_on', 'partner_id'] as const

/** What gathering needs to know of the rest of the bundle. */
export interface Places {
  /** place of an outcome in the contract; -1, and told, if it is none of it */
  readonly outcome: (cells: CsvRecord) => number
  /** place of a partner; told if it is not in partners.csv */
  readonly partner: (partnerId: string) => number
  readonly check: (cells: CsvRecord, outcome: number) => void
  /** whether a patient may have index dates with these partners */
  readonly mayHave: (partners: readonly string[]) => boolean
}

export class YearRows {
  private readonly exposure = { rows: [] as string[], insurer: new Numbers(), days: new Numbers() }
  private readonly deaths = { died: new Numbers(), predicted: new Numbers() }
  private readonly insurers = new Names()
  private readonly controlFit = new Map<string, ControlFit>()
  private readonly year = {
    patient: new Numbers(),
    partner: new Numbers(),
    practice: new Numbers(),
    index: new Numbers(),
  }
  private readonly outcomes: readonly GrowingOutcome[]
  /** what tells the rows of a patient apart: columns of exposure.csv, none where a patient has one index date */
  private keys: readonly (typeof KEYS)[number][] = []
  private readonly places: Places
  private readonly findings: Findings
  private pending: CsvRecord[] = []
  private patients = 0

  constructor(outcomes: number, places: Places, findings: Findings) {
    this.outcomes = Array.from({ length: outcomes }, () => ({
      status: new Numbers(),
      gain: new Numbers(),
      contribution: new Numbers(),
      amongControls: new Numbers(),
    }))
    this.places = places
    this.findings = findings
  }

  readonly takeExposure = (cells: CsvRecord): void => {
    if (this.exposure.rows.length === 0) this.keys = KEYS.filter((key) => cells[key] !== undefined)
    this.exposure.rows.push(this.rowOf(cells))
    this.exposure.insurer.push(this.insurers.place(cells.insurer ? cells.insurer : 'unknown'))
    this.exposure.days.push(number(cells.exposure_days))
    this.deaths.died.push(number(cells.died))
    this.deaths.predicted.push(number(cells.death_probability))
  }

  readonly takeControlFit = (cells: CsvRecord): void => {
    const { measure = '' } = cells
    const fit = this.controlFit.get(measure) ?? { rows: [], probability: new Numbers(), next: 0 }
    this.controlFit.set(measure, fit)
    fit.rows.push(this.rowOf(cells))
    fit.probability.push(number(cells.measured_among_controls))
  }

  /** Rows of one patient come together. */
  readonly takeExpectation = (cells: CsvRecord): void => {
    if (this.pending[0] && this.pending[0].patient_id !== cells.patient_id) this.closePatient()
    this.pending.push(cells)
  }

  /** Everything that was read. */
  close(): { readonly year: ContractYear; readonly insurers: readonly string[] } {
    if (this.pending.length > 0) this.closePatient()
    const rows = this.year.partner.length
    if (rows !== this.exposure.rows.length) this.differs('exposure.csv', 'patients', this.exposure.rows.length, rows)
    for (const [measure, { rows: fitted, next }] of this.controlFit)
      if (next < fitted.length)
        this.differs('control-fit.csv', `patient_id of ${measure}`, fitted[next], 'an eligible patient, in order')
    const year = {
      patients: rows,
      patient: this.year.patient.get(),
      partner: this.year.partner.get(),
      practice: this.year.practice.get(),
      index: this.year.index.get(),
      insurer: this.exposure.insurer.get(),
      days: this.exposure.days.get(),
      died: this.deaths.died.get(),
      deathPredicted: this.deaths.predicted.get(),
      outcomes: this.outcomes.map(({ status, gain, contribution, amongControls }) => ({
        status: status.get(),
        gain: gain.get(),
        contribution: contribution.get(),
        amongControls: amongControls.get(),
      })),
    }
    return { year, insurers: this.insurers.list }
  }

  /** The name of a row: its patient, and where there may be several, the index date and whose it is. */
  private rowOf(cells: CsvRecord): string {
    return [cells.patient_id ?? '', ...this.keys.map((key) => cells[key] ?? '')].join(' ')
  }

  private closePatient(): void {
    const rows = new Map<string, CsvRecord[]>()
    for (const cells of this.pending) {
      const row = this.rowOf(cells)
      rows.set(row, [...(rows.get(row) ?? []), cells])
    }
    const partners = [...rows.values()].map(([first]) => first?.partner_id ?? '')
    if (!this.places.mayHave(partners)) {
      const of = `index_on of ${this.pending[0]?.patient_id ?? ''}`
      this.differs('expectations.csv', of, partners.length, 'one index date', partners[0])
    }
    for (const [row, cells] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1))) this.takeRow(row, cells)
    this.pending = []
    this.patients += 1
  }

  private takeRow(row: string, all: readonly CsvRecord[]): void {
    const at = this.year.partner.length
    const { partner_id: partner = '', practice_id: practice = '', index_on: indexOn = '' } = all[0]!
    if (this.exposure.rows[at] !== row)
      this.differs('exposure.csv', `patient_id in row ${at + 1}`, this.exposure.rows[at], row, partner)
    this.year.patient.push(this.patients)
    this.year.partner.push(this.places.partner(partner))
    this.year.practice.push(this.places.partner(practice))
    this.year.index.push(dayNumber(indexOn))
    for (const cells of all) this.takeOutcome(row, at, partner, cells)
    this.fill(row, at)
  }

  private takeOutcome(row: string, at: number, partner: string, cells: CsvRecord): void {
    const { measure = '' } = cells
    const k = this.places.outcome(cells)
    if (k < 0) return
    const outcome = this.outcomes[k]!
    if (outcome.status.length > at) {
      this.differs('expectations.csv', `rows of ${row}, ${measure}`, 2, 1, partner)
      return
    }
    if (cells.partner_id !== partner)
      this.differs('expectations.csv', `partner_id of ${row}, ${measure}`, cells.partner_id, 'one partner', partner)
    outcome.status.push(STATUSES.indexOf(cells.status as (typeof STATUSES)[number]))
    outcome.gain.push(number(cells.gain))
    outcome.contribution.push(number(cells.contribution))
    outcome.amongControls.push(this.amongControls(measure, row))
    this.places.check(cells, k)
  }

  /** The next of the measure's own list: both come in the same order. */
  private amongControls(measure: string, row: string): number {
    const fit = this.controlFit.get(measure)
    if (!fit || fit.rows[fit.next] !== row) return NaN
    return fit.probability.get()[fit.next++]!
  }

  /** Every row has every outcome. */
  private fill(row: string, at: number): void {
    const missing = this.outcomes.filter(({ status }) => status.length <= at)
    if (missing.length === 0) return
    const { length } = this.outcomes
    this.differs('expectations.csv', `outcomes of ${row}`, length - missing.length, length)
    for (const { status, gain, contribution, amongControls } of missing) {
      status.push(-1)
      for (const column of [gain, contribution, amongControls]) column.push(NaN)
    }
  }

  private differs(part: string, field: string, found: unknown, recomputed: unknown, partner?: string): void {
    this.findings.add({ part, partner: partner ?? null, field, found, recomputed })
  }
}
