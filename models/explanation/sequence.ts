/** Contributions of readings and personal features to the sequence network's prediction, along the straight path from the average person without
 *  readings to this one. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import type { Packed } from '../sample/bytes.ts'
import type { Attribution } from './attribution.ts'
import { sequenceIn, type SequenceUnit } from '../families/sequence/network.ts'
import { HERE, HIDDEN, SIZE, STEP, VALUE, WIDTH, type Layout, type Track } from '../families/sequence/layout.ts'
import { blockOf, standardised, targetOf, inputWriterOf } from '../families/sequence/readings.ts'

/** Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365): input i adds x_i * integral over t in [0, 1] of df/dx_i (t x), which together are
 *  f(x) - f(0); that a reading is there at all is an input too, its weight grows from 0 to whole. Integrals by Gauss-Legendre, in halves until what they
 *  leave over is below `leastRest`. Of the own readings, what all of them moved by the newest one's value would add is the level;
 *  what their distances from it add, and the steps between them, is the course. */
export function sequenceAttribution(unit: Packed): (table: FeatureTable) => Attribution {
  const of = sequenceIn(unit)
  const { layout, scaling } = of
  const network = networkOf(of)
  const [mean, sd] = targetOf(scaling)
  return (table) => {
    const writeInputs = inputWriterOf(table, scaling.person, layout)
    const block = blockOf(layout, 1)
    const by = new Map<string, Float64Array>()
    for (let row = 0; row < table.rows; row++) {
      writeInputs([row], 0, block)
      const x = standardised(block, scaling, layout).columns
      const slopes = meanSlopes(network, x)
      for (const [name, value] of contributions(layout, scaling.person, x, slopes)) {
        const column = by.get(name) ?? new Float64Array(table.rows)
        by.set(name, column)
        column[row]! += sd * value
      }
    }
    return { base: mean + sd * network.value(new Float64Array(block.columns.length), 0), by }
  }
}

/** Where the weights of readings stand in a list of slopes: after those of the inputs. */
const presence = (x: Float64Array, e: number): number => x.length + e

function* contributions(
  { tracks }: Layout,
  person: readonly string[],
  x: Float64Array,
  slopes: Float64Array,
): Generator<[string, number]> {
  let [at, e] = [0, 0]
  for (const { measure, readings } of tracks) {
    let newest = NaN
    for (let k = 0; k < readings; k++, at += WIDTH, e++) {
      if (x[at + HERE] === 0) continue
      const part = (f: number): number => x[at + f]! * slopes[at + f]!
      if (Number.isNaN(newest)) newest = x[at + VALUE]!
      const level = newest * slopes[at + VALUE]!
      let when = slopes[presence(x, e)]!
      for (let f = HERE; f < VALUE; f++) when += part(f)
      const course = part(VALUE) - level + part(STEP)
      if (measure === null) {
        yield ['own.last', level]
        yield ['own.trend', course]
        yield ['own.jump', part(SIZE)]
        yield ['own.gap', when]
      } else yield [`${measure}.reading`, level + course + part(SIZE) + when]
    }
  }
  for (const [k, name] of person.entries()) yield [name, x[at + k]! * slopes[at + k]!]
}

/** What the integrals may leave over, standardised. */
const leastRest = 1e-9
const mostPanels = 256
/** Gauss-Legendre on [-1, 1], eight nodes: half of them, the others mirrored. */
const nodes = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363]
const shares = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763]

/** Per input, and then per reading's weight, the mean slope along the way to x. */
function meanSlopes(network: Network, x: Float64Array): Float64Array {
  const whole = network.value(x, 1) - network.value(new Float64Array(x.length), 0)
  for (let panels = 2; ; panels *= 2) {
    const slopes = new Float64Array(x.length + network.readings)
    for (let p = 0; p < panels; p++)
      nodes.forEach((node, n) => {
        for (const side of [-node, node])
          network.addSlopes(x, (p + (1 + side) / 2) / panels, shares[n]! / 2 / panels, slopes)
      })
    let rest = whole
    for (let j = 0; j < x.length; j++) rest -= x[j]! * slopes[j]!
    for (let e = 0; e < network.readings; e++) if (x[e * WIDTH + HERE]! > 0) rest -= slopes[presence(x, e)]!
    if (Math.abs(rest) < leastRest || panels >= mostPanels) return slopes
  }
}

interface Network {
  readonly readings: number
  /** the standardised mean at inputs x, the weight of every reading that is there times `there` */
  value(x: Float64Array, there: number): number
  /** adds `share` times the slopes at t x, the readings' weights times t */
  addSlopes(x: Float64Array, t: number, share: number, slopes: Float64Array): void
}

/** One head at a point: attention weights and values of its readings, the sum of weights and the weighted mean. */
interface HeadState {
  readonly w: Float64Array
  readonly u: Float64Array
  readonly all: number
  readonly value: number
}

function networkOf({ layout, start }: SequenceUnit): Network {
  const weights = Float64Array.from(start.weights)
  const { tracks, features, newest, person, last, constants, outputs } = layout
  const firsts = tracks.map((_, t) => tracks.slice(0, t).reduce((sum, { readings }) => sum + readings, 0))
  const readings = tracks.reduce((sum, track) => sum + track.readings, 0)

  const headAt = (
    { readings: count, heads, weights: at }: Track,
    first: number,
    h: number,
    x: Float64Array,
    t: number,
    there: number,
  ): HeadState => {
    const [w, u] = [new Float64Array(count), new Float64Array(count)]
    let [all, sum] = [0, 0]
    for (let k = 0; k < count; k++) {
      const from = (first + k) * WIDTH
      if (x[from + HERE] === 0) continue
      let attention = 0
      for (let f = 0; f < WIDTH; f++) {
        attention += weights[at + h * WIDTH + f]! * t * x[from + f]!
        u[k]! += weights[at + (heads + h) * WIDTH + f]! * t * x[from + f]!
      }
      w[k] = Math.exp(attention)
      all += there * w[k]!
      sum += there * w[k]! * u[k]!
    }
    return { w, u, all, value: sum / (1 + all) }
  }

  /** The heads of every track, and the standardised features. */
  const layersAt = (x: Float64Array, t: number, there: number) => {
    const g = new Float64Array(features)
    const heads = tracks.map((track, i) =>
      Array.from({ length: track.heads }, (_, h) => {
        const of = headAt(track, firsts[i]!, h, x, t, there)
        g[track.features + h] = of.value
        g[track.features + track.heads + h] = of.all / (1 + of.all)
        return of
      }),
    )
    for (let f = 0; f < WIDTH; f++) g[newest + f] = t * x[f]!
    for (let k = person; k < features; k++) g[k] = t * x[readings * WIDTH + k - person]!
    for (let k = 0; k < features; k++) g[k] = (g[k]! - start.centre[k]!) / start.scale[k]!
    return { heads, g }
  }

  const sumOf = (unit: number, g: Float64Array): number =>
    g.reduce((sum, x, k) => sum + weights[last + unit * features + k]! * x, weights[constants + unit]!)

  return {
    readings,
    value(x, there) {
      const { g } = layersAt(x, 1, there)
      let sum = sumOf(HIDDEN, g)
      for (let h = 0; h < HIDDEN; h++) {
        const z = sumOf(h, g)
        sum += (weights[outputs + h]! * z) / (1 + Math.exp(-z))
      }
      return sum
    },
    addSlopes(x, t, share, slopes) {
      const { heads, g } = layersAt(x, t, t)
      const along = new Float64Array(features)
      for (let h = 0; h <= HIDDEN; h++) {
        const slope = h === HIDDEN ? 1 : weights[outputs + h]! * slopeOfSwish(sumOf(h, g))
        for (let k = 0; k < features; k++)
          along[k]! += (share * slope * weights[last + h * features + k]!) / start.scale[k]!
      }
      tracks.forEach((track, i) =>
        heads[i]!.forEach(({ w, u, all, value }, h) => {
          const ofValue = along[track.features + h]! / (1 + all)
          const ofAll = along[track.features + track.heads + h]! / (1 + all) ** 2
          for (let k = 0; k < track.readings; k++) {
            const [e, a] = [firsts[i]! + k, track.weights + h * WIDTH]
            const pull = ofValue * (u[k]! - value) + ofAll
            slopes[presence(x, e)]! += w[k]! * pull
            for (let f = 0; f < WIDTH; f++)
              slopes[e * WIDTH + f]! +=
                t * w[k]! * (weights[a + f]! * pull + weights[a + track.heads * WIDTH + f]! * ofValue)
          }
        }),
      )
      for (let f = 0; f < WIDTH; f++) slopes[f]! += along[newest + f]!
      for (let k = person; k < features; k++) slopes[readings * WIDTH + k - person]! += along[k]!
    },
  }
}

function slopeOfSwish(z: number): number {
  const s = 1 / (1 + Math.exp(-z))
  return s * (1 + z * (1 - s))
}
