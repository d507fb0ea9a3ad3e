/** The window: everything known about a patient up to and including a landmark, and nothing after, as columns. */
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

/** What a model of `measure` may see at each landmark (method.md 2): the own history of the measure in full, the programme's
 *  other measures more briefly, the person, conditions and medication as of the day. Never: counts of visits, claims,
 *  programme flags, the partner. A reading counts by its value and its age, however often was measured.
 *  @param rows landmarks; row r of every column belongs to row r */
export function windowOf(panel: Panel, measure: string, rows: LandmarkRows): FeatureTable {
  const columns = new Map<string, Float32Array>()
  // The own measure first, the others by key: the order of a panel's measures leaves no trace.
  const keys = [...panel.measures].sort((a, b) => (a === measure ? -1 : b === measure ? 1 : a < b ? -1 : 1))
  for (const key of keys) {
    const summary = key === measure ? ownHistory : otherHistory
    for (const [name, column] of historyColumns(seriesOf(panel, key), rows, summary))
      columns.set(`${key === measure ? 'own' : key}.${name}`, column)
  }
  for (const [name, column] of personColumns(panel, rows)) columns.set(name, column)
  for (const key of keys) {
    const series = seriesOf(panel, key)
    const readings = key === measure ? ownReadings(series, rows) : otherReadings(series, rows, key)
    for (const [name, column] of readings) columns.set(name, column)
  }
  return { names: [...columns.keys()], rows: rows.day.length, columns: [...columns.values()] }
}

/** The daily series of one measure of the panel; empty where the panel does not know the measure. */
export function seriesOf(panel: Panel, measure: string): DailySeries {
  const readings = panel.readings[panel.measures.indexOf(measure)]
  if (readings) return knownSeriesOf(readings)
  return { offsets: new Int32Array(panel.patientIds.length + 1), day: new Int32Array(0), value: new Float64Array(0) }
}

// Every outcome and every year asks for the same series again; readings never change.
const dailySeries = new WeakMap<ReadingColumns, DailySeries>()

function knownSeriesOf(readings: ReadingColumns): DailySeries {
  const known = dailySeries.get(readings) ?? dailySeriesOf(readings)
  dailySeries.set(readings, known)
  return known
}
