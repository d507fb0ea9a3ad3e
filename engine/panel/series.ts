/** The daily series of a measure, from which features, targets and baselines are read. */
import type { ReadingColumns } from './panel.ts'

/** Values of one day averaged (method.md 1), per patient ascending by day; those of patient i lie between offsets[i] and offsets[i + 1]. */
export interface DailySeries {
  readonly offsets: Int32Array
  readonly day: Int32Array
  readonly value: Float64Array
}

/** The daily series of a measure's readings; each day's values are summed in their stored (ascending) order. */
export function dailySeriesOf(readings: ReadingColumns): DailySeries {
  const patients = readings.offsets.length - 1
  const offsets = new Int32Array(patients + 1)
  const day = new Int32Array(readings.day.length)
  const value = new Float64Array(readings.day.length)
  let size = 0
  for (let patient = 0; patient < patients; patient++) {
    const end = readings.offsets[patient + 1]!
    for (let at = readings.offsets[patient]!; at < end;) {
      const today = readings.day[at]!
      let [sum, count] = [0, 0]
      for (; at < end && readings.day[at] === today; at++, count++) sum += readings.value[at]!
      day[size] = today
      value[size++] = sum / count
    }
    offsets[patient + 1] = size
  }
  return { offsets, day: day.subarray(0, size), value: value.subarray(0, size) }
}

/** The first position in [from, to) whose day lies after `day`; `to` if none does. */
export function firstAfter(days: Int32Array, from: number, to: number, day: number): number {
  let [low, high] = [from, to]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (days[middle]! <= day) low = middle + 1
    else high = middle
  }
  return low
}
