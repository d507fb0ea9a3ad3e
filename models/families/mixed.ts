/** The mixed model: fixed effects of the patient's characteristics, and random effects of the readings by best linear unbiased prediction. */
import { isReading } from '../../engine/panel/readings.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, type Packed } from '../sample/bytes.ts'
import type { CrossFit, Estimator, Sample } from '../estimator.ts'
import { processesOf } from './mixed-components.ts'
import { randomEffectsOf, type Process, type RandomEffects } from './mixed-process.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from './ridge.ts'
import { crossFitOf } from '../sample/outers.ts'
import { rowsOutside } from '../sample/rows.ts'

/** y(t + horizon) = x'b + (1 - s) x'd + b1 level + b2 course + b3 slope + bends of (level + course), the process of mixed-process.ts around the mean of
 *  the sample; s, the certainty of the readings, reduces the effect of the characteristics for patients with many readings. Shares and
 *  memory of the process by squared error over the folds the model may see; the b by ridge regression on the same rows (ridge.ts). */
export const mixedModel: Estimator = {
  name: 'mixed',
  crossFit(sample: Sample): CrossFit {
    const processOf = processesOf(sample)
    return crossFitOf(sample, (outer) => {
      const rows = rowsOutside(sample, outer)
      return fitMixed(sample, rows, processOf([outer], meanTarget(sample, rows)))
    })
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

/** The model of the rows, as a unit, and the held-out prediction of each row; other rows have NaN. */
export function fitMixed(
  sample: Sample,
  rows: Int32Array,
  process: Process,
): { readonly unit: Packed; readonly heldOut: Float64Array } {
  const mean = meanTarget(sample, rows)
  const table = mixedTable(sample.table, cachedEffects(sample.table, process), mean)
  const { linear, penalties, heldOut } = fitLinear({ ...sample, table }, rows)
  return { unit: packed(linear, process, mean, penalties), heldOut }
}

// Models of different folds mostly share one process, and predict the same table in turn.
const effectsByTable = new WeakMap<FeatureTable, Map<string, RandomEffects>>()

function cachedEffects(table: FeatureTable, process: Process): RandomEffects {
  const known = effectsByTable.get(table) ?? new Map<string, RandomEffects>()
  effectsByTable.set(table, known)
  const key = Object.values(process).join()
  const effects = known.get(key) ?? randomEffectsOf(table, process)
  known.set(key, effects)
  return effects
}

/** A unit as the linear predictor it is, over a table of its own. */
export function mixedOf(unit: Packed): { linear: Linear; tableOf: (table: FeatureTable) => FeatureTable } {
  const [level, course, error, memory, mean] = columnOf(unit, 'process', 'f64')
  const process: Process = { level: level!, course: course!, error: error!, memory: memory! }
  return { linear: linearOf(unit), tableOf: (table) => mixedTable(table, cachedEffects(table, process), mean!) }
}

function packed(linear: Linear, process: Process, mean: number, penalties: readonly number[]): Packed {
  const { level, course, error, memory } = process
  const unit = unitOf(linear, { penalties: [...penalties] })
  return { ...unit, arrays: { ...unit.arrays, process: Float64Array.of(level, course, error, memory, mean) } }
}

/** Features whose effect decreases with the certainty of the readings. */
const doubtful = (name: string): boolean =>
  ['age', 'female', 'enrolled_years'].includes(name) || name.endsWith('.level_year')

/** Besides the random effects, the newest reading and its age are kept, for their hinges. */
const isKept = (name: string): boolean =>
  name === 'own.last' || name === 'own.gap' || !(name.startsWith('own.') || isReading(name))

/** Replaces the summaries of readings by random effects; other features are kept. */
function mixedTable(table: FeatureTable, effects: RandomEffects, mean: number): FeatureTable {
  const columns = new Map<string, Float32Array>()
  const column = (name: string, valueAt: (row: number) => number): void => {
    const values = new Float32Array(table.rows)
    for (let row = 0; row < values.length; row++) values[row] = valueAt(row)
    columns.set(name, values)
  }
  const level = (row: number): number => effects.level[row]! - mean * effects.levelOfOne[row]!
  const course = (row: number): number => effects.course[row]! - mean * effects.courseOfOne[row]!
  const certainty = (row: number): number => effects.levelOfOne[row]! + effects.courseOfOne[row]!
  column('own.level', level)
  column('own.course', course)
  column('own.trend', (row) => effects.slope[row]! - mean * effects.slopeOfOne[row]!)
  column('own.certainty', certainty)
  // The name for which design.ts adds hinges.
  column('prediction', (row) => mean + level(row) + course(row))
  table.names.forEach((name, k) => {
    if (!isKept(name)) return
    const x = table.columns[k]!
    columns.set(name, x)
    if (doubtful(name)) column(`unsure.${name}`, (row) => (1 - certainty(row)) * x[row]!)
  })
  return { names: [...columns.keys()], rows: table.rows, columns: [...columns.values()] }
}
