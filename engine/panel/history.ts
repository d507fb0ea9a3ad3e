/** What the readings of one measure say at a landmark: levels, trends, spread, and how long ago. */
import type { LandmarkRows } from './landmarks.ts'
import { firstAfter, type DailySeries } from './series.ts'

const YEAR_DAYS = 365.25
/** Gaps beyond this say no more, in years. */
const longestGapYears = 5

/** Known values up to the landmark: `value[i]` was `age[i]` years old, oldest first. Reused from row to row. */
interface Known {
  size: number
  readonly age: Float64Array
  readonly value: Float64Array
}

/** A summary of what is known: its names, and how to write them into `out`; NaN where the history does not carry it. */
export interface Summary {
  readonly names: readonly string[]
  readonly write: (known: Known, out: Float64Array) => void
}

/** The columns of a summary over the landmarks, by name. */
export function historyColumns(series: DailySeries, rows: LandmarkRows, summary: Summary): Map<string, Float32Array> {
  const count = rows.day.length
  const columns = summary.names.map(() => new Float32Array(count))
  const out = new Float64Array(summary.names.length)
  let longest = 0
  for (let i = 0; i + 1 < series.offsets.length; i++)
    longest = Math.max(longest, series.offsets[i + 1]! - series.offsets[i]!)
  const known: Known = { size: 0, age: new Float64Array(longest), value: new Float64Array(longest) }
  for (let row = 0; row < count; row++) {
    const [from, landmark] = [series.offsets[rows.patient[row]!]!, rows.day[row]!]
    known.size = firstAfter(series.day, from, series.offsets[rows.patient[row]! + 1]!, landmark) - from
    for (let i = 0; i < known.size; i++) {
      known.age[i] = (landmark - series.day[from + i]!) / YEAR_DAYS
      known.value[i] = series.value[from + i]!
    }
    out.fill(NaN)
    if (known.size > 0) summary.write(known, out)
    for (let k = 0; k < out.length; k++) columns[k]![row] = out[k]!
  }
  return new Map(summary.names.map((name, k) => [name, columns[k]!]))
}

/** Memory of a level, years: what was measured `memory` ago weighs 1/e. */
const memories = { quarter: 0.25, year: 1, ever: Infinity } as const

/** The outcome's own measure, in full.
 *
 *  `level_*` is a mean that forgets, sum w v / sum w with w = exp(-age / memory); `certainty_*` = W / (W + 1), W = sum w, is how far
 *  such a level is to be believed against the population's: their product is the best linear unbiased prediction of a
 *  person's level, linear in what a model has to learn. Slopes are per year, drawn to 0 as a ridge on Sxx does it. */
export const ownHistory: Summary = {
  // prettier-ignore
  names: [
    'last', 'gap', 'previous', 'previous_gap', 'first', 'span', 'mean_1y', 'mean_2y', 'mean', 'low', 'high', 'sd',
    'level_quarter', 'certainty_quarter', 'level_year', 'certainty_year', 'level_ever', 'certainty_ever',
    'slope', 'slope_recent', 'last_less_mean', 'last_less_previous', 'jump',
  ],
  write(known, out) {
    const { size, age, value } = known
    const last = value[size - 1]!
    out[0] = last
    out[1] = Math.min(age[size - 1]!, longestGapYears)
    if (size > 1) {
      out[2] = value[size - 2]!
      out[3] = Math.min(age[size - 2]! - age[size - 1]!, longestGapYears)
    }
    out[4] = value[0]!
    out[5] = age[0]!
    out[6] = meanBetween(known, 0, 1)
    out[7] = meanBetween(known, 1, 2)
    const mean = meanBetween(known, 0, Infinity)
    out[8] = mean
    writeExtremes(known, out, 9)
    if (size > 1) out[11] = spreadOf(known, mean)
    let at = 12
    for (const memory of [memories.quarter, memories.year, memories.ever]) {
      out[at++] = levelOf(known, memory)
      out[at++] = certaintyOf(known, memory)
    }
    out[18] = slopeOf(known, memories.ever, 0.5)
    out[19] = slopeOf(known, memories.year, 0.1)
    out[20] = last - mean
    if (size > 1) {
      out[21] = last - value[size - 2]!
      out[22] = meanJump(known)
    }
  },
}

/** Another measure of the programme, in brief. */
export const otherHistory: Summary = {
  names: ['last', 'gap', 'level_year', 'slope'],
  write(known, out) {
    out[0] = known.value[known.size - 1]!
    out[1] = Math.min(known.age[known.size - 1]!, longestGapYears)
    out[2] = levelOf(known, memories.year)
    out[3] = slopeOf(known, memories.ever, 0.5)
  },
}

function meanBetween({ size, age, value }: Known, youngest: number, oldest: number): number {
  let [sum, count] = [0, 0]
  for (let i = 0; i < size; i++)
    if (age[i]! >= youngest && age[i]! < oldest) {
      sum += value[i]!
      count++
    }
  return count > 0 ? sum / count : NaN
}

function writeExtremes({ size, value }: Known, out: Float64Array, at: number): void {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < size; i++) {
    low = Math.min(low, value[i]!)
    high = Math.max(high, value[i]!)
  }
  out[at] = low
  out[at + 1] = high
}

function spreadOf({ size, value }: Known, mean: number): number {
  let squares = 0
  for (let i = 0; i < size; i++) squares += (value[i]! - mean) ** 2
  return Math.sqrt(squares / (size - 1))
}

/** The mean absolute step from reading to reading: how restless the measure is in this person. */
function meanJump({ size, value }: Known): number {
  let sum = 0
  for (let i = 1; i < size; i++) sum += Math.abs(value[i]! - value[i - 1]!)
  return sum / (size - 1)
}

// The weights are relative to the newest reading, so that an old history still has a level; only certainty fades.
function levelOf({ size, age, value }: Known, memory: number): number {
  const newest = age[size - 1]!
  let [sum, weights] = [0, 0]
  for (let i = 0; i < size; i++) {
    const weight = memory === Infinity ? 1 : Math.exp((newest - age[i]!) / memory)
    sum += weight * value[i]!
    weights += weight
  }
  return sum / weights
}

function certaintyOf({ size, age }: Known, memory: number): number {
  let weights = 0
  for (let i = 0; i < size; i++) weights += memory === Infinity ? 1 : Math.exp(-age[i]! / memory)
  return weights / (weights + 1)
}

/** Sxy / (Sxx + calm), change per year; a single reading has slope 0. */
function slopeOf({ size, age, value }: Known, memory: number, calm: number): number {
  const newest = age[size - 1]!
  let [w, wx, wy, wxx, wxy] = [0, 0, 0, 0, 0]
  for (let i = 0; i < size; i++) {
    const weight = memory === Infinity ? 1 : Math.exp((newest - age[i]!) / memory)
    w += weight
    wx -= weight * age[i]!
    wy += weight * value[i]!
    wxx += weight * age[i]! * age[i]!
    wxy -= weight * age[i]! * value[i]!
  }
  return (wxy - (wx * wy) / w) / (Math.max(0, wxx - (wx * wx) / w) + calm)
}
