/** The sequence network in plain numbers: predicting needs no tensors, and gives the same on every backend. */
import {
  AGE,
  HERE,
  HIDDEN,
  MANY,
  NEAR,
  OUTPUTS,
  SIZE,
  STEP,
  VALUE,
  WIDTH,
  type Layout,
  type Track,
} from './sequence-layout.ts'
import type { Block } from './sequence-readings.ts'

/** Writes the features of the last layer, [features][size]. A head weighs the readings of its track, w_e = exp(a'x_e), and hears of each u_e = b'x_e:
 *  value = sum w u / (1 + sum w), certainty = sum w / (1 + sum w). Without readings both are 0: the less there is to hear,
 *  the nearer the average person, as best linear unbiased prediction has it. */
export function writeFeatures(
  layout: Layout,
  weights: Float64Array,
  { size, columns }: Block,
  out: Float64Array,
): void {
  let at = 0
  for (const track of layout.tracks) {
    for (let h = 0; h < track.heads; h++) writeHead(track, h, weights, columns, at, size, out)
    at += track.readings * WIDTH * size
  }
  out.set(columns.subarray(0, WIDTH * size), layout.newest * size)
  out.set(columns.subarray(at), layout.person * size)
}

function writeHead(
  track: Track,
  head: number,
  weights: Float64Array,
  x: Float64Array,
  from: number,
  size: number,
  out: Float64Array,
): void {
  const a = track.weights + head * WIDTH
  const b = a + track.heads * WIDTH
  const [a0, a1, a2, a3] = [weights[a + HERE]!, weights[a + NEAR]!, weights[a + AGE]!, weights[a + MANY]!]
  const [a4, a5, a6] = [weights[a + VALUE]!, weights[a + STEP]!, weights[a + SIZE]!]
  const [b0, b1, b2, b3] = [weights[b + HERE]!, weights[b + NEAR]!, weights[b + AGE]!, weights[b + MANY]!]
  const [b4, b5, b6] = [weights[b + VALUE]!, weights[b + STEP]!, weights[b + SIZE]!]
  const values = (track.features + head) * size
  const certainties = values + track.heads * size
  out.fill(0, values, values + size)
  out.fill(0, certainties, certainties + size)
  const end = from + track.readings * WIDTH * size
  for (let e = from; e < end; e += WIDTH * size)
    for (let i = 0; i < size; i++) {
      const here = e + i
      if (x[here] === 0) continue
      const [near, age, many] = [x[here + NEAR * size]!, x[here + AGE * size]!, x[here + MANY * size]!]
      const [value, step, length] = [x[here + VALUE * size]!, x[here + STEP * size]!, x[here + SIZE * size]!]
      const w = Math.exp(a0 + a1 * near + a2 * age + a3 * many + a4 * value + a5 * step + a6 * length)
      out[certainties + i]! += w
      out[values + i]! += w * (b0 + b1 * near + b2 * age + b3 * many + b4 * value + b5 * step + b6 * length)
    }
  for (let i = 0; i < size; i++) {
    const share = 1 / (1 + out[certainties + i]!)
    out[values + i]! *= share
    out[certainties + i]! *= share
  }
}

export const swish = (x: number): number => x / (1 + Math.exp(-x))

/** out_o = c_o + g's_o + sum over hidden units of v_o swish(c + g'w), g the standardised features: [OUTPUTS][size].
 *  @param sums scratch, [size] */
export function writeOutputs(
  layout: Layout,
  weights: Float64Array,
  features: Float64Array,
  out: Float64Array,
  sums: Float64Array,
): void {
  const size = sums.length
  for (let o = 0; o < OUTPUTS; o++)
    writeSums(layout, weights, features, HIDDEN + o, out.subarray(o * size, (o + 1) * size))
  for (let h = 0; h < HIDDEN; h++) {
    writeSums(layout, weights, features, h, sums)
    for (let i = 0; i < size; i++) sums[i] = swish(sums[i]!)
    for (let o = 0; o < OUTPUTS; o++) {
      const v = weights[layout.outputs + o * HIDDEN + h]!
      for (let i = 0; i < size; i++) out[o * size + i]! += v * sums[i]!
    }
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
