/** The dispersion of predictive distributions: a conditional scale times standardised residual quantiles, from held-out predictions. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, type Json, type Packed } from '../sample/bytes.ts'
import type { Sample } from '../estimator.ts'
import { inParts } from '../sample/parts.ts'
import { rowsWhere } from '../sample/rows.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from '../families/ridge.ts'
import { fitWidths, peopleOf, widthsOf, type WidthFactors } from './dispersion-people.ts'

/** Levels 0.005, 0.010 ... 0.995: the quantiles that a predictive distribution is made of. */
export const LEVELS = 199

/** y = centre + scale(x) * width(age, sex) * z, with the quantiles of z by level of the centre: `shapes[g]` at `centres[g]`, linear between. */
export interface Dispersion {
  readonly scale: Linear
  /** the scale stays within these, in the measure's unit */
  readonly bounds: readonly [number, number]
  readonly widths: WidthFactors
  readonly centres: readonly number[]
  /** [groups][LEVELS], ascending, of mean 0 */
  readonly shapes: readonly Float64Array[]
}

/** The features of the scale: the prediction, and the variability, age and length of the own history. */
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

/** Fits the dispersion on held-out predictions; rows where `centre` is NaN are excluded.
 *  Scale: ridge on |residual| (the cross-validated penalty shrinks it to a constant where it is noise). Shape: quantiles of
 *  residual / scale, each with a held-out scale, at p (n + 1) as split conformal does; shifted to mean 0 so that
 *  the distribution's mean is the blend's. Width factors by age and sex correct what the shapes by level leave. */
export function fitDispersion(sample: Sample, centre: Float64Array): Dispersion {
  const rows = rowsWhere(centre.length, (row) => !Number.isNaN(centre[row]!))
  const size = Float64Array.from(sample.target, (y, row) => Math.abs(y - centre[row]!))
  const typical = rows.reduce((sum, row) => sum + size[row]!, 0) / rows.length
  const bounds = [Math.max(0.3 * typical, 1e-9), 4 * typical + 1e-9] as const
  const { linear, heldOut } = fitLinear({ ...sample, table: widthTable(sample.table, centre), target: size }, rows)
  const z = new Float64Array(sample.target.length)
  for (const row of rows) z[row] = (sample.target[row]! - centre[row]!) / within(heldOut[row]!, bounds)
  const people = peopleOf(sample.table)
  const widths = fitWidths(rows, people, requiredFactors(shapesOf(rows, centre, z), rows, centre, z), groupsOfPeople)
  const width = widthsOf(widths, people)
  for (const row of rows) z[row]! /= width(row)
  return { scale: linear, bounds, widths, ...shapesOf(rows, centre, z) }
}

/** The least factor at which the interval from the 5% to the 95% level holds z: [rows], NaN where the interval does not contain 0. */
function requiredFactors(shapes: Shapes, rows: Int32Array, centre: Float64Array, z: Float64Array): Float64Array {
  const required = new Float64Array(z.length).fill(NaN)
  for (const row of rows) {
    const [shape, share] = shapeAt(shapes, centre[row]!)
    const next = shapes.shapes[Math.min(shape + 1, shapes.shapes.length - 1)]!
    const level = (k: number): number => shapes.shapes[shape]![k]! + share * (next[k]! - shapes.shapes[shape]![k]!)
    const [low, high] = [level(9), level(LEVELS - 10)]
    if (low < 0 && high > 0) required[row] = z[row]! / (z[row]! > 0 ? high : low)
  }
  return required
}

/** Scales over a table: [rows], in the measure's unit, above 0. */
export function scalesOf(
  { scale, bounds, widths }: Dispersion,
  table: FeatureTable,
  centre: Float64Array,
): Float64Array {
  const width = widthsOf(widths, peopleOf(table))
  return linearPredictions(scale, widthTable(table, centre)).map((x, row) => within(x, bounds) * width(row))
}

/** Where a centre lies between the shapes: the lower shape's index and the share of the next. */
export function shapeAt({ centres }: Pick<Dispersion, 'centres'>, centre: number): readonly [number, number] {
  const last = centres.length - 1
  if (centre <= centres[0]! || last === 0) return [0, 0]
  if (centre >= centres[last]!) return [last, 0]
  const next = centres.findIndex((x) => x > centre)
  return [next - 1, (centre - centres[next - 1]!) / (centres[next]! - centres[next - 1]!)]
}

export const packDispersion = ({ scale, bounds, widths, centres, shapes }: Dispersion): Packed => {
  // the factors are numbers by name, but an interface: Json has an index signature
  const unit = unitOf(scale, { bounds, centres, widths: widths as unknown as Json })
  return {
    meta: unit.meta,
    arrays: { ...unit.arrays, shapes: Float64Array.from(shapes.flatMap((shape) => [...shape])) },
  }
}

export function unpackDispersion(unit: Packed): Dispersion {
  const shapes = columnOf(unit, 'shapes', 'f64')
  // as `packDispersion` wrote them
  const { bounds, widths } = unit.meta as unknown as Pick<Dispersion, 'bounds' | 'widths'>
  const centres = unit.meta.centres as number[]
  return {
    scale: linearOf(unit),
    bounds,
    widths,
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

/** The fewest residuals of a shape. */
const parts = { least: 400, most: 5 }

/** The fewest residuals of a width factor, which is one number and needs fewer than a shape. */
const groupsOfPeople = { least: 200, most: 5 }

type Shapes = Pick<Dispersion, 'centres' | 'shapes'>

function shapesOf(rows: Int32Array, centre: Float64Array, z: Float64Array): Shapes {
  const groups = inParts(rows, centre, parts)
  return {
    centres: groups.map((group) => centre[group[group.length >> 1]!]!),
    shapes: groups.map((group) => quantilesOf(Float64Array.from(group, (row) => z[row]!).sort())),
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
