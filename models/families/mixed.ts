/** The mixed model: who somebody is, and what his own readings add to it by best linear unbiased prediction. */
import { isReading } from '../../engine/panel/readings.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, type Packed } from '../sample/bytes.ts'
import type { CrossFit, Estimator, Sample } from '../estimator.ts'
import { processesOf } from './mixed-components.ts'
import { toldBy, type Process, type Told } from './mixed-process.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from './ridge.ts'
import { rowsOutside } from '../sample/rows.ts'

/** y(t + horizon) = x'b + (1 - s) x'd + b1 level + b2 course + b3 slope + bends of (level + course), the process of mixed-process.ts around the mean of
 *  the sample; s, the certainty of the readings, says how much less it matters who somebody is the better he is known. Shares and
 *  memory of the process by squared error over the folds the model may see; the b by ridge regression on the same rows (ridge.ts). */
export const mixedModel: Estimator = {
  name: 'mixed',
  crossFit(sample: Sample): CrossFit {
    const processOf = processesOf(sample)
    const outers = Array.from({ length: sample.folds + 1 }, (_, outer) => {
      const rows = rowsOutside(sample, outer)
      return fitMixed(sample, rows, processOf([outer], meanTarget(sample, rows)))
    })
    return {
      units: outers.map(({ unit }) => unit),
      members: outers.map((_, outer) => [outer]),
      heldOut: outers.map(({ heldOut }) => heldOut),
    }
  },
  predictorOf(unit) {
    const { linear, tableOf } = mixedOf(unit)
    return (table) => linearPredictions(linear, tableOf(table))
  },
}

export function meanTarget({ target }: Pick<Sample, 'target'>, rows: Int32Array): number {
  let sum = 0
  for (const row of rows) sum += target[row]!
  return sum / Math.max(1, rows.length)
}

/** The model of the rows, as a unit, and what it predicts of each of them without its fold; other rows have NaN. */
export function fitMixed(
  sample: Sample,
  rows: Int32Array,
  process: Process,
): { readonly unit: Packed; readonly heldOut: Float64Array } {
  const mean = meanTarget(sample, rows)
  const table = mixedTable(sample.table, toldOf(sample.table, process), mean)
  const { linear, penalties, heldOut } = fitLinear({ ...sample, table }, rows)
  return { unit: packed(linear, process, mean, penalties), heldOut }
}

// The folds' models mostly have one process, and are asked about one table after the other's.
const toldByTable = new WeakMap<FeatureTable, Map<string, Told>>()

function toldOf(table: FeatureTable, process: Process): Told {
  const known = toldByTable.get(table) ?? new Map<string, Told>()
  toldByTable.set(table, known)
  const key = Object.values(process).join()
  const told = known.get(key) ?? toldBy(table, process)
  known.set(key, told)
  return told
}

/** A unit as the linear predictor it is, over a table of its own. */
export function mixedOf(unit: Packed): { linear: Linear; tableOf: (table: FeatureTable) => FeatureTable } {
  const [level, course, error, memory, mean] = columnOf(unit, 'process', 'f64') as unknown as number[]
  const process: Process = { level: level!, course: course!, error: error!, memory: memory! }
  return { linear: linearOf(unit), tableOf: (table) => mixedTable(table, toldOf(table, process), mean!) }
}

function packed(linear: Linear, process: Process, mean: number, penalties: readonly number[]): Packed {
  const { level, course, error, memory } = process
  const unit = unitOf(linear, { penalties: [...penalties] })
  return { ...unit, arrays: { ...unit.arrays, process: Float64Array.of(level, course, error, memory, mean) } }
}

/** Who somebody is matters less for these the better his readings know him. */
const doubtful = (name: string): boolean =>
  ['age', 'female', 'enrolled_years'].includes(name) || name.endsWith('.level_year')

/** Beside what is told of them, the newest reading and its age stay: they bend. */
const isKept = (name: string): boolean =>
  name === 'own.last' || name === 'own.gap' || !(name.startsWith('own.') || isReading(name))

/** What the readings tell in place of the summaries of them; the rest as it was. */
function mixedTable(table: FeatureTable, told: Told, mean: number): FeatureTable {
  const columns = new Map<string, Float32Array>()
  const column = (name: string, valueAt: (row: number) => number): void => {
    const values = new Float32Array(table.rows)
    for (let row = 0; row < values.length; row++) values[row] = valueAt(row)
    columns.set(name, values)
  }
  const level = (row: number): number => told.level[row]! - mean * told.levelOfOne[row]!
  const course = (row: number): number => told.course[row]! - mean * told.courseOfOne[row]!
  const certainty = (row: number): number => told.levelOfOne[row]! + told.courseOfOne[row]!
  column('own.level', level)
  column('own.course', course)
  column('own.trend', (row) => told.slope[row]! - mean * told.slopeOfOne[row]!)
  column('own.certainty', certainty)
  // The name that design.ts bends.
  column('prediction', (row) => mean + level(row) + course(row))
  table.names.forEach((name, k) => {
    if (!isKept(name)) return
    const x = table.columns[k]!
    columns.set(name, x)
    if (doubtful(name)) column(`unsure.${name}`, (row) => (1 - certainty(row)) * x[row]!)
  })
  return { names: [...columns.keys()], rows: table.rows, columns: [...columns.values()] }
}
