/** One row of expectations.csv or placebo.csv against method.md 1 to 3: dates, health value, gain, contribution. */
import type { Contract, Outcome } from '../method/contract.ts'
import type { Findings } from './findings.ts'
import { eligible, MEASURED, STATUSES } from '../method/inputs.ts'
import { dayNumber, dayText } from '../method/numbers.ts'
import { horizonDays, indexDays, isEpisodes, yearsSince } from '../method/term.ts'

export interface Row {
  readonly part: string
  readonly partner: string
  readonly patient: string
  readonly measure: string
  /** 0: the contract year */
  readonly yearsBefore: number
  readonly cells: Readonly<Record<string, string>>
}

/** What an index date of a year, 0 for the contract's, is held to. */
interface Frame {
  /** the first and the last day that it may be */
  readonly first: string
  readonly last: string
  /** s of method.md 5: whole years between it and the year that is settled */
  readonly years: number
}

const SPREAD = ['q05', 'q10', 'q25', 'q50', 'q75', 'q90', 'q95']

/** Half of the last decimal, and what doubles of this size cannot tell apart. */
const written = (value: number): number => 0.5e-6 + 1e-9 * Math.max(1, Math.abs(value))

const amount = (text: string): number => (text === '' ? NaN : Number(text))

/** What a row says must follow from what it was given; and one index date a patient. */
export class RowChecks {
  private readonly contract: Contract
  private readonly better: Readonly<Record<string, string>>
  private readonly findings: Findings
  // a year has few days and a bundle millions of rows
  private readonly days = new Map<string, number>()
  private readonly frames = new Map<string, Frame>()

  constructor(contract: Contract, better: Readonly<Record<string, string>>, findings: Findings) {
    this.contract = contract
    this.better = better
    this.findings = findings
  }

  check(row: Row, outcome: Outcome, modelIds: Readonly<Record<string, string>>): void {
    const { cells } = row
    const frame = this.frame(cells.index_on ?? '', row.yearsBefore)
    const { years } = frame
    const modelId = modelIds[years === 0 ? row.measure : `${row.measure}.${years}`]
    const status = STATUSES.indexOf(cells.status as (typeof STATUSES)[number])
    if (status < 0) this.differs(row, 'status', cells.status, STATUSES.join(', '))
    if (cells.model_id !== (modelId ?? '')) this.differs(row, 'model_id', cells.model_id, modelId ?? '')
    if (cells.programme !== this.contract.programme)
      this.differs(row, 'programme', cells.programme, this.contract.programme)
    this.checkDays(row, outcome, frame, status)
    this.checkSpread(row)
    this.checkGain(row, outcome, status)
    this.checkContribution(row, status)
  }

  private checkDays(row: Row, outcome: Outcome, { first, last, years }: Frame, status: number): void {
    const { period, reference } = this.contract
    const { windowDays } = outcome
    const { index_on: indexOn = '', target_on: targetOn, realised_on: realisedOn = '' } = row.cells
    const target = this.day(indexOn) + horizonDays(outcome, years)
    if (this.day(targetOn ?? '') !== target) this.differs(row, 'target_on', targetOn, dayText(target))
    if (indexOn < first || indexOn > last)
      this.differs(row, 'index_on', indexOn, first === last ? first : `${first} to ${last}`)
    if (row.yearsBefore === 0) {
      const late = STATUSES[status] === 'enrolled_late'
      const isLate = !isEpisodes(this.contract) && target - windowDays > this.day(period.end)
      if (late !== isLate)
        this.differs(row, 'status', row.cells.status, late ? 'any but enrolled_late' : 'enrolled_late')
    } else if (realisedOn > reference.end) this.differs(row, 'realised_on', realisedOn, `up to ${reference.end}`)
    const measured = status === MEASURED
    if (measured !== (realisedOn !== '')) this.differs(row, 'realised_on', realisedOn, measured ? 'a day' : '')
    if (measured && Math.abs(this.day(realisedOn) - target) > windowDays)
      this.differs(row, 'realised_on', realisedOn, `within ${windowDays} days of ${dayText(target)}`)
  }

  private checkSpread(row: Row): void {
    const quantiles = SPREAD.map((name) => amount(row.cells[name] ?? ''))
    if (quantiles.some((value, at) => at > 0 && value < quantiles[at - 1]!))
      this.differs(row, 'q05..q95', quantiles.join(' '), 'ascending')
    if (amount(row.cells.sd ?? '') < 0) this.differs(row, 'sd', row.cells.sd, 'at least 0')
  }

  private checkGain(row: Row, outcome: Outcome, status: number): void {
    const [realised, value, gain] = [row.cells.realised, row.cells.realised_value, row.cells.gain].map((text) =>
      amount(text ?? ''),
    ) as [number, number, number]
    if (status !== MEASURED) {
      if (!Number.isNaN(gain)) this.differs(row, 'gain', gain, '')
      return
    }
    const health = this.health(outcome, realised)
    if (!(Math.abs(value - health) <= written(health))) this.differs(row, 'realised_value', value, health)
    const difference = value - amount(row.cells.expected_value ?? '')
    if (!(Math.abs(gain - difference) <= 1e-9 * Math.max(1, Math.abs(difference))))
      this.differs(row, 'gain', gain, difference)
  }

  private checkContribution(row: Row, status: number): void {
    const [gain, pi, m, A] = ['gain', 'measured_probability', 'imputed_gain', 'contribution'].map((name) =>
      amount(row.cells[name] ?? ''),
    ) as [number, number, number, number]
    if (!eligible(status)) {
      if (!Number.isNaN(A)) this.differs(row, 'contribution', A, '')
      return
    }
    if (!(pi >= 0.1 && pi <= 1)) this.differs(row, 'measured_probability', pi, '0.1 to 1')
    const wanted = this.contributionOf(status === MEASURED, gain, pi, m)
    const same = Number.isNaN(wanted) ? Number.isNaN(A) : Math.abs(A - wanted) <= written(wanted)
    if (!same) this.differs(row, 'contribution', row.cells.contribution, Number.isNaN(wanted) ? '' : wanted)
  }

  /** A of method.md 3 */
  private contributionOf(measured: boolean, gain: number, pi: number, m: number): number {
    if (this.contract.missing === 'doubly_robust') return measured ? m + (gain - m) / pi : m
    return measured ? gain : this.contract.missing === 'zero' ? 0 : NaN
  }

  /** h of method.md 3 */
  private health({ measure, countedRange, target }: Outcome, y: number): number {
    const c = countedRange === null ? y : Math.min(countedRange[1], Math.max(countedRange[0], y))
    if (target !== null) return -Math.max(0, c - target[1], target[0] - c)
    return this.better[measure] === 'lower' ? -c : c
  }

  private frame(indexOn: string, yearsBefore: number): Frame {
    const key = `${yearsBefore} ${indexOn}`
    const known = this.frames.get(key)
    if (known) return known
    const frame = {
      ...indexDays(this.contract, yearsBefore),
      years: yearsSince(this.contract, indexOn, yearsBefore),
    }
    this.frames.set(key, frame)
    return frame
  }

  private day(text: string): number {
    const known = this.days.get(text)
    if (known !== undefined) return known
    const number = /^\d{4}-\d\d-\d\d$/.test(text) ? dayNumber(text) : NaN
    this.days.set(text, number)
    return number
  }

  private differs({ part, partner, patient, measure }: Row, field: string, found: unknown, recomputed: unknown): void {
    this.findings.add({ part, partner, field: `${field} of ${patient}, ${measure}`, found, recomputed })
  }
}
