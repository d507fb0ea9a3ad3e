/** A neural network on the window, trained with TensorFlow.js: what neither lines nor boxes describe. */
import { hashOf, mixed } from '../engine/fold.ts'
import { randomOf } from '../engine/random.ts'
import type { FeatureTable } from '../engine/window.ts'
import { columnOf, type Packed } from './bytes.ts'
import { columnNamed } from './design.ts'
import type { Estimator, Sample } from './estimator.ts'
import { crossByPairs, pairsOf } from './pairs.ts'
import { WIDTHS, type Lesson, type Scaling } from './lesson.ts'
import { rowsOutside, thinned } from './rows.ts'
import { tensorBackend } from './tensor-backend.ts'
import { trainTogether } from './network-training.ts'

/** Rows that one unit learns from at most: those with the smallest hash of (patient, day). */
const unitRows = 6000
/** y = mean + sd (b + x'a + swish(swish(x'W1 + b1)'W2 + b2)'w3), x the standardised features with what is missing marked.
 *  One unit a pair of folds, all trained at once; each with its own rows, scaling, shuffling and start. */
export const network: Estimator = {
  name: 'network',
  async crossFit(sample, seed) {
    const backend = await tensorBackend()
    const lessons = pairsOf(sample.folds).map((pair, k) =>
      lessonWithout(sample, pair, mixed(seed ^ hashOf(`network ${k}`, 0))),
    )
    const weights = trainTogether(backend.tf, lessons)
    const units = lessons.map(({ scaling, rows }, k): Packed => ({
      meta: { names: scaling.names, gaps: scaling.gaps, backend: backend.name, rows },
      arrays: { centre: scaling.centre, scale: scaling.scale, target: scaling.target, weights: weights[k]! },
    }))
    return crossByPairs(sample, units, (unit) => network.predictorOf(unit))
  },
  predictorOf(unit) {
    const scaling: Scaling = {
      names: unit.meta.names as string[],
      gaps: unit.meta.gaps as string[],
      centre: columnOf(unit, 'centre', 'f64'),
      scale: columnOf(unit, 'scale', 'f64'),
      target: columnOf(unit, 'target', 'f64'),
    }
    const weights = columnOf(unit, 'weights', 'f32')
    return (table) => forward(inputsOf(table, scaling), weights, scaling)
  },
}

function lessonWithout(sample: Sample, pair: readonly number[], seed: number): Lesson {
  const rankOf = (row: number): number => mixed(sample.patient[2 * row]! ^ Math.imul(sample.day[row]!, 0xc2b2ae35))
  const rows = thinned(rowsOutside(sample, ...pair), unitRows, rankOf)
  const scaling = scalingOf(sample, rows)
  const [mean, sd] = scaling.target as unknown as [number, number]
  return {
    rows: rows.length,
    width: scaling.names.length + scaling.gaps.length,
    inputs: inputsOf(sample.table, scaling, rows),
    target: Float32Array.from(rows, (row) => (sample.target[row]! - mean) / sd),
    scaling,
    random: randomOf(seed),
  }
}

/** Every feature has an input, whether it varies or not: which do is a fact of all folds. Flags of conditions and medication are left to
 *  the families that take a flag for what it is. */
function scalingOf({ table, target }: Sample, rows: Int32Array): Scaling {
  const names = table.names.filter((name) => !/^(condition|medication)\./.test(name))
  const moments = names.map((name) => momentsOf(columnNamed(table, name), rows))
  return {
    names,
    gaps: names.filter((name) => name.endsWith('.last') || name === 'own.previous' || name.startsWith('own.mean_')),
    centre: Float64Array.from(moments, ([mean]) => mean),
    scale: Float64Array.from(moments, ([, sd]) => sd),
    target: Float64Array.from(momentsOf(target, rows)),
  }
}

/** Mean and standard deviation of the known values of the rows; (0, 1) where nothing varies, so that the input is 0 or nearly. */
function momentsOf(column: ArrayLike<number>, rows: Int32Array): [number, number] {
  let [count, sum] = [0, 0]
  for (const row of rows) {
    if (Number.isNaN(column[row]!)) continue
    count++
    sum += column[row]!
  }
  if (count === 0) return [0, 1]
  const mean = sum / count
  let squares = 0
  for (const row of rows) if (!Number.isNaN(column[row]!)) squares += (column[row]! - mean) ** 2
  const sd = Math.sqrt(squares / count)
  return [mean, sd > 1e-6 * (1 + Math.abs(mean)) ? sd : 1]
}

/** Far out is as good as very far out: a network extrapolates wildly. */
const mostSds = 4

function inputsOf(table: FeatureTable, { names, gaps, centre, scale }: Scaling, rows?: Int32Array): Float32Array {
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
 *  W1 [width, h1 + 1], b1 [h1 + 1], W2 [h1, h2], b2 [h2], w3 [h2]; the last column of W1 and b1 is the straight part. */
function forward(inputs: Float32Array, weights: Float32Array, { names, gaps, target }: Scaling): Float64Array {
  const width = names.length + gaps.length
  const [h1, h2] = WIDTHS
  const h = h1 + 1
  const b1 = width * h
  const w2 = b1 + h
  const b2 = w2 + h1 * h2
  const w3 = b2 + h2
  const out = new Float64Array(inputs.length / width)
  const [first, second] = [new Float64Array(h), new Float64Array(h2)]
  for (let row = 0; row < out.length; row++) {
    for (let j = 0; j < h; j++) first[j] = weights[b1 + j]!
    for (let k = 0, base = 0; k < width; k++, base += h) {
      const x = inputs[row * width + k]!
      if (x !== 0) for (let j = 0; j < h; j++) first[j] = first[j]! + x * weights[base + j]!
    }
    for (let j = 0; j < h2; j++) second[j] = weights[b2 + j]!
    for (let k = 0; k < h1; k++) {
      const x = swish(first[k]!)
      for (let j = 0; j < h2; j++) second[j] = second[j]! + x * weights[w2 + k * h2 + j]!
    }
    let sum = first[h1]!
    for (let j = 0; j < h2; j++) sum += swish(second[j]!) * weights[w3 + j]!
    out[row] = target[0]! + target[1]! * sum
  }
  return out
}
