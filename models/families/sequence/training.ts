/** Sequence networks taught at once: one stack of matrices, each network with folds, scaling and weights of its own. */
import type * as Tensors from '@tensorflow/tfjs'
import { BATCH, dealer, quotaOf, type Dealt, type Lesson, type Material } from './batches.ts'
import { HIDDEN, OUTPUTS, WIDTH, type Layout } from './layout.ts'
import { apart, diagonalOf, productOf, type Diagonal } from './tensor-products.ts'

type Tf = typeof Tensors

/** How often a unit sees each of its rows; and at most, and at least, so many steps. */
const epochs = 14
const [leastSteps, mostSteps] = [20, 40]
const rate = 0.008
/** On squared departures from where the weights began, against overfitting small samples. */
const pull = 2e-4
/** How much the scale's error weighs beside the mean's. */
const scaleShare = 0.3
/** The second half of the steps is averaged, at every so many: the mean of a walk is steadier than where it stops. */
const averageEvery = 10

/** Trains each lesson for steps that follow from its own folds' rows only. Networks are stacked along the first axis; where matrices are multiplied
 *  they stand apart (tensor-products.ts), so that what one is taught adds exactly 0 to another.
 *  @returns per lesson its weights, the mean over the second half of its steps */
export function trainTogether(tf: Tf, layout: Layout, material: Material, lessons: readonly Lesson[]): Float32Array[] {
  const begun = tf.tensor2d(joined(lessons.map(({ start }) => start.weights)), [lessons.length, layout.size])
  const weights = tf.variable(begun)
  const optimizer = tf.train.adam(rate)
  const steps = lessons.map(({ leftOut }) => {
    const rows = material.decks.reduce((sum, deck, f) => sum + (leftOut.includes(f) ? 0 : deck.rows.length), 0)
    return Math.min(mostSteps, Math.max(leastSteps, Math.ceil((epochs * rows) / BATCH)))
  })
  const sums = lessons.map(() => ({ weights: new Float64Array(layout.size), count: 0 }))
  const fixed = fixedOf(tf, layout, material, lessons)
  const deal = dealer(layout, material, lessons, fixed.rows)
  for (let step = 1; step <= Math.max(...steps); step++) {
    const dealt = deal()
    tf.tidy(() => {
      optimizer.minimize(() => lossOf(tf, { layout, weights, begun, fixed, dealt, units: lessons.length }), false, [
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
  tf.dispose([weights, begun, fixed as unknown as Tensors.TensorContainer])
  optimizer.dispose()
  return sums.map((sum) => Float32Array.from(sum.weights, (w) => w / sum.count))
}

interface Fixed {
  /** rows of a batch that each unit sees */
  readonly rows: number
  /** [units, features, 1]: what the features of the last layer are measured against */
  readonly centre: Tensors.Tensor3D
  readonly shrink: Tensors.Tensor3D
  readonly tracks: readonly Diagonal[]
  readonly last: Diagonal
  readonly outputs: Diagonal
  /** [units, 1, rows]: what each row weighs; sums to 1 over a unit's rows */
  readonly shares: Tensors.Tensor3D
}

interface Task {
  readonly layout: Layout
  readonly units: number
  readonly weights: Tensors.Variable
  readonly begun: Tensors.Tensor2D
  readonly fixed: Fixed
  readonly dealt: Dealt
}

/** Squared error of the mean, and the error of the scale as a Laplace likelihood has it, log s + |error| / s, the error taken as it is: the scale
 *  must not make the mean's life easier. Weights are pulled to where they began. */
function lossOf(tf: Tf, task: Task): Tensors.Scalar {
  const { layout, weights, begun, dealt, units, fixed } = task
  const { rows } = fixed
  const part = (from: number, many: number, columns: number): Tensors.Tensor2D =>
    weights.slice([0, from], [units, many * columns]).reshape([units * many, columns])
  const given = tf.tensor3d(dealt.given, [units, layout.features - layout.newest, rows])
  const features = tf
    .concat([...featuresOf(tf, task, part), given], 1)
    .sub(fixed.centre)
    .mul(fixed.shrink)
    .reshape([units * layout.features, rows]) as Tensors.Tensor2D
  const last = apart(tf, fixed.last, part(layout.last, HIDDEN + OUTPUTS, layout.features))
  const all = productOf(tf, last, features)
    .add(part(layout.constants, HIDDEN + OUTPUTS, 1))
    .reshape([units, HIDDEN + OUTPUTS, rows])
  const z = all.slice([0, 0, 0], [units, HIDDEN, rows])
  const swish = z.mul(tf.sigmoid(z)).reshape([units * HIDDEN, rows]) as Tensors.Tensor2D
  const bent = productOf(tf, apart(tf, fixed.outputs, part(layout.outputs, OUTPUTS, HIDDEN)), swish)
  const out = all.slice([0, HIDDEN, 0], [units, OUTPUTS, rows]).add(bent.reshape([units, OUTPUTS, rows]))
  const error = tf.tensor3d(dealt.target, [units, 1, rows]).sub(out.slice([0, 0, 0], [units, 1, rows]))
  const log = out.slice([0, 1, 0], [units, 1, rows])
  const misjudged = log.add(untaught(tf, error.abs()).mul(log.neg().exp()))
  return error
    .square()
    .add(misjudged.mul(scaleShare))
    .mul(fixed.shares)
    .sum()
    .add(weights.sub(begun).square().sum().mul(pull)) as Tensors.Scalar
}

/** The value, with no gradient. */
const untaught = (tf: Tf, x: Tensors.Tensor): Tensors.Tensor =>
  tf.customGrad((y: unknown) => ({
    value: (y as Tensors.Tensor).clone(),
    gradFunc: (dy: Tensors.Tensor) => tf.zerosLike(dy),
  }))(x)

type Part = (from: number, many: number, columns: number) => Tensors.Tensor2D

/** Values and certainties of the tracks, in their order: [units, 2 heads, rows] each. */
function featuresOf(tf: Tf, { layout, units, fixed, dealt }: Task, part: Part): Tensors.Tensor[] {
  const { rows } = fixed
  return layout.tracks.map(({ heads, readings, weights }, t) => {
    const { facts, lacking } = dealt.tracks[t]!
    const x = tf.tensor2d(facts, [units * WIDTH, rows * readings])
    const heard = productOf(tf, apart(tf, fixed.tracks[t]!, part(weights, 2 * heads, WIDTH)), x, true)
    const shape = { heads, rows, readings }
    return attended(
      tf,
      heard.reshape([units, 2 * heads, rows * readings]),
      tf.tensor3d(lacking, [units, 1, rows]),
      shape,
    )
  })
}

/** From what heads hear, [stacks, attention and value of heads, rows x readings], to values and certainties, [stacks, 2 heads, rows]. */
function attended(
  tf: Tf,
  heard: Tensors.Tensor,
  lacking: Tensors.Tensor,
  { heads, rows, readings }: { heads: number; rows: number; readings: number },
): Tensors.Tensor {
  const stacks = heard.shape[0]
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
    // A reading that is not there is all 0: its weight is 1, which is taken off here, and it says 0.
    const share = w.sum(3).sub(lacking).add(1).reciprocal() // [stacks, heads, rows]
    const values = w.mul(u).sum(3).mul(share)
    save([w, u, share, values])
    return {
      value: tf.concat([values, tf.sub(1, share)], 1),
      gradFunc: (dy: Tensors.Tensor, saved: Tensors.Tensor[]) => {
        const [weight, value, part, heardOf] = saved as [Tensors.Tensor, Tensors.Tensor, Tensors.Tensor, Tensors.Tensor]
        const half = [stacks, heads, rows]
        const ofValue = dy.slice([0, 0, 0], half).mul(part)
        const ofAll = dy.slice([0, heads, 0], half).mul(part).mul(part).sub(ofValue.mul(heardOf))
        const thin = [...half, 1]
        const ofU = weight.mul(ofValue.reshape(thin))
        const ofW = value.mul(ofU).add(weight.mul(ofAll.reshape(thin)))
        return tf.concat([ofW.reshape([...flat]), ofU.reshape([...flat])], 1)
      },
    }
  })(heard)
}

function fixedOf(tf: Tf, layout: Layout, { decks }: Material, lessons: readonly Lesson[]): Fixed {
  const columns = (of: 'centre' | 'scale'): Tensors.Tensor3D => {
    const all = joined(lessons.map(({ start }) => Float32Array.from(start[of], (x) => (of === 'scale' ? 1 / x : x))))
    return tf.tensor3d(all, [lessons.length, all.length / lessons.length, 1])
  }
  const quota = quotaOf(decks.length, lessons)
  const rows = quota * (decks.length - lessons[0]!.leftOut.length)
  // Every row of a unit's folds weighs the same in the long run, however even the deal: a fold weighs as its rows do.
  const shares = lessons.flatMap(({ leftOut }) => {
    const seen = decks.filter((_, f) => !leftOut.includes(f)).map((deck) => deck.rows.length)
    const all = seen.reduce((sum, n) => sum + n, 0)
    return seen.flatMap((n) => Array.from({ length: quota }, () => n / Math.max(1, all) / quota))
  })
  return {
    rows,
    centre: columns('centre'),
    shrink: columns('scale'),
    tracks: layout.tracks.map(({ heads }) => diagonalOf(tf, lessons.length, 2 * heads, WIDTH)),
    last: diagonalOf(tf, lessons.length, HIDDEN + OUTPUTS, layout.features),
    outputs: diagonalOf(tf, lessons.length, OUTPUTS, HIDDEN),
    shares: tf.tensor3d(shares, [lessons.length, 1, rows]),
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
