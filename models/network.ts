/** A neural network on the window, trained with TensorFlow.js: what neither lines nor boxes describe. */
import { hashOf, mixed } from '../engine/fold.ts'
import { randomOf, type Random } from '../engine/random.ts'
import type { FeatureTable } from '../engine/window.ts'
import { columnOf, type Packed } from './bytes.ts'
import { columnNamed } from './design.ts'
import type { Estimator, Sample } from './estimator.ts'
import { crossByPairs, pairsOf } from './pairs.ts'
import { HIDDEN, type FoldRows, type Lesson, type Scaling } from './lesson.ts'
import { rowsWhere } from './rows.ts'
import { tensorBackend } from './tensor-backend.ts'
import { trainTogether } from './network-training.ts'

/** y = mean + sd (b + x'a + swish(x'W + c)'w), x the standardised features with what is missing marked.
 *  One unit a pair of folds, all trained at once; each with its own folds, scaling and start. */
export const network: Estimator = {
  name: 'network',
  async crossFit(sample, seed) {
    const backend = await tensorBackend()
    const dice = (name: string): Random => randomOf(mixed(seed ^ hashOf(name, 0)))
    const moments = Array.from({ length: sample.folds }, (_, f) => foldMoments(sample, f))
    const lessons = pairsOf(sample.folds).map((leftOut, k): Lesson => {
      const scaling = scalingOf(
        sample.table,
        moments.filter((_, f) => !leftOut.includes(f)),
      )
      return { leftOut, scaling, random: dice(`network ${k}`) }
    })
    const folds = moments.map((of, f) => foldRows(sample, of, dice(`fold ${f}`)))
    const weights = trainTogether(backend.tf, folds, lessons)
    const units = lessons.map(({ scaling }, k): Packed => ({
      meta: { names: scaling.names, gaps: scaling.gaps, backend: backend.name },
      arrays: { centre: scaling.centre, scale: scaling.scale, target: scaling.target, weights: weights[k]! },
    }))
    return crossByPairs(sample, units, (unit) => network.predictorOf(unit))
  },
  predictorOf(unit) {
    const scaling = scalingIn(unit)
    const weights = columnOf(unit, 'weights', 'f32')
    const turned = turnedRound(weights, scaling.names.length + scaling.gaps.length)
    return (table) => forward(inputsOf(table, scaling), weights, turned, scaling)
  },
}

/** The scaling that a unit was taught with. */
export const scalingIn = (unit: Packed): Scaling => ({
  names: unit.meta.names as string[],
  gaps: unit.meta.gaps as string[],
  centre: columnOf(unit, 'centre', 'f64'),
  scale: columnOf(unit, 'scale', 'f64'),
  target: columnOf(unit, 'target', 'f64'),
})

/** What is known of each fold by itself: its rows, and the moments of what the network sees and of the target, in that order. */
interface FoldMoments {
  readonly rows: Int32Array
  readonly moments: readonly Moments[]
}

/** Every feature has an input, whether it varies or not: which do is a fact of all folds. Flags of conditions and medication are left to
 *  the families that take a flag for what it is. */
const namesOf = (table: FeatureTable): string[] => table.names.filter((name) => !/^(condition|medication)\./.test(name))

function foldMoments({ table, target, fold }: Sample, of: number): FoldMoments {
  const rows = rowsWhere(fold.length, (row) => fold[row] === of)
  const columns = [...namesOf(table).map((name) => columnNamed(table, name)), target]
  return { rows, moments: columns.map((column) => momentsOf(column, rows)) }
}

function scalingOf(table: FeatureTable, folds: readonly FoldMoments[]): Scaling {
  const names = namesOf(table)
  const spreads = [...names, 'target'].map((_, k) => spreadOver(folds.map(({ moments }) => moments[k]!)))
  return {
    names,
    gaps: names.filter((name) => name.endsWith('.last') || name === 'own.previous' || name.startsWith('own.mean_')),
    centre: Float64Array.from(names, (_, k) => spreads[k]![0]),
    scale: Float64Array.from(names, (_, k) => spreads[k]![1]),
    target: Float64Array.from(spreads[names.length]!),
  }
}

function foldRows(sample: Sample, fold: FoldMoments, random: Random): FoldRows {
  const { rows } = fold
  const inputs = inputsOf(sample.table, scalingOf(sample.table, [fold]), rows)
  return { rows: rows.length, inputs, target: Float64Array.from(rows, (row) => sample.target[row]!), random }
}

/** Count, mean and sum of squares about it, of the known values of one fold. */
type Moments = readonly [number, number, number]

function momentsOf(column: ArrayLike<number>, rows: Int32Array): Moments {
  let [count, sum, squares] = [0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const x = column[rows[i]!]!
    if (Number.isNaN(x)) continue
    count++
    sum += x
  }
  const mean = count > 0 ? sum / count : 0
  for (let i = 0; i < rows.length; i++) {
    const off = column[rows[i]!]! - mean
    if (!Number.isNaN(off)) squares += off * off
  }
  return [count, mean, squares]
}

/** Mean and standard deviation over folds; (0, 1) where nothing varies, so that the input is 0 or nearly. */
function spreadOver(folds: readonly Moments[]): readonly [number, number] {
  const count = folds.reduce((sum, [n]) => sum + n, 0)
  if (count === 0) return [0, 1]
  const mean = folds.reduce((sum, [n, of]) => sum + n * of, 0) / count
  const squares = folds.reduce((sum, [n, of, within]) => sum + within + n * (of - mean) ** 2, 0)
  const sd = Math.sqrt(squares / count)
  return [mean, sd > 1e-6 * (1 + Math.abs(mean)) ? sd : 1]
}

/** Far out is as good as very far out: a network extrapolates wildly. */
const mostSds = 4

/** The inputs of the network, row-major: standardised features, then what is missing. */
export function inputsOf(
  table: FeatureTable,
  { names, gaps, centre, scale }: Scaling,
  rows?: Int32Array,
): Float32Array {
  const count = rows?.length ?? table.rows
  const width = names.length + gaps.length
  const inputs = new Float32Array(count * width)
  names.forEach((name, k) => {
    const column = columnNamed(table, name)
    for (let i = 0; i < count; i++) {
      const x = (column[rows ? rows[i]! : i]! - centre[k]!) / scale[k]!
      inputs[i * width + k] = Number.isNaN(x) ? 0 : Math.min(mostSds, Math.max(-mostSds, x))
    }
  })
  gaps.forEach((name, k) => {
    const column = columnNamed(table, name)
    for (let i = 0; i < count; i++)
      inputs[i * width + names.length + k] = Number.isNaN(column[rows ? rows[i]! : i]!) ? 1 : 0
  })
  return inputs
}

const swish = (x: number): number => x / (1 + Math.exp(-x))

/** The network in plain numbers: predicting needs no tensors, and gives the same on every backend. Weights lie one after the other:
 *  W [width, HIDDEN + 1], c [HIDDEN + 1], w [HIDDEN]; the last column of W and c is the straight part. */
function forward(
  inputs: Float32Array,
  weights: Float32Array,
  turned: Float64Array,
  { names, gaps, target }: Scaling,
): Float64Array {
  const width = names.length + gaps.length
  const own = HIDDEN + 1
  const out = new Float64Array(inputs.length / width)
  const sums = new Float64Array(own)
  const end = (width + 1) * own
  for (let row = 0; row < out.length; row++) {
    fillSums(sums, inputs, row * width, turned, width)
    let sum = sums[HIDDEN]!
    for (let j = 0; j < HIDDEN; j++) sum += swish(sums[j]!) * weights[end + j]!
    out[row] = target[0]! + target[1]! * sum
  }
  return out
}

/** [HIDDEN + 1][width + 1]: what each hidden unit weighs its inputs by, its constant last. */
function turnedRound(weights: Float32Array, width: number): Float64Array {
  const own = HIDDEN + 1
  return Float64Array.from(
    { length: own * (width + 1) },
    (_, at) => weights[(at % (width + 1)) * own + Math.floor(at / (width + 1))]!,
  )
}

/** Four hidden units at a time, whose sums stay in registers: this loop is most of what predicting takes. */
function fillSums(sums: Float64Array, inputs: Float32Array, at: number, turned: Float64Array, width: number): void {
  for (let j = 0; j < sums.length; j += 4) {
    const p = j * (width + 1)
    const q = p + width + 1
    const r = q + width + 1
    const s = r + width + 1
    let a = turned[p + width]!
    let b = turned[q + width]!
    let c = turned[r + width]!
    let d = turned[s + width]!
    for (let k = 0; k < width; k++) {
      const x = inputs[at + k]!
      a += x * turned[p + k]!
      b += x * turned[q + k]!
      c += x * turned[r + k]!
      d += x * turned[s + k]!
    }
    sums[j] = a
    sums[j + 1] = b
    sums[j + 2] = c
    sums[j + 3] = d
  }
}
