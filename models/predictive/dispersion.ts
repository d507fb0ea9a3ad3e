/** The dispersion of predictive distributions: a conditional scale times the distribution of standardised residuals, from held-out predictions. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, type Json, type Packed } from '../sample/bytes.ts'
import type { Sample } from '../estimator.ts'
import { inParts } from '../sample/parts.ts'
import { rowsWhere } from '../sample/rows.ts'
import { fitLinear, linearOf, linearPredictions, unitOf, type Linear } from '../families/ridge.ts'
import { censoredQuantiles } from './censored-shape.ts'
import { matchedCentre } from './matched-centre.ts'
import { censored, onScale, type LogOffset, type Support } from './support.ts'
import { fitWidths, noWidthFactors, peopleOf, widthsOf, type WidthFactors } from './dispersion-people.ts'

/** Levels 0.005, 0.010 ... 0.995: the quantiles that a predictive distribution is made of. */
export const LEVELS = 199

/** y = centre + scale(x) * width(age, sex) * z, with the quantiles of z by level of the centre: `shapes[g]` at `centres[g]`, linear between. */
export interface Dispersion {
  /** y lies on the measure's steps and within its range, with its mass at each end: exact-distribution.ts */
  readonly exact: boolean
  /** the scale on which y = centre + scale * z; null: the measure's own */
  readonly offset: LogOffset
  readonly scale: Linear
  /** the scale stays within these, in the measure's unit */
  readonly bounds: readonly [number, number]
  readonly widths: WidthFactors
  readonly centres: readonly number[]
  /** [groups][LEVELS], ascending; of mean 0 unless exact */
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
export function fitDispersion(
  sample: Sample,
  centre: Float64Array,
  support: Support,
  offset: LogOffset = null,
): Dispersion {
  const rows = rowsWhere(centre.length, (row) => !Number.isNaN(centre[row]!))
  if (isExact(sample.target, rows, support, offset)) return fitExact(sample, centre, rows, support, offset)
  const size = Float64Array.from(sample.target, (y, row) => Math.abs(y - centre[row]!))
  const bounds = boundsOf(size, rows)
  const { linear, heldOut } = fitLinear({ ...sample, table: widthTable(sample.table, centre), target: size }, rows)
  const z = new Float64Array(sample.target.length)
  for (const row of rows) z[row] = (sample.target[row]! - centre[row]!) / within(heldOut[row]!, bounds)
  const people = peopleOf(sample.table)
  const widths = fitWidths(rows, people, requiredFactors(shapesOf(rows, centre, z), rows, centre, z), groupsOfPeople)
  const width = widthsOf(widths, people)
  for (const row of rows) z[row]! /= width(row)
  return { exact: false, offset: null, scale: linear, bounds, widths, ...shapesOf(rows, centre, z) }
}

function boundsOf(size: Float64Array, rows: Int32Array): readonly [number, number] {
  const typical = rows.reduce((sum, row) => sum + size[row]!, 0) / rows.length
  return [Math.max(0.3 * typical, 1e-9), 4 * typical + 1e-9]
}

/** Whether the distributions of these rows keep to the values that the measure can have: with steps, with a mass at an end, or on logarithms. */
export const isExact = (target: Float64Array, rows: Int32Array, support: Support, offset: LogOffset): boolean =>
  offset !== null || support.step > 0 || reachesItsEnds(target, rows, support)

/** Ends with a smaller share of the values are no masses. */
const leastMass = 0.005

function reachesItsEnds(target: Float64Array, rows: Int32Array, { low, high }: Support): boolean {
  const count = rows.reduce((sum, row) => (target[row]! <= low || target[row]! >= high ? sum + 1 : sum), 0)
  return count > leastMass * rows.length
}

/** The same for values with steps, ends or a logarithmic scale. What a value says of the unrounded one is an interval, so the shapes are those that
 *  make the intervals most likely, around centres at which each row's mean is what was foretold; these depend on the
 *  shapes, which are estimated twice. No factors by age and sex: which of two equal scores at an end is covered cannot be told. */
function fitExact(
  sample: Sample,
  foretold: Float64Array,
  rows: Int32Array,
  support: Support,
  offset: LogOffset,
): Dispersion {
  const inRange = (y: number): number => within(y, [support.low, support.high])
  const centre = foretold.map((y) => (Number.isNaN(y) ? y : onScale(inRange(y), support, offset)))
  const size = Float64Array.from(sample.target, (y, row) => Math.abs(onScale(y, support, offset) - centre[row]!))
  const bounds = boundsOf(size, rows)
  const { linear, heldOut } = fitLinear({ ...sample, table: widthTable(sample.table, centre), target: size }, rows)
  const scale = heldOut.map((x) => within(x, bounds))
  const groups = inParts(rows, foretold, exactParts)
  const centres = groups.map((group) => foretold[group[group.length >> 1]!]!)
  const intervals = Array.from(sample.target, (y) => censored(y, support, offset))
  const shapesAround = (at: Float64Array): Float64Array[] =>
    groups.map((group) => {
      const end = (side: 0 | 1) => Float64Array.from(group, (row) => (intervals[row]![side] - at[row]!) / scale[row]!)
      return censoredQuantiles(end(0), end(1), LEVELS)
    })
  const first = { centres, shapes: shapesAround(centre) }
  const matched = matchedCentres(first, foretold, scale, { support, offset, isRough: true, rows })
  const dispersion = { exact: true, offset, scale: linear, bounds, widths: noWidthFactors }
  return { ...dispersion, centres, shapes: shapesAround(matched) }
}

/** The centres, on the scale of errors, at which each row's distribution has the mean that was foretold: [rows]; NaN for rows not asked for. */
export function matchedCentres(
  { centres, shapes }: Shapes,
  foretold: Float64Array,
  scale: Float64Array,
  { rows, ...how }: { support: Support; offset: LogOffset; isRough?: boolean; rows?: Int32Array },
): Float64Array {
  const matched = new Float64Array(foretold.length).fill(NaN)
  for (const row of rows ?? foretold.keys()) {
    const [at, share] = shapeAt({ centres }, foretold[row]!)
    const between = { lower: shapes[at]!, upper: shapes[Math.min(at + 1, shapes.length - 1)]! }
    matched[row] = matchedCentre(between, share, foretold[row]!, scale[row]!, how)
  }
  return matched
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

/** Scales over a table: [rows], above 0, on the scale of errors.  @param foretold means, in the measure's unit */
export function scalesOf(
  { scale, bounds, widths, exact, offset }: Dispersion,
  table: FeatureTable,
  foretold: Float64Array,
  support: Support,
): Float64Array {
  const width = widthsOf(widths, peopleOf(table))
  const centre = exact
    ? foretold.map((y) => onScale(within(y, [support.low, support.high]), support, offset))
    : foretold
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

export const packDispersion = ({ exact, offset, scale, bounds, widths, centres, shapes }: Dispersion): Packed => {
  // the factors are numbers by name, but an interface: Json has an index signature
  const unit = unitOf(scale, { exact, offset, bounds, centres, widths: widths as unknown as Json })
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
    // models that were frozen before there were any have neither
    exact: unit.meta.exact === true,
    offset: (unit.meta.offset as LogOffset | undefined) ?? null,
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

/** Near an end shapes change fast. */
const exactParts = { least: 500, most: 12 }

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
