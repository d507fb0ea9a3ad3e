/** The covariates of each admitted patient for the two regressions of method.md 3: of being measured, and of the gain.
 *
 *  Known at the index date: what was expected, who the patient is, how the measure was read until then. Afterwards, and
 *  before the window of the realisation: the readings in between. Never who delivers the care. */
import { dayOf, NEVER, type EpochDay } from '../kernel/calendar.ts'
import type { Outcome } from '../contract/contract.ts'
import { horizonAfter } from '../contract/term.ts'
import type { Admissions } from './eligibility.ts'
import { BLOCK_ROWS, type FactColumn, type Facts } from './facts.ts'
import type { Frame } from './assessed-years.ts'
import { ageIn, END_REASONS, type Panel, type ReadingColumns, type SpanColumns } from '../panel/panel.ts'
import { invariant } from '../kernel/refusal.ts'

const ENDED_BY_DEATH = END_REASONS.indexOf('died')
const yearDays = 365.25
/** How far back readings are counted, days: long enough to see a yearly rhythm twice. */
const rhythmDays = 730

export const KNOWN_FACTS = [
  'expected_mean',
  'expected_sd',
  'age_years',
  'age_years_squared',
  'female',
  'sex_x',
  'enrolled_years',
  'last_less_expected',
  'last_reading_days_ago',
  'readings_before',
  'any_reading_days_ago',
  'conditions',
  'medications',
] as const

export const INTERIM_FACTS = ['read_in_between', 'interim_less_expected', 'interim_days_before_window'] as const

/** What became of the patient; no regression of method.md 3 sees it. */
export const LATER_FACTS = ['died_after_days'] as const

/** All of them in one matrix, row-major [rows, KNOWN_FACTS + INTERIM_FACTS + LATER_FACTS]; NaN where a fact is not known. */
export interface FactMatrix {
  readonly rows: number
  readonly values: Float64Array
}

const width = KNOWN_FACTS.length + INTERIM_FACTS.length + LATER_FACTS.length

/** @param expected mean and sd of the predictive distribution, per admission, in the measure's unit */
export function patientFactsOf(
  panel: Panel,
  admissions: Admissions,
  outcome: Outcome,
  frame: Frame,
  expected: { readonly mean: Float64Array; readonly sd: Float64Array },
): FactMatrix {
  const readings = panel.readings[panel.measures.indexOf(outcome.measure)]
  invariant(readings, `the panel has the readings of ${outcome.measure}`)
  const rows = admissions.patient.length
  const values = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    const patient = admissions.patient[row]!
    const indexOn = admissions.indexOn[row]!
    const opening = indexOn + horizonAfter(outcome, admissions.yearsElapsed[row]!) - outcome.windowDays
    const mean = expected.mean[row]!
    const age = ageIn(Number(dayOf(indexOn).slice(0, 4)), panel.birthYear[patient]!)
    const last = lastThrough(readings, patient, indexOn)
    const interim = lastThrough(readings, patient, Math.min(opening, frame.valuesUntil) - 1)
    const inBetween = interim >= 0 && readings.day[interim]! > indexOn
    values.set(
      [
        mean,
        expected.sd[row]!,
        age,
        age * age,
        panel.sex[patient] === 1 ? 1 : 0,
        panel.sex[patient] === 2 ? 1 : 0,
        (indexOn - panel.enrolments.startedOn[admissions.enrolment[row]!]!) / yearDays,
        last < 0 ? NaN : readings.value[last]! - mean,
        last < 0 ? NaN : indexOn - readings.day[last]!,
        readDaysWithin(readings, patient, indexOn - rhythmDays, indexOn),
        anyReadingDaysAgo(panel, patient, indexOn),
        openOn(panel.conditions, patient, indexOn),
        openOn(panel.medications, patient, indexOn),
        inBetween ? 1 : 0,
        inBetween ? readings.value[interim]! - mean : NaN,
        inBetween ? opening - readings.day[interim]! : NaN,
        diedAfterDays(panel, patient, indexOn, frame.valuesUntil),
      ],
      row * width,
    )
  }
  return { rows, values }
}

/** The facts of an outcome, by what they are known from. */
export interface PatientFacts {
  /** on the index date */
  readonly known: Facts
  /** from between the index date and the window */
  readonly interim: Facts
  /** days from the index date to the death; NaN: none is known of */
  readonly diedAfter: FactColumn
}

/** The columns of such a matrix, by what they are known from. */
export const factsOf = (rows: number, values: Float64Array): PatientFacts => factsIn(factColumnsOf(rows, values))

/** The columns of the matrix; one that was stored before there were LATER_FACTS ends without them. */
export function factColumnsOf(rows: number, values: Float64Array): Float64Array[] {
  const stored = rows === 0 ? width : values.length / rows
  const columns = Array.from({ length: stored }, () => new Float64Array(rows))
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, rows)
    columns.forEach((column, at) => {
      for (let row = from, place = from * stored + at; row < to; row++, place += stored) column[row] = values[place]!
    })
  }
  return columns
}

/** Columns in the order of the matrix, split likewise. */
export function factsIn(columns: readonly FactColumn[]): PatientFacts {
  const later = KNOWN_FACTS.length + INTERIM_FACTS.length
  return {
    known: { names: KNOWN_FACTS, columns: columns.slice(0, KNOWN_FACTS.length) },
    interim: { names: INTERIM_FACTS, columns: columns.slice(KNOWN_FACTS.length, later) },
    diedAfter: columns[later] ?? new Float64Array(columns[0]?.length ?? 0).fill(NaN),
  }
}

/** Days from the index date to the death, by `died_on` or by an enrolment that ended with it, whichever is told of first; NaN if none is, or only
 *  from `until` on. */
function diedAfterDays({ enrolments, diedOn }: Panel, patient: number, indexOn: EpochDay, until: EpochDay): number {
  let died = diedOn[patient]!
  for (let at = enrolments.offsets[patient]!; at < enrolments.offsets[patient + 1]!; at++) {
    const endedOn = enrolments.endedOn[at]!
    if (endedOn > indexOn && enrolments.endReason[at] === ENDED_BY_DEATH) died = Math.min(died, endedOn)
  }
  return died < Math.min(until, NEVER) ? died - indexOn : NaN
}

/** The last reading on or before a day; -1 if there is none. */
function lastThrough({ offsets, day }: ReadingColumns, patient: number, through: EpochDay): number {
  let last = -1
  for (let at = offsets[patient]!; at < offsets[patient + 1]! && day[at]! <= through; at++) last = at
  return last
}

function readDaysWithin({ offsets, day }: ReadingColumns, patient: number, since: EpochDay, through: EpochDay): number {
  let [days, previous] = [0, -Infinity]
  for (let at = offsets[patient]!; at < offsets[patient + 1]! && day[at]! <= through; at++)
    if (day[at]! >= since && day[at]! !== previous) {
      days++
      previous = day[at]!
    }
  return days
}

function anyReadingDaysAgo(panel: Panel, patient: number, indexOn: EpochDay): number {
  let latest = -Infinity
  for (const readings of panel.readings) {
    const last = lastThrough(readings, patient, indexOn)
    if (last >= 0) latest = Math.max(latest, readings.day[last]!)
  }
  return latest === -Infinity ? NaN : indexOn - latest
}

const openOn = ({ offsets, since, until }: SpanColumns, patient: number, day: EpochDay): number => {
  let open = 0
  for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++) if (since[at]! <= day && day < until[at]!) open++
  return open
}
