/** The forward pass of the sequence network without tensors, with the same result on every backend. */
import { AGE, HERE, HIDDEN, MANY, NEAR, SIZE, STEP, VALUE, WIDTH, type Layout, type Track } from './layout.ts'
import type { SequenceInputs, Measured, TrackInputs } from './inputs.ts'
import { within, type Scaling } from './readings.ts'

/** A block of rows of the inputs. */
export interface RowBlock {
  readonly inputs: SequenceInputs
  /** by track, over all rows of the inputs */
  readonly measured: readonly Measured[]
  readonly scaling: Scaling
  readonly from: number
  readonly rows: number
}

/** Writes the features of the last layer, [features][size]. A head weighs the readings of its track, w_e = exp(a'x_e), and their values u_e = b'x_e:
 *  value = sum w u / (1 + sum w), certainty = sum w / (1 + sum w). Without readings both are 0: with fewer readings,
 *  the prediction is nearer that of the average person, as in best linear unbiased prediction.
 *  @param size places a feature, at least as many as rows */
export function writeFeatures(
  layout: Layout,
  weights: Float64Array,
  of: RowBlock,
  out: Float64Array,
  size: number,
): void {
  layout.tracks.forEach((track, t) => {
    for (let h = 0; h < track.heads; h++) writeHead(track, h, weights, of, t, out, size)
  })
  writeNewest(layout, of, out, size)
  const { person } = of.inputs
  const { centre, scale } = of.scaling
  person.forEach((column, k) => {
    const [at, by] = [(layout.person + k) * size, layout.tracks.length + k]
    const [middle, unit] = [centre[by]!, scale[by]!]
    for (let i = 0; i < of.rows; i++) {
      const z = within((column[of.from + i]! - middle) / unit)
      out[at + i] = Number.isNaN(z) ? 0 : z
    }
  })
}

function writeHead(
  track: Track,
  head: number,
  weights: Float64Array,
  { inputs, measured, from, rows }: RowBlock,
  t: number,
  out: Float64Array,
  size: number,
): void {
  const a = track.weights + head * WIDTH
  const b = a + track.heads * WIDTH
  const [a0, a1, a2, a3] = [weights[a + HERE]!, weights[a + NEAR]!, weights[a + AGE]!, weights[a + MANY]!]
  const [a4, a5, a6] = [weights[a + VALUE]!, weights[a + STEP]!, weights[a + SIZE]!]
  const [b0, b1, b2, b3] = [weights[b + HERE]!, weights[b + NEAR]!, weights[b + AGE]!, weights[b + MANY]!]
  const [b4, b5, b6] = [weights[b + VALUE]!, weights[b + STEP]!, weights[b + SIZE]!]
  const values = (track.features + head) * size
  const certainties = values + track.heads * size
  const { starts, near, age, many } = inputs.tracks[t]!
  const { value, step, size: length } = measured[t]!
  for (let i = 0; i < rows; i++) {
    let [all, sum] = [0, 0]
    const end = starts[from + i + 1]!
    for (let e = starts[from + i]!; e < end; e++) {
      const [n, g, m, v, s, l] = [near[e]!, age[e]!, many[e]!, value[e]!, step[e]!, length[e]!]
      const w = Math.exp(a0 + a1 * n + a2 * g + a3 * m + a4 * v + a5 * s + a6 * l)
      all += w
      sum += w * (b0 + b1 * n + b2 * g + b3 * m + b4 * v + b5 * s + b6 * l)
    }
    const share = 1 / (1 + all)
    out[values + i] = sum * share
    out[certainties + i] = all * share
  }
}

/** The facts of the newest own reading. */
function writeNewest(
  { newest }: Layout,
  { inputs, measured, from, rows }: RowBlock,
  out: Float64Array,
  size: number,
): void {
  const { starts, near, age, many } = inputs.tracks[0] as TrackInputs
  const { value, step, size: length } = measured[0] as Measured
  const facts = [
    [NEAR, near],
    [AGE, age],
    [MANY, many],
    [VALUE, value],
    [STEP, step],
    [SIZE, length],
  ] as const
  for (let i = 0; i < rows; i++) {
    const at = starts[from + i]!
    const isHere = at < starts[from + i + 1]!
    out[(newest + HERE) * size + i] = isHere ? 1 : 0
    for (const [fact, column] of facts) out[(newest + fact) * size + i] = isHere ? column[at]! : 0
  }
}

const swish = (x: number): number => x / (1 + Math.exp(-x))

/** out_o = c_o + g's_o + sum over hidden units of v_o swish(c + g'w), g the standardised features: [size] of one output.
 *  @param sums scratch, [size] */
export function writeOutput(
  layout: Layout,
  weights: Float64Array,
  features: Float64Array,
  output: number,
  out: Float64Array,
  sums: Float64Array,
): void {
  writeSums(layout, weights, features, HIDDEN + output, out)
  for (let h = 0; h < HIDDEN; h++) {
    writeSums(layout, weights, features, h, sums)
    const v = weights[layout.outputs + output * HIDDEN + h]!
    for (let i = 0; i < sums.length; i++) out[i]! += v * swish(sums[i]!)
  }
}

/** c + g'w of one unit of the last layer; four features at a time, so that a sum is loaded and stored once for all four. */
function writeSums(layout: Layout, weights: Float64Array, g: Float64Array, unit: number, sums: Float64Array): void {
  const size = sums.length
  const { features, last, constants } = layout
  const row = last + unit * features
  sums.fill(weights[constants + unit]!)
  let k = 0
  for (; k + 4 <= features; k += 4) {
    const [w0, w1, w2, w3] = [weights[row + k]!, weights[row + k + 1]!, weights[row + k + 2]!, weights[row + k + 3]!]
    const at = k * size
    for (let i = 0; i < size; i++)
      sums[i]! += w0 * g[at + i]! + w1 * g[at + size + i]! + w2 * g[at + 2 * size + i]! + w3 * g[at + 3 * size + i]!
  }
  for (; k < features; k++) {
    const w = weights[row + k]!
    for (let i = 0; i < size; i++) sums[i]! += w * g[k * size + i]!
  }
}
