/** The target of an expectation: the value nearest to landmark + horizon. */
import { firstAfter, type DailySeries } from './series.ts'
import type { LandmarkRows } from './landmarks.ts'

/** No value in the window. */
export const NO_TARGET = -(2 ** 31)

export interface Targets {
  /** the measure's unit; NaN: no value in the window */
  readonly value: Float64Array
  /** epoch day of the value, negative before 1970; `NO_TARGET`: none */
  readonly day: Int32Array
}

export interface TargetRule {
  readonly horizonDays: number
  readonly windowDays: number
  /** values from this epoch day on do not exist */
  readonly until: number
}

/** Per landmark the value within `windowDays` of landmark + horizon: the nearest counts, of two equally near the earlier (method.md 1). */
export function targetsOf(series: DailySeries, rows: LandmarkRows, rule: TargetRule): Targets {
  const value = new Float64Array(rows.day.length).fill(NaN)
  const day = new Int32Array(rows.day.length).fill(NO_TARGET)
  for (let row = 0; row < rows.day.length; row++) {
    const patient = rows.patient[row]!
    const at = nearest(series, patient, rows.day[row]! + rule.horizonDays, rule)
    if (at < 0) continue
    value[row] = series.value[at]!
    day[row] = series.day[at]!
  }
  return { value, day }
}

function nearest(series: DailySeries, patient: number, aim: number, rule: TargetRule): number {
  const from = series.offsets[patient]!
  const to = firstAfter(series.day, from, series.offsets[patient + 1]!, rule.until - 1)
  const after = firstAfter(series.day, from, to, aim)
  const gapBefore = after > from ? aim - series.day[after - 1]! : Infinity
  const gapAfter = after < to ? series.day[after]! - aim : Infinity
  if (Math.min(gapBefore, gapAfter) > rule.windowDays) return -1
  return gapBefore <= gapAfter ? after - 1 : after
}
