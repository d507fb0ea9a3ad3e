/** The input of the detectors from the panel of one shard: columns of the admitted patients, and counts of last digits per partner. */
import type { Contract, Outcome } from '../contract/contract.ts'
import type { Admissions } from '../assessment/eligibility.ts'
import type { Frame } from '../assessment/assessed-years.ts'
import { END_REASONS, type Panel, type ReadingColumns, type SpanColumns } from '../panel/panel.ts'
import type { Better } from '../contract/programme.ts'
import { healthOf } from '../assessment/health-value.ts'
import { realisationsOf } from '../assessment/realisation.ts'
import { countDigit, noDigits, type DigitCounts } from './digits.ts'
import { EARLIER, type Baselines } from './surprise.ts'

const YEAR = 365
/** Period of the readings with which the digits of the contract year are compared, days before the index date. */
const BEFORE = 730

/** One outcome of one shard; a row per admitted patient. */
export interface OutcomeSigns {
  readonly baselines: Baselines
  /** from the target to the reading that counts, days; NaN where there is none */
  readonly offsetDays: Float64Array
  /** by partner of the region: after the index date, and in the two years up to it */
  readonly digits: readonly { readonly now: DigitCounts; readonly before: DigitCounts }[]
}

/** The contract year of one shard; a row per admitted patient. */
export interface PanelSigns {
  readonly patientIds: readonly string[]
  readonly partner: Int32Array
  readonly practice: Int32Array
  /** 1: left before the end, and not by death */
  readonly left: Uint8Array
  /** 1: enrolled for less than a year on the index date */
  readonly isNew: Uint8Array
  /** conditions open at the end, less those open a year before the index date */
  readonly conditionGrowth: Float64Array
  readonly outcomes: readonly OutcomeSigns[]
}

export function panelSignsOf(
  panel: Panel,
  contract: Contract,
  admissions: Admissions,
  frame: Frame,
  better: Readonly<Record<string, Better>>,
): PanelSigns {
  const { patient, enrolment, indexOn } = admissions
  const { startedOn, endedOn, endReason } = panel.enrolments
  const died = END_REASONS.indexOf('died')
  const { until } = frame.indexDays
  const leaves = (row: number): boolean => {
    const ended = endedOn[enrolment[row]!]!
    return ended < until && endReason[enrolment[row]!] !== died && panel.diedOn[patient[row]!]! > ended
  }
  const rows = [...patient.keys()]
  return {
    patientIds: Array.from(patient, (at) => panel.patientIds[at]!),
    partner: admissions.partner,
    practice: admissions.practice,
    left: Uint8Array.from(rows, (row) => (leaves(row) ? 1 : 0)),
    isNew: Uint8Array.from(rows, (row) => (startedOn[enrolment[row]!]! > indexOn[row]! - YEAR ? 1 : 0)),
    conditionGrowth: Float64Array.from(rows, (row) => {
      const openOn = (day: number) => countOpen(panel.conditions, patient[row]!, day)
      return openOn(until - 1) - openOn(indexOn[row]! - YEAR)
    }),
    outcomes: contract.outcomes.map((outcome) => outcomeSignsOf(panel, outcome, admissions, frame, better)),
  }
}

function outcomeSignsOf(
  panel: Panel,
  outcome: Outcome,
  admissions: Admissions,
  frame: Frame,
  better: Readonly<Record<string, Better>>,
): OutcomeSigns {
  const readings = panel.readings[panel.measures.indexOf(outcome.measure)]!
  const { realisedOn, targetOn, realised } = realisationsOf(panel, admissions, outcome, frame)
  const worse = worseOf(outcome, better[outcome.measure]!)
  return {
    baselines: baselinesOf(readings, admissions, outcome.baselineDays, worse),
    offsetDays: realised.map((value, row) => (Number.isNaN(value) ? NaN : realisedOn[row]! - targetOn[row]!)),
    digits: digitsOf(readings, admissions, frame, panel.partners.length),
  }
}

/** A value on a scale where higher is worse, without the bounds of what counts. */
function worseOf(outcome: Outcome, better: Better): (y: number) => number {
  const health = healthOf({ ...outcome, countedRange: null }, better)
  return (y) => -health(y)
}

/** The last reading day up to the index date, and up to four before it; values of one day are averaged. */
function baselinesOf(
  { offsets, day, value }: ReadingColumns,
  { patient, indexOn }: Admissions,
  baselineDays: number,
  worse: (y: number) => number,
): Baselines {
  const rows = patient.length
  const baseline = new Float64Array(rows).fill(NaN)
  const earlier = new Float64Array(rows * EARLIER).fill(NaN)
  const gapDays = new Float64Array(rows).fill(NaN)
  for (let row = 0; row < rows; row++) {
    const first = offsets[patient[row]!]!
    let at = offsets[patient[row]! + 1]! - 1
    while (at >= first && day[at]! > indexOn[row]!) at--
    if (at < first || day[at]! < indexOn[row]! - baselineDays) continue
    const baselineOn = day[at]!
    for (let place = -1; place < EARLIER && at >= first; place++) {
      const on = day[at]!
      let [sum, count] = [0, 0]
      for (; at >= first && day[at] === on; at--, count++) sum += worse(value[at]!)
      if (place < 0) baseline[row] = sum / count
      else earlier[row * EARLIER + place] = sum / count
      if (place === 0) gapDays[row] = baselineOn - on
    }
  }
  return { baseline, earlier, gapDays }
}

function digitsOf(
  { offsets, day, value }: ReadingColumns,
  { patient, partner, indexOn }: Admissions,
  { indexDays }: Frame,
  partners: number,
) {
  const digits = Array.from({ length: partners }, () => ({ now: noDigits(), before: noDigits() }))
  for (let row = 0; row < patient.length; row++) {
    const counts = digits[partner[row]!]!
    for (let at = offsets[patient[row]!]!; at < offsets[patient[row]! + 1]!; at++) {
      const since = day[at]! - indexOn[row]!
      if (since > 0 && day[at]! < indexDays.until) countDigit(counts.now, value[at]!)
      else if (since <= 0 && since > -BEFORE) countDigit(counts.before, value[at]!)
    }
  }
  return digits
}

function countOpen({ offsets, since, until }: SpanColumns, patient: number, day: number): number {
  let open = 0
  for (let at = offsets[patient]!; at < offsets[patient + 1]!; at++) if (since[at]! <= day && day < until[at]!) open++
  return open
}
