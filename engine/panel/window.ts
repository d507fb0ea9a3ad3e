/** The feature window: what is known about a patient up to and including a landmark, as columns. */
import { historyColumns, ownHistory, otherHistory } from './history.ts'
import type { LandmarkRows } from './landmarks.ts'
import type { Panel, ReadingColumns } from './panel.ts'
import { personColumns } from './person.ts'
import { otherReadings, ownReadings } from './readings.ts'
import { dailySeriesOf, type DailySeries } from './series.ts'

/** Named columns over the same rows. NaN: not known at the landmark. */
export interface FeatureTable {
  readonly names: readonly string[]
  readonly rows: number
  readonly columns: readonly Float32Array[]
}

/** The features of a model of `measure` at each landmark (method.md 2): the own history of the measure in full, the programme's
 *  other measures more briefly, the person, conditions and medication as of the day. Never: counts of visits, claims,
 *  programme flags, the partner. A reading counts by its value and its age, however often was measured.
 *  @param rows landmarks; row r of every column belongs to row r */
export const windowOf = (panel: Panel, measure: string, rows: LandmarkRows): FeatureTable =>
  windowsOf(panel, rows)(measure)

/** The windows of a panel's measures at the same landmarks; shared columns are computed once. */
export function windowsOf(panel: Panel, rows: LandmarkRows): (measure: string) => FeatureTable {
  const known = new Map<string, Columns>()
  const once = (what: string, make: () => Columns): Columns => {
    const columns = known.get(what) ?? make()
    known.set(what, columns)
    return columns
  }
  const historyOf = (key: string): Columns =>
    once(`history ${key}`, () => prefixed(key, historyColumns(seriesOf(panel, key), rows, otherHistory)))
  const readingsOf = (key: string): Columns =>
    once(`readings ${key}`, () => otherReadings(seriesOf(panel, key), rows, key))
  return (measure) => {
    // The own measure first, the others by key: the order of a panel's measures leaves no trace.
    const others = panel.measures.filter((key) => key !== measure).sort()
    const isKnown = panel.measures.includes(measure)
    const own = seriesOf(panel, measure)
    const columns = new Map([
      ...(isKnown ? prefixed('own', historyColumns(own, rows, ownHistory)) : []),
      ...others.flatMap((key) => [...historyOf(key)]),
      ...once('person', () => personColumns(panel, rows)),
      ...(isKnown ? ownReadings(own, rows) : []),
      ...others.flatMap((key) => [...readingsOf(key)]),
    ])
    return { names: [...columns.keys()], rows: rows.day.length, columns: [...columns.values()] }
  }
}

type Columns = ReadonlyMap<string, Float32Array>

const prefixed = (prefix: string, columns: Columns): Columns =>
  new Map([...columns].map(([name, column]) => [`${prefix}.${name}`, column]))

/** The daily series of one measure of the panel; empty where the panel does not know the measure. */
export function seriesOf(panel: Panel, measure: string): DailySeries {
  const readings = panel.readings[panel.measures.indexOf(measure)]
  if (readings) return knownSeriesOf(readings)
  return { offsets: new Int32Array(panel.patientIds.length + 1), day: new Int32Array(0), value: new Float64Array(0) }
}

// Cached: every outcome and year uses the same series, and readings never change.
const dailySeries = new WeakMap<ReadingColumns, DailySeries>()

function knownSeriesOf(readings: ReadingColumns): DailySeries {
  const known = dailySeries.get(readings) ?? dailySeriesOf(readings)
  dailySeries.set(readings, known)
  return known
}
