/** Several small networks taught at once on shared batches: each sees the folds that it may see, and weighs the others 0. */
import type * as Tensors from '@tensorflow/tfjs'
import { HIDDEN, type FoldRows, type Lesson } from './lesson.ts'

type Tf = typeof Tensors

/** Rows a step that a unit learns from, dealt evenly over its folds. */
const batch = 144
/** How often a unit sees each of its rows; and at most so many steps. */
const epochs = 14
const mostSteps = 120
const rate = 0.004
/** On squared weights, against overfitting small samples. */
const decay = 2e-4
/** The second half of the steps is averaged, at every so many: the mean of a walk is steadier than where it stops. */
const averageEvery = 10

/** Trains each lesson for steps that follow from its own folds' rows only. Nothing of a fold touches a unit that leaves it out: its rows
 *  stand at their own places in the batch and weigh 0 there, which adds exactly 0 to every sum.
 *  @returns per lesson the weights in the order that `network` reads: W1, b1, w2 */
export function trainTogether(tf: Tf, folds: readonly FoldRows[], lessons: readonly Lesson[]): Float32Array[] {
  const width = folds.find(({ rows }) => rows > 0)!.inputs.length / folds.find(({ rows }) => rows > 0)!.rows
  const variables = startOf(tf, lessons, width)
  const optimizer = tf.train.adam(rate)
  const quota = Math.ceil(batch / Math.max(1, folds.length - lessons[0]!.leftOut.length))
  const shares = tf.tensor2d(sharesOf(folds, lessons, quota), [folds.length * quota, lessons.length])
  const heads = tf.tensor2d(headsOf(lessons.length), [lessons.length * HIDDEN, lessons.length])
  const steps = lessons.map(({ leftOut }) => {
    const rows = folds.reduce((sum, fold, f) => sum + (leftOut.includes(f) ? 0 : fold.rows), 0)
    return Math.min(mostSteps, Math.max(20, Math.ceil((epochs * rows) / batch)))
  })
  const sums = lessons.map(() => ({ weights: new Float64Array(0), count: 0 }))
  const deal = dealer(folds, lessons, quota, width)
  for (let step = 1; step <= Math.max(...steps); step++) {
    const [x, y] = deal()
    tf.tidy(() => {
      const inputs = tf.tensor2d(x, [folds.length * quota, width])
      const target = tf.tensor2d(y, [folds.length * quota, lessons.length])
      const loss = () => lossOf(tf, variables, { inputs, target, shares, heads }) as Tensors.Scalar
      optimizer.minimize(loss, false, [...variables])
    })
    const due = steps.map((last) => step === last || (step < last && step > last / 2 && step % averageEvery === 0))
    if (!due.includes(true)) continue
    const now = weightsOf(variables, lessons.length, width)
    due.forEach((isDue, u) => {
      if (isDue) addTo(sums[u]!, now[u]!)
    })
  }
  for (const tensor of [...variables, shares, heads]) tensor.dispose()
  optimizer.dispose()
  return sums.map(({ weights, count }) => Float32Array.from(weights, (sum) => sum / count))
}

interface Batch {
  /** [rows, width] */
  readonly inputs: Tensors.Tensor2D
  /** [rows, units], standardised for each unit */
  readonly target: Tensors.Tensor2D
  /** [rows, units]: what each row weighs for each unit; sums to 1 over the rows */
  readonly shares: Tensors.Tensor2D
  /** [units x HIDDEN, units]: 1 where a hidden unit belongs to the unit */
  readonly heads: Tensors.Tensor2D
}

/** The sum over units of the mean squared error, and the decay. */
function lossOf(
  tf: Tf,
  variables: readonly Tensors.Variable[],
  { inputs, target, shares, heads }: Batch,
): Tensors.Tensor {
  const [w1, b1, w2] = variables as [Tensors.Variable, Tensors.Variable, Tensors.Variable]
  const [rows, units] = target.shape
  const hidden = units * HIDDEN
  const all = productOf(tf, inputs, w1, true).add(b1) // [rows, units x HIDDEN + units], the straight parts last
  const z = all.slice([0, 0], [rows, hidden])
  const swish = z.mul(tf.sigmoid(z))
  const bent = productOf(tf, swish, heads.mul(w2), false) // [rows, units]
  const error = all.slice([0, hidden], [rows, units]).add(bent).sub(target)
  return error.square().mul(shares).sum().add(w1.square().sum().add(w2.square().sum()).mul(decay))
}

/** a b, with gradients that turn their matrices round first: WebAssembly multiplies two matrices fast as they lie, but through a naive
 *  loop, some ten times slower, where it is asked to take one of them turned round. Data get no gradient. */
function productOf(tf: Tf, a: Tensors.Tensor, b: Tensors.Tensor, isData: boolean): Tensors.Tensor {
  const leftOf = (dy: Tensors.Tensor, right: Tensors.Tensor) => tf.matMul(dy, tf.transpose(right))
  const rightOf = (dy: Tensors.Tensor, left: Tensors.Tensor) => tf.matMul(tf.transpose(left), dy)
  const product = tf.customGrad((...given: unknown[]) => {
    const save = given.pop() as Tensors.GradSaveFunc
    const [left, right] = (isData ? [a, ...given] : given) as [Tensors.Tensor, Tensors.Tensor]
    save([left, right])
    return {
      value: tf.matMul(left, right),
      gradFunc: (dy: Tensors.Tensor, [x, w]: Tensors.Tensor[]) =>
        isData ? rightOf(dy, x!) : [leftOf(dy, w!), rightOf(dy, x!)],
    }
  })
  return isData ? product(b) : product(a, b)
}

/** Glorot-like starts from each lesson's own dice; biases and the straight part start at 0. */
function startOf(tf: Tf, lessons: readonly Lesson[], width: number): Tensors.Variable[] {
  const [units, hidden] = [lessons.length, lessons.length * HIDDEN]
  const w1 = new Float32Array(width * (hidden + units))
  const w2 = new Float32Array(hidden)
  lessons.forEach(({ random }, u) => {
    for (let i = 0; i < width; i++)
      for (let j = 0; j < HIDDEN; j++) w1[i * (hidden + units) + u * HIDDEN + j] = random.normal() / Math.sqrt(width)
    for (let j = 0; j < HIDDEN; j++) w2[u * HIDDEN + j] = random.normal() / Math.sqrt(HIDDEN)
  })
  return [
    tf.variable(tf.tensor2d(w1, [width, hidden + units])),
    tf.variable(tf.zeros([1, hidden + units])),
    tf.variable(tf.tensor2d(w2, [hidden, 1])),
  ]
}

function headsOf(units: number): Float32Array {
  const heads = new Float32Array(units * HIDDEN * units)
  for (let u = 0; u < units; u++) for (let j = 0; j < HIDDEN; j++) heads[(u * HIDDEN + j) * units + u] = 1
  return heads
}

/** Every row of a unit's folds weighs the same in the long run, however even the deal: a fold weighs as its rows do. */
function sharesOf(folds: readonly FoldRows[], lessons: readonly Lesson[], quota: number): Float32Array {
  const shares = new Float32Array(folds.length * quota * lessons.length)
  lessons.forEach(({ leftOut }, u) => {
    const seen = (f: number): number => (leftOut.includes(f) ? 0 : folds[f]!.rows)
    const all = folds.reduce((sum, _, f) => sum + seen(f), 0)
    folds.forEach((_, f) => {
      for (let i = 0; i < quota; i++) shares[(f * quota + i) * lessons.length + u] = seen(f) / Math.max(1, all) / quota
    })
  })
  return shares
}

/** Batches, fold after fold, `quota` rows of each. */
function dealer(folds: readonly FoldRows[], lessons: readonly Lesson[], quota: number, width: number) {
  const decks = folds.map(deckOf)
  return (): [Float32Array, Float32Array] => {
    const x = new Float32Array(folds.length * quota * width)
    const y = new Float32Array(folds.length * quota * lessons.length)
    folds.forEach(({ rows, inputs, target }, f) => {
      if (rows === 0) return
      for (let i = f * quota; i < (f + 1) * quota; i++) {
        const row = decks[f]!()
        x.set(inputs.subarray(row * width, (row + 1) * width), i * width)
        lessons.forEach(({ scaling }, u) => {
          y[i * lessons.length + u] = (target[row]! - scaling.target[0]!) / scaling.target[1]!
        })
      }
    })
    return [x, y]
  }
}

/** Deals rows without putting back, shuffled anew each time the deck is through. */
function deckOf({ rows, random }: FoldRows): () => number {
  const order = Int32Array.from({ length: rows }, (_, i) => i)
  let next = rows
  return () => {
    if (next === rows) {
      next = 0
      for (let i = rows - 1; i > 0; i--) {
        const j = random.below(i + 1)
        const kept = order[i]!
        order[i] = order[j]!
        order[j] = kept
      }
    }
    return order[next++]!
  }
}

/** Each unit's own weights: W1 [width, HIDDEN + 1], b1 [HIDDEN + 1], w2 [HIDDEN]; the last column of W1 and b1 is the straight part. */
function weightsOf(variables: readonly Tensors.Variable[], units: number, width: number): Float32Array[] {
  const [w1, b1, w2] = variables.map((variable) => variable.dataSync() as Float32Array) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const [across, own] = [units * (HIDDEN + 1), HIDDEN + 1]
  return Array.from({ length: units }, (_, u) => {
    const weights = new Float32Array((width + 1) * own + HIDDEN)
    for (let i = 0; i <= width; i++) {
      const from = i < width ? w1.subarray(i * across, (i + 1) * across) : b1
      weights.set(from.subarray(u * HIDDEN, (u + 1) * HIDDEN), i * own)
      weights[i * own + HIDDEN] = from[units * HIDDEN + u]!
    }
    weights.set(w2.subarray(u * HIDDEN, (u + 1) * HIDDEN), (width + 1) * own)
    return weights
  })
}

function addTo(sum: { weights: Float64Array; count: number }, weights: Float32Array): void {
  if (sum.count === 0) sum.weights = new Float64Array(weights.length)
  for (let i = 0; i < weights.length; i++) sum.weights[i]! += weights[i]!
  sum.count++
}
