/** Ridge regression on logarithms, for measures of which few people have much: albuminuria, days in hospital, exacerbations. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import type { Estimator, Sample } from '../estimator.ts'
import { offsetOf, SKEWED, skewnessOf } from '../sample/skew.ts'
import type { Packed } from '../sample/bytes.ts'
import { crossFitOf } from '../sample/outers.ts'
import { rowsOutside } from '../sample/rows.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from './ridge.ts'

/** E[Y] = factor x exp(x'b) + low - offset, with b by ridge on log(y - low + offset) and the factor at which held-out predictions have the mean
 *  of the values (a smearing estimate; Duan 1983). Features in the measure's unit are logarithms too. Values that are not skewed are
 *  foretold by their mean: this family has nothing to add there, and costs nothing. */
export const logRidge: Estimator = {
  name: 'log',
  crossFit: (sample) => crossFitOf(sample, (outer) => fitWithout(sample, outer)),
  predictorOf(unit) {
    const log = logOf(unit)
    return (table) => linearPredictions(log.linear, log.tableOf(table)).map(log.inUnit)
  },
}

interface Scale {
  readonly low: number
  readonly offset: number
  readonly factor: number
  /** no logarithm is larger than the largest that was seen */
  readonly most: number
}

const inUnitOf =
  ({ low, offset, factor, most }: Scale) =>
  (v: number): number =>
    factor * Math.exp(Math.min(v, most)) + low - offset

/** A unit as a linear predictor of logarithms, and the way there and back. */
export function logOf(unit: Packed): {
  linear: Linear
  tableOf: (table: FeatureTable) => FeatureTable
  inUnit: (v: number) => number
} {
  // as `packed` wrote it
  const scale = unit.meta.scale as unknown as Scale
  return { linear: linearOf(unit), tableOf: (table) => logTable(table, scale), inUnit: inUnitOf(scale) }
}

const packed = (linear: Linear, { low, offset, factor, most }: Scale): Packed =>
  unitOf(linear, { scale: { low, offset, factor, most } })

function fitWithout(sample: Sample, outer: number): { unit: Packed; heldOut: Float64Array } {
  const rows = rowsOutside(sample, outer)
  const values = Float64Array.from(rows, (row) => sample.target[row]!)
  const low = values.reduce((least, y) => Math.min(least, y), Infinity)
  const offset = offsetOf(values, low)
  if (!(offset > 0) || skewnessOf(values) <= SKEWED) return { ...meanOf(sample, rows), unit: noneOf(values) }
  const logs = { low, offset }
  const target = sample.target.map((y) => Math.log(Math.max(0, y - low) + offset))
  const table = logTable(sample.table, logs)
  const { linear, heldOut } = fitLinear({ ...sample, table, target }, rows)
  const most = rows.reduce((largest, row) => Math.max(largest, target[row]!), -Infinity)
  const [sum, foretold] = rows.reduce(
    ([a, b], row) => [a + sample.target[row]! - low + offset, b + Math.exp(Math.min(most, heldOut[row]!))],
    [0, 0],
  )
  const scale = { ...logs, most, factor: sum / foretold }
  return { unit: packed(linear, scale), heldOut: heldOut.map(inUnitOf(scale)) }
}

/** A unit that says the mean of the values: exp(0) x mean. */
const noneOf = (values: Float64Array): Packed =>
  packed(
    { terms: [], constant: 0, coefficients: new Float64Array(0) },
    { low: 0, offset: 0, most: 0, factor: values.reduce((sum, y) => sum + y, 0) / values.length },
  )

/** The mean of the other folds that may be seen: [rows], NaN for rows that may not. */
function meanOf({ target, fold, folds }: Sample, rows: Int32Array): { heldOut: Float64Array } {
  const [sums, counts] = [new Float64Array(folds), new Int32Array(folds)]
  for (const row of rows) {
    sums[fold[row]!]! += target[row]!
    counts[fold[row]!]!++
  }
  const total = (of: ArrayLike<number>): number => Array.from(of).reduce((a, b) => a + b, 0)
  const without = Float64Array.from(sums, (own, f) => (total(sums) - own) / Math.max(1, total(counts) - counts[f]!))
  const heldOut = new Float64Array(target.length).fill(NaN)
  for (const row of rows) heldOut[row] = without[fold[row]!]!
  return { heldOut }
}

/** Features in the measure's unit. */
const levels = new Set(
  [
    'last',
    'previous',
    'first',
    'mean_1y',
    'mean_2y',
    'mean',
    'low',
    'high',
    'level_quarter',
    'level_year',
    'level_ever',
  ].map((name) => `own.${name}`),
)

const logTable = (table: FeatureTable, { low, offset }: Pick<Scale, 'low' | 'offset'>): FeatureTable => ({
  ...table,
  columns: table.columns.map((column, k) =>
    levels.has(table.names[k]!) ? column.map((x) => Math.log(Math.max(0, x - low) + offset)) : column,
  ),
})
