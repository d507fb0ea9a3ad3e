/** How wide, and of which shape: a conditional spread times standardised residual quantiles, from predictions for people unseen. */
import type { FeatureTable } from '../engine/window.ts'
import { columnOf, type Json, type Packed } from './bytes.ts'
import type { Sample } from './estimator.ts'
import { rowsWhere } from './rows.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from './ridge.ts'

/** Levels 0.005, 0.010 ... 0.995: the quantiles that a predictive distribution is made of. */
export const LEVELS = 199

/** y = centre + scale(x) * z, with the quantiles of z by level of the centre: `shapes[g]` at `centres[g]`, linear between. */
export interface Spread {
  readonly scale: Linear
  /** the scale stays within these, in the measure's unit */
  readonly bounds: readonly [number, number]
  readonly centres: readonly number[]
  /** [groups][LEVELS], ascending, of mean 0 */
  readonly shapes: readonly Float64Array[]
}

/** What the width is read from: the prediction itself and how restless, how old and how long the own history is. */
const widthFeatures = [
  'own.sd',
  'own.jump',
  'own.gap',
  'own.last',
  'own.level_year',
  'own.certainty_year',
  'own.certainty_ever',
  'own.last_less_mean',
  'own.slope_recent',
  'age',
  'female',
  'enrolled_years',
]

/** Fits the spread on held-out predictions: rows where `centre` is NaN are not seen.
 *  Scale: ridge on |residual| (its cross-validated penalty flattens it where width is no more than noise). Shape: quantiles of
 *  residual / scale, each scaled by what had not seen it, at p (n + 1) as split conformal does; shifted to mean 0 so that
 *  the distribution's mean is the blend's. */
export function fitSpread(sample: Sample, centre: Float64Array): Spread {
  const rows = rowsWhere(centre.length, (row) => !Number.isNaN(centre[row]!))
  const size = Float64Array.from(sample.target, (y, row) => Math.abs(y - centre[row]!))
  const typical = rows.reduce((sum, row) => sum + size[row]!, 0) / rows.length
  const bounds = [Math.max(0.3 * typical, 1e-9), 4 * typical + 1e-9] as const
  const { linear, heldOut } = fitLinear({ ...sample, table: widthTable(sample.table, centre), target: size }, rows)
  const z = new Float64Array(sample.target.length)
  for (const row of rows) z[row] = (sample.target[row]! - centre[row]!) / within(heldOut[row]!, bounds)
  return { scale: linear, bounds, ...shapesOf(rows, centre, z) }
}

/** Scales over a table: [rows], in the measure's unit, above 0. */
export const scalesOf = ({ scale, bounds }: Spread, table: FeatureTable, centre: Float64Array): Float64Array =>
  linearPredictions(scale, widthTable(table, centre)).map((x) => within(x, bounds))

/** Where a centre lies between the shapes: the lower shape's index and the share of the next. */
export function shapeAt({ centres }: Spread, centre: number): readonly [number, number] {
  const last = centres.length - 1
  if (centre <= centres[0]! || last === 0) return [0, 0]
  if (centre >= centres[last]!) return [last, 0]
  const next = centres.findIndex((x) => x > centre)
  return [next - 1, (centre - centres[next - 1]!) / (centres[next]! - centres[next - 1]!)]
}

export const packSpread = ({ scale, bounds, centres, shapes }: Spread): Packed => {
  const unit = unitOf(scale, { bounds: bounds as unknown as Json, centres })
  return {
    meta: unit.meta,
    arrays: { ...unit.arrays, shapes: Float64Array.from(shapes.flatMap((shape) => [...shape])) },
  }
}

export function unpackSpread(unit: Packed): Spread {
  const shapes = columnOf(unit, 'shapes', 'f64')
  const centres = unit.meta.centres as number[]
  return {
    scale: linearOf(unit),
    bounds: unit.meta.bounds as unknown as [number, number],
    centres,
    shapes: centres.map((_, g) => shapes.slice(g * LEVELS, (g + 1) * LEVELS)),
  }
}

const within = (x: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, x))

function widthTable(table: FeatureTable, centre: Float64Array): FeatureTable {
  const names = widthFeatures.filter((name) => table.names.includes(name))
  return {
    names: ['prediction', ...names],
    rows: table.rows,
    columns: [Float32Array.from(centre), ...names.map((name) => table.columns[table.names.indexOf(name)]!)],
  }
}

/** Fewer residuals than this do not make a shape of their own. */
const rowsPerShape = 400
const mostShapes = 5

function shapesOf(rows: Int32Array, centre: Float64Array, z: Float64Array): Pick<Spread, 'centres' | 'shapes'> {
  const groups = Math.max(1, Math.min(mostShapes, Math.floor(rows.length / rowsPerShape)))
  const ordered = [...rows].sort((a, b) => centre[a]! - centre[b]! || a - b)
  const parts = Array.from({ length: groups }, (_, g) =>
    ordered.slice(Math.floor((g * ordered.length) / groups), Math.floor(((g + 1) * ordered.length) / groups)),
  )
  return {
    centres: parts.map((part) => centre[part[part.length >> 1]!]!),
    shapes: parts.map((part) => quantilesOf(Float64Array.from(part, (row) => z[row]!).sort())),
  }
}

/** The quantiles at k / 200, k = 1..199, of ascending values, at position p (n + 1), less their mean. */
function quantilesOf(sorted: Float64Array): Float64Array {
  const n = sorted.length
  const quantiles = new Float64Array(LEVELS)
  let sum = 0
  for (let k = 0; k < LEVELS; k++) {
    const position = ((k + 1) / (LEVELS + 1)) * (n + 1) - 1
    const below = Math.min(n - 1, Math.max(0, Math.floor(position)))
    const above = Math.min(n - 1, below + 1)
    const share = Math.min(1, Math.max(0, position - below))
    quantiles[k] = sorted[below]! + share * (sorted[above]! - sorted[below]!)
    sum += quantiles[k]!
  }
  return quantiles.map((q) => q - sum / LEVELS)
}
