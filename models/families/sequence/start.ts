/** Initial weights of the sequence network: attention at several time scales, and a ridge regression on the resulting features. */
import type { Random } from '../../../engine/kernel/random.ts'
import { solve } from '../../../engine/kernel/cholesky.ts'
import { gramsOf, gramSum, squaredError, type Gram } from '../../sample/gram.ts'
import { writeFeatures } from './forward.ts'
import { AGE, HERE, HIDDEN, MANY, NEAR, OUTPUTS, VALUE, WIDTH, type Layout } from './layout.ts'
import { measuredBy, type SequenceInputs } from './inputs.ts'
import { targetOf, type Scaling } from './readings.ts'

/** The initial weights of a network and the scaling of its last layer. */
export interface Start {
  /** [layout.size] */
  readonly weights: Float32Array
  /** of the features of the last layer, over the start rows: features are standardised by these */
  readonly centre: Float64Array
  readonly scale: Float64Array
}

/** Initial attention of the heads by [here, near, age, many]: from the newest reading to all of them. */
const initialAttention = {
  own: [
    [-2, 4.5, -0.5, 0.3],
    [-1, 2, -0.5, 0.3],
    [-0.7, 0.6, -0.3, 0.5],
    [-0.3, 0, 0, 0.7],
  ],
  other: [[-1, 2, -0.3, 0]],
} as const

/** Standard deviation of the noise that makes units differ initially. */
const initialNoise = 0.1

/** The rows of a fold that starts are computed from. */
export interface StartRows {
  readonly inputs: SequenceInputs
  /** [rows] in the measure's unit */
  readonly target: Float64Array
}

/** The start for the given folds; the penalties of the regression are cross-validated over them. */
export function startOf(layout: Layout, folds: readonly StartRows[], scaling: Scaling, random: Random): Start {
  const weights = new Float32Array(layout.size)
  for (const { measure, heads, weights: at } of layout.tracks)
    for (let h = 0; h < heads; h++) {
      const look = (measure === null ? initialAttention.own : initialAttention.other)[h]!
      ;[HERE, NEAR, AGE, MANY].forEach((fact, k) => (weights[at + h * WIDTH + fact] = look[k]!))
      for (let f = 0; f < WIDTH; f++) {
        weights[at + h * WIDTH + f]! += initialNoise * random.normal()
        weights[at + (heads + h) * WIDTH + f] = (f === VALUE ? 1 : 0) + initialNoise * random.normal()
      }
    }
  for (let k = 0; k < HIDDEN * layout.features; k++)
    weights[layout.last + k] = random.normal() / Math.sqrt(layout.features)
  for (let h = 0; h < OUTPUTS * HIDDEN; h++) weights[layout.outputs + h] = (0.1 * random.normal()) / Math.sqrt(HIDDEN)
  const { columns, y, starts } = featuresOf(layout, weights, folds, scaling)
  const { centre, scale } = centred(columns, y.length, layout.features)
  const line = bestLine(gramsOf(columns, y, starts, Infinity), layout)
  for (let k = 0; k < layout.features; k++) weights[layout.last + HIDDEN * layout.features + k] = line[k + 1]!
  weights[layout.constants + HIDDEN] = line[0]!
  weights[layout.constants + HIDDEN + 1] = Math.log(typicalError(columns, y, line))
  return { weights, centre, scale }
}

/** The features of the rows, column after column, fold after fold, and their standardised targets. */
function featuresOf(layout: Layout, weights: Float32Array, folds: readonly StartRows[], scaling: Scaling) {
  const starts = Int32Array.of(0, ...folds.map(({ target }) => target.length))
  for (let f = 1; f < starts.length; f++) starts[f]! += starts[f - 1]!
  const count = starts[folds.length]!
  const columns = new Float64Array(count * layout.features)
  const y = new Float64Array(count)
  const [mean, sd] = targetOf(scaling)
  const precise = Float64Array.from(weights)
  folds.forEach(({ inputs, target }, f) => {
    const { rows } = inputs
    const features = new Float64Array(layout.features * rows)
    const measured = measuredBy(inputs, scaling)
    writeFeatures(layout, precise, { inputs, measured, scaling, from: 0, rows }, features, rows)
    for (let k = 0; k < layout.features; k++)
      columns.set(features.subarray(k * rows, (k + 1) * rows), k * count + starts[f]!)
    target.forEach((value, i) => (y[starts[f]! + i] = (value - mean) / sd))
  })
  return { columns, y, starts }
}

/** Features are of order 1: one that hardly varies in the sample must not be scaled up, or an unusual patient would be predicted wildly. */
const leastScale = 0.15

/** Standardises the columns in place. */
function centred(columns: Float64Array, rows: number, width: number): Pick<Start, 'centre' | 'scale'> {
  const [centre, scale] = [new Float64Array(width), new Float64Array(width)]
  for (let k = 0; k < width; k++) {
    const column = columns.subarray(k * rows, (k + 1) * rows)
    const mean = column.reduce((sum, x) => sum + x, 0) / Math.max(1, rows)
    const sd = Math.sqrt(column.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, rows))
    centre[k] = mean
    scale[k] = Math.max(leastScale, sd)
    for (let i = 0; i < rows; i++) column[i] = (column[i]! - mean) / scale[k]!
  }
  return { centre, scale }
}

const lambdas = [1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3]
/** Factors on the penalties of other features and of hidden units. */
const factors = [1, 3, 10, 30, 300]
/** Of the own history, of other features, of hidden units. */
type Penalties = readonly [number, number, number]

/** Ridge regression on the features and the hidden units, the constant first; a penalty a group, by squared error over folds. */
function bestLine(grams: readonly Gram[], layout: Layout): Float64Array {
  const { tracks, newest, person, features } = layout
  const groupOf = (k: number): number =>
    k >= features ? 2 : k < 2 * tracks[0]!.heads || (k >= newest && k < person) ? 0 : 1
  const fit = ({ order, xx, xy, rows }: Gram, penalties: Penalties): Float64Array => {
    const a = new Float64Array(order * order)
    for (let i = 0; i < order; i++) for (let j = 0; j <= i; j++) a[i * order + j] = xx[j * order + i]!
    for (let k = 1; k < order; k++) a[k * order + k]! += Math.max(1, rows) * penalties[groupOf(k - 1)]!
    a[0]! += 1e-9
    return solve(a, xy) ?? new Float64Array(order)
  }
  const tests = grams.filter(({ rows }) => rows > 0)
  const trains = tests.map((test) => gramSum(tests.filter((gram) => gram !== test)))
  let best: { penalties: Penalties; error: number } = { penalties: [0.03, 0.1, 0.3], error: Infinity }
  const consider = (penalties: Penalties): void => {
    const error = tests.reduce((sum, gram, g) => sum + squaredError(gram, fit(trains[g]!, penalties)), 0)
    if (error < best.error) best = { penalties, error }
  }
  if (tests.length > 1) {
    for (const lambda of lambdas) consider([lambda, 3 * lambda, 3 * lambda])
    for (const factor of factors) consider([best.penalties[0], best.penalties[0] * factor, best.penalties[2]])
    for (const factor of factors) consider([best.penalties[0], best.penalties[1], best.penalties[0] * factor])
    for (const step of [0.3, 3]) consider([best.penalties[0] * step, best.penalties[1], best.penalties[2]])
  }
  return fit(gramSum(grams), best.penalties)
}

function typicalError(columns: Float64Array, y: Float64Array, line: Float64Array): number {
  let sum = 0
  for (let i = 0; i < y.length; i++) {
    let left = y[i]! - line[0]!
    for (let k = 1; k < line.length; k++) left -= line[k]! * columns[(k - 1) * y.length + i]!
    sum += Math.abs(left)
  }
  return Math.max(1e-3, sum / Math.max(1, y.length))
}
