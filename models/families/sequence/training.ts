/** Trains several sequence networks at once as stacked matrices, each with its own folds, scaling and weights. */
import type * as Tensors from '@tensorflow/tfjs'
import { BATCH, batchSource, quotaOf, type Batch, type TrainingTask, type TrainingData } from './batches.ts'
import { HIDDEN, OUTPUTS, WIDTH, type Layout } from './layout.ts'
import { blockDiagonal, diagonalOf, productOf, type Diagonal } from './tensor-products.ts'

type Tf = typeof Tensors

/** Epochs over the rows of a unit, and bounds on the number of steps. */
const epochs = 14
const [leastSteps, mostSteps] = [20, 40]
const rate = 0.008
/** Penalty on the squared distance from the initial weights, against overfitting small samples. */
const decay = 2e-4
/** Weight of the scale's loss relative to the mean's. */
const scaleShare = 0.3
/** Weights are averaged over the second half of the steps, every so many: the average varies less than the last step. */
const averageEvery = 10

/** Trains each task for a number of steps that depends on its own folds' rows only. Networks are stacked along the first axis; products use
 *  block-diagonal matrices (tensor-products.ts), so that no network influences another.
 *  @returns the weights per task, averaged over the second half of its steps */
export function trainTogether(
  tf: Tf,
  layout: Layout,
  data: TrainingData,
  tasks: readonly TrainingTask[],
): Float32Array[] {
  const initial = tf.tensor2d(joined(tasks.map(({ start }) => start.weights)), [tasks.length, layout.size])
  const weights = tf.variable(initial)
  const optimizer = tf.train.adam(rate)
  const steps = tasks.map(({ leftOut }) => {
    const rows = data.foldRows.reduce((sum, deck, f) => sum + (leftOut.includes(f) ? 0 : deck.rows.length), 0)
    return Math.min(mostSteps, Math.max(leastSteps, Math.ceil((epochs * rows) / BATCH)))
  })
  const sums = tasks.map(() => ({ weights: new Float64Array(layout.size), count: 0 }))
  const fixed = fixedOf(tf, layout, data, tasks)
  const nextBatch = batchSource(layout, data, tasks, fixed.rows)
  for (let step = 1; step <= Math.max(...steps); step++) {
    const batch = nextBatch()
    tf.tidy(() => {
      optimizer.minimize(() => lossOf(tf, { layout, weights, initial, fixed, batch, units: tasks.length }), false, [
        weights,
      ])
    })
    const due = steps.map((last) => step === last || (step < last && step > last / 2 && step % averageEvery === 0))
    if (!due.includes(true)) continue
    const now = weights.dataSync() as Float32Array
    due.forEach((isDue, u) => {
      if (isDue) addTo(sums[u]!, now.subarray(u * layout.size, (u + 1) * layout.size))
    })
  }
  // a record of tensors, but an interface: a container is one with an index signature
  tf.dispose([weights, initial, fixed as unknown as Tensors.TensorContainer])
  optimizer.dispose()
  return sums.map((sum) => Float32Array.from(sum.weights, (w) => w / sum.count))
}

interface Fixed {
  /** rows of a batch that each unit sees */
  readonly rows: number
  /** [units, features, 1]: the scaling of the features of the last layer */
  readonly centre: Tensors.Tensor3D
  readonly shrink: Tensors.Tensor3D
  readonly tracks: readonly Diagonal[]
  readonly last: Diagonal
  readonly outputs: Diagonal
  /** [units, 1, rows]: what each row weighs; sums to 1 over a unit's rows */
  readonly shares: Tensors.Tensor3D
}

interface LossInputs {
  readonly layout: Layout
  readonly units: number
  readonly weights: Tensors.Variable
  readonly initial: Tensors.Tensor2D
  readonly fixed: Fixed
  readonly batch: Batch
}

/** Squared error of the mean, and the Laplace log-likelihood of the scale, log s + |error| / s, with no gradient through the error: the scale
 *  must not influence the mean. Weights are penalised towards their initial values. */
function lossOf(tf: Tf, inputs: LossInputs): Tensors.Scalar {
  const { layout, weights, initial, batch, units, fixed } = inputs
  const { rows } = fixed
  const part = (from: number, many: number, columns: number): Tensors.Tensor2D =>
    weights.slice([0, from], [units, many * columns]).reshape([units * many, columns])
  const given = tf.tensor3d(batch.given, [units, layout.features - layout.newest, rows])
  const features = tf
    .concat([...featuresOf(tf, inputs, part), given], 1)
    .sub(fixed.centre)
    .mul(fixed.shrink)
    .reshape([units * layout.features, rows]) as Tensors.Tensor2D
  const last = blockDiagonal(tf, fixed.last, part(layout.last, HIDDEN + OUTPUTS, layout.features))
  const all = productOf(tf, last, features)
    .add(part(layout.constants, HIDDEN + OUTPUTS, 1))
    .reshape([units, HIDDEN + OUTPUTS, rows])
  const z = all.slice([0, 0, 0], [units, HIDDEN, rows])
  const swish = z.mul(tf.sigmoid(z)).reshape([units * HIDDEN, rows]) as Tensors.Tensor2D
  const bent = productOf(tf, blockDiagonal(tf, fixed.outputs, part(layout.outputs, OUTPUTS, HIDDEN)), swish)
  const out = all.slice([0, HIDDEN, 0], [units, OUTPUTS, rows]).add(bent.reshape([units, OUTPUTS, rows]))
  const error = tf.tensor3d(batch.target, [units, 1, rows]).sub(out.slice([0, 0, 0], [units, 1, rows]))
  const log = out.slice([0, 1, 0], [units, 1, rows])
  const scaleLoss = log.add(stopGradient(tf, error.abs()).mul(log.neg().exp()))
  return error
    .square()
    .add(scaleLoss.mul(scaleShare))
    .mul(fixed.shares)
    .sum()
    .add(weights.sub(initial).square().sum().mul(decay)) as Tensors.Scalar
}

/** The value, with no gradient. */
const stopGradient = (tf: Tf, x: Tensors.Tensor): Tensors.Tensor =>
  tf.customGrad((y: unknown) => ({
    value: (y as Tensors.Tensor).clone(),
    gradFunc: (dy: Tensors.Tensor) => tf.zerosLike(dy),
  }))(x)

type Part = (from: number, many: number, columns: number) => Tensors.Tensor2D

/** Values and certainties of the tracks, in their order: [units, 2 heads, rows] each. */
function featuresOf(tf: Tf, { layout, units, fixed, batch }: LossInputs, part: Part): Tensors.Tensor[] {
  const { rows } = fixed
  return layout.tracks.map(({ heads, readings, weights }, t) => {
    const { facts, absent } = batch.tracks[t]!
    const x = tf.tensor2d(facts, [units * WIDTH, rows * readings])
    const projected = productOf(tf, blockDiagonal(tf, fixed.tracks[t]!, part(weights, 2 * heads, WIDTH)), x, true)
    const shape = { heads, rows, readings }
    return attended(
      tf,
      projected.reshape([units, 2 * heads, rows * readings]),
      tf.tensor3d(absent, [units, 1, rows]),
      shape,
    )
  })
}

/** From the projections of heads, [stacks, attention and value of heads, rows x readings], to values and certainties, [stacks, 2 heads, rows]. */
function attended(
  tf: Tf,
  projected: Tensors.Tensor,
  absent: Tensors.Tensor,
  { heads, rows, readings }: { heads: number; rows: number; readings: number },
): Tensors.Tensor {
  const stacks = projected.shape[0]
  const [flat, deep] = [
    [stacks, heads, rows * readings],
    [stacks, heads, rows, readings],
  ] as const
  return tf.customGrad((...given: unknown[]) => {
    const save = given.pop() as Tensors.GradSaveFunc
    const x = given[0] as Tensors.Tensor
    const w = x
      .slice([0, 0, 0], [...flat])
      .exp()
      .reshape([...deep])
    const u = x.slice([0, heads, 0], [...flat]).reshape([...deep])
    // An absent reading is all 0: its weight is 1, which is subtracted here, and its value is 0.
    const share = w.sum(3).sub(absent).add(1).reciprocal() // [stacks, heads, rows]
    const values = w.mul(u).sum(3).mul(share)
    save([w, u, share, values])
    return {
      value: tf.concat([values, tf.sub(1, share)], 1),
      gradFunc: (dy: Tensors.Tensor, saved: Tensors.Tensor[]) => {
        const [weight, value, part, attendedValue] = saved as [
          Tensors.Tensor,
          Tensors.Tensor,
          Tensors.Tensor,
          Tensors.Tensor,
        ]
        const half = [stacks, heads, rows]
        const ofValue = dy.slice([0, 0, 0], half).mul(part)
        const ofAll = dy.slice([0, heads, 0], half).mul(part).mul(part).sub(ofValue.mul(attendedValue))
        const thin = [...half, 1]
        const ofU = weight.mul(ofValue.reshape(thin))
        const ofW = value.mul(ofU).add(weight.mul(ofAll.reshape(thin)))
        return tf.concat([ofW.reshape([...flat]), ofU.reshape([...flat])], 1)
      },
    }
  })(projected)
}

function fixedOf(tf: Tf, layout: Layout, { foldRows }: TrainingData, tasks: readonly TrainingTask[]): Fixed {
  const columns = (of: 'centre' | 'scale'): Tensors.Tensor3D => {
    const all = joined(tasks.map(({ start }) => Float32Array.from(start[of], (x) => (of === 'scale' ? 1 / x : x))))
    return tf.tensor3d(all, [tasks.length, all.length / tasks.length, 1])
  }
  const quota = quotaOf(foldRows.length, tasks)
  const rows = quota * (foldRows.length - tasks[0]!.leftOut.length)
  // Every row of a unit's folds weighs the same in the long run, however even the deal: a fold weighs as its rows do.
  const shares = tasks.flatMap(({ leftOut }) => {
    const seen = foldRows.filter((_, f) => !leftOut.includes(f)).map((deck) => deck.rows.length)
    const all = seen.reduce((sum, n) => sum + n, 0)
    return seen.flatMap((n) => Array.from({ length: quota }, () => n / Math.max(1, all) / quota))
  })
  return {
    rows,
    centre: columns('centre'),
    shrink: columns('scale'),
    tracks: layout.tracks.map(({ heads }) => diagonalOf(tf, tasks.length, 2 * heads, WIDTH)),
    last: diagonalOf(tf, tasks.length, HIDDEN + OUTPUTS, layout.features),
    outputs: diagonalOf(tf, tasks.length, OUTPUTS, HIDDEN),
    shares: tf.tensor3d(shares, [tasks.length, 1, rows]),
  }
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function addTo(sum: { weights: Float64Array; count: number }, weights: Float32Array): void {
  for (let i = 0; i < weights.length; i++) sum.weights[i]! += weights[i]!
  sum.count++
}
