/** Baseline and realised value of each patient for an outcome, and the status that follows (method.md 1). */
import { DIED, ENROLLED_LATE, LEFT, MEASURED, MISSING, NO_BASELINE } from './assessment.ts'
import { NEVER, type EpochDay } from '../kernel/calendar.ts'
import type { Outcome } from '../contract/contract.ts'
import { horizonAfter } from '../contract/term.ts'
import type { Admissions } from './eligibility.ts'
import type { Frame } from './assessed-years.ts'
import { END_REASONS, type Panel, type ReadingColumns } from '../panel/panel.ts'
import { quantised } from '../kernel/quantise.ts'
import { invariant } from '../kernel/refusal.ts'

/** One outcome of one frame, a row per admission. */
export interface Realisations {
  /** index date + horizon (+ 365 days for each year elapsed), epoch days */
  readonly targetOn: Int32Array
  /** index in STATUSES */
  readonly status: Uint8Array
  /** the last value in [index - baseline_days, index], in the measure's unit; NaN if none */
  readonly baseline: Float64Array
  /** the value nearest to the target within the window; NaN unless measured */
  readonly realised: Float64Array
  /** epoch day; NEVER unless measured */
  readonly realisedOn: Int32Array
}

const ENDED_BY_DEATH = END_REASONS.indexOf('died')
const ENDED_BY_MOVE = END_REASONS.indexOf('moved')

/** Status, baseline and realised value of every admission for one outcome; values of one day are averaged. */
export function realisationsOf(panel: Panel, admissions: Admissions, outcome: Outcome, frame: Frame): Realisations {
  const measure = panel.measures.indexOf(outcome.measure)
  const readings = panel.readings[measure]
  invariant(readings, `the panel has the readings of ${outcome.measure}`)
  const rows = admissions.patient.length
  const targetOn = new Int32Array(rows)
  const status = new Uint8Array(rows)
  const baseline = new Float64Array(rows).fill(NaN)
  const realised = new Float64Array(rows).fill(NaN)
  const realisedOn = new Int32Array(rows).fill(NEVER)
  for (let row = 0; row < rows; row++) {
    const patient = admissions.patient[row]!
    const indexOn = admissions.indexOn[row]!
    const target = indexOn + horizonAfter(outcome, admissions.yearsElapsed[row]!)
    const opening = target - outcome.windowDays
    targetOn[row] = target
    const before = lastReading(readings, patient, indexOn - outcome.baselineDays, indexOn)
    if (before >= 0) baseline[row] = dayMean(readings, patient, before)
    const after = nearestReading(readings, patient, target, outcome.windowDays, frame.valuesUntil)
    if (opening > frame.lastOpening) status[row] = ENROLLED_LATE
    else if (before < 0) status[row] = NO_BASELINE
    else if (admissions.departed[row]! > 0) status[row] = admissions.departed[row]!
    else if (after >= 0) {
      status[row] = MEASURED
      realised[row] = dayMean(readings, patient, after)
      realisedOn[row] = readings.day[after]!
    } else status[row] = absence(panel, patient, indexOn, opening)
  }
  return { targetOn, status, baseline, realised, realisedOn }
}

/** Any reading of the last day within [since, through]; -1 if there is none. */
function lastReading({ offsets, day }: ReadingColumns, patient: number, since: EpochDay, through: EpochDay): number {
  let last = -1
  for (let at = offsets[patient]!; at < offsets[patient + 1]! && day[at]! <= through; at++)
    if (day[at]! >= since) last = at
  return last
}

/** Any reading of the day nearest to the target within the window; of two days equally near, the earlier; -1 if none. */
function nearestReading(
  { offsets, day }: ReadingColumns,
  patient: number,
  target: EpochDay,
  windowDays: number,
  until: EpochDay,
): number {
  let [nearest, distance] = [-1, windowDays + 1]
  for (let at = offsets[patient]!; at < offsets[patient + 1]! && day[at]! < until; at++)
    if (Math.abs(day[at]! - target) < distance) [nearest, distance] = [at, Math.abs(day[at]! - target)]
  return nearest
}

/** The mean of the values on the day of reading `at`. */
function dayMean({ offsets, day, value }: ReadingColumns, patient: number, at: number): number {
  let [sum, count] = [0, 0]
  let first = at
  while (first > offsets[patient]! && day[first - 1] === day[at]) first--
  for (let other = first; other < offsets[patient + 1]! && day[other] === day[at]; other++, count++)
    sum += value[other]!
  return quantised(sum / count)
}

/** Why there is no value: died or moved before the window opened, in that order; else it is missing, whatever the reason given.
 *  Any enrolment since the index date tells: a death after a change of practice is a death. */
function absence({ enrolments, diedOn }: Panel, patient: number, indexOn: EpochDay, opening: EpochDay): number {
  if (diedOn[patient]! < opening) return DIED
  let moved = false
  for (let at = enrolments.offsets[patient]!; at < enrolments.offsets[patient + 1]!; at++) {
    const endedOn = enrolments.endedOn[at]!
    if (endedOn <= indexOn || endedOn >= opening) continue
    if (enrolments.endReason[at] === ENDED_BY_DEATH) return DIED
    if (enrolments.endReason[at] === ENDED_BY_MOVE) moved = true
  }
  return moved ? LEFT : MISSING
}
