/** The own readings themselves, for models that weigh each by its age and its error instead of reading summaries. */
import type { LandmarkRows } from './landmarks.ts'
import { firstAfter, type DailySeries } from './series.ts'

const YEAR_DAYS = 365.25
/** So many readings, or groups of them, a row holds. */
export const OWN_READINGS = 12
/** Columns of readings start with this: features of nothing but the families that know them. */
export const READING = 'reading.'
/** Readings this near to the newest of their group stand together, in years: a share of its age, and at least so much. */
const [nearShare, nearYears] = [0.3, 0.08]

/** `reading.k.value`, `reading.k.age` (years before the landmark), `reading.k.count`, k = 1 the newest: the mean of readings that lie close
 *  together, their mean age and how many they are; all that is left in the last. NaN where there is none. */
export function ownReadings(series: DailySeries, rows: LandmarkRows): Map<string, Float32Array> {
  const columns = new Map<string, Float32Array>()
  const column = (name: string): Float32Array => {
    const values = new Float32Array(rows.day.length).fill(NaN)
    columns.set(`${READING}${name}`, values)
    return values
  }
  const groups = Array.from({ length: OWN_READINGS }, (_, k) => ({
    value: column(`${k + 1}.value`),
    age: column(`${k + 1}.age`),
    count: column(`${k + 1}.count`),
  }))
  for (let row = 0; row < rows.day.length; row++) {
    const [patient, landmark] = [rows.patient[row]!, rows.day[row]!]
    const from = series.offsets[patient]!
    let at = firstAfter(series.day, from, series.offsets[patient + 1]!, landmark) - 1
    for (let k = 0; k < OWN_READINGS && at >= from; k++) {
      const oldest = k === OWN_READINGS - 1 ? Infinity : reachOf(landmark - series.day[at]!)
      let [values, days, count] = [0, 0, 0]
      for (; at >= from && landmark - series.day[at]! <= oldest; at--, count++) {
        values += series.value[at]!
        days += landmark - series.day[at]!
      }
      groups[k]!.value[row] = values / count
      groups[k]!.age[row] = days / count / YEAR_DAYS
      groups[k]!.count[row] = count
    }
  }
  return columns
}

/** Days up to which a group reaches whose newest reading is `days` old. */
const reachOf = (days: number): number => days + Math.max(nearYears * YEAR_DAYS, nearShare * days)
