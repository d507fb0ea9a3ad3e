/** Raw readings as features, for models that use readings with their ages instead of summaries. */
import type { LandmarkRows } from './landmarks.ts'
import { firstAfter, type DailySeries } from './series.ts'

const YEAR_DAYS = 365.25
/** So many readings, or groups of them, a row holds of the own measure, and of each other measure. */
export const OWN_READINGS = 12
export const OTHER_READINGS = 3
/** The facts of a group of readings; of another measure without the count. */
const OWN_FACTS = ['value', 'age', 'count'] as const
const OTHER_FACTS = ['value', 'age'] as const
type Fact = (typeof OWN_FACTS)[number]

/** Readings this near to the newest of their group stand together, in years: a share of its age, and at least so much. */
const [nearShare, nearYears] = [0.3, 0.08]

/** The own measure's are `reading.k.value`, another's `KEY.reading.k.value`, k = 1 the newest. */
export const readingName = (k: number, fact: Fact, measure?: string): string =>
  `${measure === undefined ? '' : `${measure}.`}reading.${k}.${fact}`

/** Whether a column holds raw readings, which only some families use. */
export const isReading = (name: string): boolean => /^(.*\.)?reading\.\d+\.(value|age|count)$/.test(name)

/** The readings of the own measure: the newest OWN_READINGS groups, with how many each holds. */
export const ownReadings = (series: DailySeries, rows: LandmarkRows): Map<string, Float32Array> =>
  readingColumns(series, rows, OWN_READINGS, OWN_FACTS)

/** The readings of another measure: the newest OTHER_READINGS groups. */
export const otherReadings = (series: DailySeries, rows: LandmarkRows, measure: string): Map<string, Float32Array> =>
  readingColumns(series, rows, OTHER_READINGS, OTHER_FACTS, measure)

/** Per group of readings that lie close together: their mean, their mean age (years before the landmark) and how many they are; all that
 *  is left in the last group. NaN where there is none. */
function readingColumns(
  series: DailySeries,
  rows: LandmarkRows,
  most: number,
  facts: readonly Fact[],
  measure?: string,
): Map<string, Float32Array> {
  const columns = new Map<string, Float32Array>()
  const groups = Array.from({ length: most }, (_, k) =>
    facts.map((fact) => {
      const column = new Float32Array(rows.day.length).fill(NaN)
      columns.set(readingName(k + 1, fact, measure), column)
      return column
    }),
  )
  for (let row = 0; row < rows.day.length; row++) {
    const [patient, landmark] = [rows.patient[row]!, rows.day[row]!]
    const from = series.offsets[patient]!
    let at = firstAfter(series.day, from, series.offsets[patient + 1]!, landmark) - 1
    for (let k = 0; k < most && at >= from; k++) {
      const oldest = k === most - 1 ? Infinity : reachOf(landmark - series.day[at]!)
      let [values, days, count] = [0, 0, 0]
      for (; at >= from && landmark - series.day[at]! <= oldest; at--, count++) {
        values += series.value[at]!
        days += landmark - series.day[at]!
      }
      const [value, age, size] = groups[k]!
      value![row] = values / count
      age![row] = days / count / YEAR_DAYS
      if (size) size[row] = count
    }
  }
  return columns
}

/** Days up to which a group reaches whose newest reading is `days` old. */
const reachOf = (days: number): number => days + Math.max(nearYears * YEAR_DAYS, nearShare * days)
