/** Several small networks taught at once: their batches stacked, so that one tensor operation serves all. */
import type * as Tensors from '@tensorflow/tfjs'
import { WIDTHS, type Lesson } from './lesson.ts'

type Tf = typeof Tensors

/** Rows a step, per unit. */
const batch = 128
/** How often a unit sees each of its rows; and at most so many steps. */
const epochs = 14
const mostSteps = 320
const rate = 0.004
/** On squared weights, against overfitting small samples. */
const decay = 2e-4
/** The second half of the steps is averaged, at every so many: the mean of a walk is steadier than where it stops. */
const averageEvery = 10

/** Trains each lesson for steps that follow from its own rows only; nothing of one unit touches another's numbers, since every operation is
 *  elementwise or batched over the first axis.
 *  @returns per lesson the weights in the order that `network` reads: W1, b1, W2, b2, w3 */
export function trainTogether(tf: Tf, lessons: readonly Lesson[]): Float32Array[] {
  const width = lessons[0]!.width
  const variables = startOf(tf, lessons, width)
  const optimizer = tf.train.adam(rate)
  const steps = lessons.map(({ rows }) => Math.min(mostSteps, Math.max(20, Math.ceil((epochs * rows) / batch))))
  const sums = lessons.map(() => ({ weights: new Float64Array(0), count: 0 }))
  const decks = lessons.map((lesson) => deckOf(lesson))
  for (let step = 1; step <= Math.max(...steps); step++) {
    const [x, y] = stackedBatch(lessons, decks, width)
    tf.tidy(() => {
      const inputs = tf.tensor3d(x, [lessons.length, batch, width])
      const target = tf.tensor3d(y, [lessons.length, batch, 1])
      optimizer.minimize(() => lossOf(tf, variables, inputs, target) as Tensors.Scalar, false, variables)
    })
    const due = steps.map((last) => step === last || (step < last && step > last / 2 && step % averageEvery === 0))
    if (!due.includes(true)) continue
    const now = weightsOf(variables, lessons.length)
    due.forEach((isDue, u) => {
      if (isDue) addTo(sums[u]!, now[u]!)
    })
  }
  variables.forEach((variable) => variable.dispose())
  optimizer.dispose()
  return sums.map(({ weights, count }) => Float32Array.from(weights, (sum) => sum / count))
}

/** [units, batch, width] → loss: the sum over units of the mean squared error, and the decay. */
function lossOf(
  tf: Tf,
  variables: readonly Tensors.Variable[],
  x: Tensors.Tensor3D,
  y: Tensors.Tensor3D,
): Tensors.Tensor {
  const [w1, b1, w2, b2, w3] = variables as [Tensors.Variable, ...Tensors.Variable[]]
  const [h1] = WIDTHS
  const swish = (z: Tensors.Tensor): Tensors.Tensor => z.mul(tf.sigmoid(z))
  const units = lessonsOf(x)
  const all = inputProduct(tf, x, w1).add(b1!) // [units, batch, h1 + 1], the straight part last
  const first = swish(all.slice([0, 0, 0], [units, batch, h1])) // [units, batch, h1]
  const second = swish(tf.matMul(first, w2!).add(b2!)) // [units, batch, h2]
  const predicted = all.slice([0, 0, h1], [units, batch, 1]).add(tf.matMul(second, w3!)) // [units, batch, 1]
  const error = predicted.sub(y).square().sum().div(batch)
  return error.add(w1.square().sum().add(w2!.square().sum()).add(w3!.square().sum()).mul(decay))
}

const lessonsOf = (x: Tensors.Tensor3D): number => x.shape[0]

/** x w, [units, batch, width] x [units, width, h], a unit at a time: WebAssembly multiplies two matrices fast, but a stack of them
 *  by a naive loop, some ten times slower. x is data and gets no gradient. */
function inputProduct(tf: Tf, x: Tensors.Tensor3D, w: Tensors.Variable): Tensors.Tensor {
  const each = (a: Tensors.Tensor, b: Tensors.Tensor, turn: boolean): Tensors.Tensor => {
    const [left, right] = [tf.unstack(a), tf.unstack(b)]
    return tf.stack(left.map((one, u) => tf.matMul(turn ? tf.transpose(one) : one, right[u]!)))
  }
  return tf.customGrad((weights: unknown, save: unknown) => {
    const keep = save as Tensors.GradSaveFunc
    keep([x])
    return {
      value: each(x, weights as Tensors.Tensor, false),
      gradFunc: (dy: Tensors.Tensor, saved: Tensors.Tensor[]) => each(saved[0]!, dy, true),
    }
  })(w)
}

/** Glorot-like starts from each lesson's own dice; biases start at 0. */
function startOf(tf: Tf, lessons: readonly Lesson[], width: number): Tensors.Variable[] {
  const [h1, h2] = WIDTHS
  const shapes: readonly (readonly [number, number, number])[] = [
    [width, h1 + 1, Math.sqrt(1 / width)],
    [1, h1 + 1, 0],
    [h1, h2, Math.sqrt(1 / h1)],
    [1, h2, 0],
    [h2, 1, 0.1],
  ]
  return shapes.map(([rows, columns, scale]) => {
    const values = new Float32Array(lessons.length * rows * columns)
    lessons.forEach(({ random }, u) => {
      for (let i = 0; i < rows * columns; i++) values[u * rows * columns + i] = scale > 0 ? scale * random.normal() : 0
    })
    return tf.variable(tf.tensor3d(values, [lessons.length, rows, columns]))
  })
}

/** Deals rows without putting back, shuffled anew each time the deck is through. */
function deckOf({ rows, random }: Lesson): () => number {
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

function stackedBatch(
  lessons: readonly Lesson[],
  decks: readonly (() => number)[],
  width: number,
): [Float32Array, Float32Array] {
  const x = new Float32Array(lessons.length * batch * width)
  const y = new Float32Array(lessons.length * batch)
  lessons.forEach(({ inputs, target }, u) => {
    for (let i = 0; i < batch; i++) {
      const row = decks[u]!()
      x.set(inputs.subarray(row * width, (row + 1) * width), (u * batch + i) * width)
      y[u * batch + i] = target[row]!
    }
  })
  return [x, y]
}

function weightsOf(variables: readonly Tensors.Variable[], units: number): Float32Array[] {
  const values = variables.map((variable) => variable.dataSync() as Float32Array)
  return Array.from({ length: units }, (_, u) => {
    const parts = values.map((all) => all.subarray((u * all.length) / units, ((u + 1) * all.length) / units))
    const joined = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return joined
  })
}

function addTo(sum: { weights: Float64Array; count: number }, weights: Float32Array): void {
  if (sum.count === 0) sum.weights = new Float64Array(weights.length)
  for (let i = 0; i < weights.length; i++) sum.weights[i]! += weights[i]!
  sum.count++
}
