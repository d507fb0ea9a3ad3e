/** What each input adds to what the network predicts, on the straight way from the average person to this one. */
import type { FeatureTable } from '../engine/window.ts'
import { columnOf, type Packed } from './bytes.ts'
import type { Attribution } from './explanation-families.ts'
import { HIDDEN } from './lesson.ts'
import { inputsOf, scalingIn } from './network.ts'

/** Integrated gradients (Sundararajan et al. 2017, arXiv 1703.01365): input i adds x_i * integral over t in [0, 1] of df/dx_i (t x), which together are
 *  f(x) - f(0); 0 is the average of the sample, with nothing missing. With one hidden layer the integral is closed: of unit k, which goes from
 *  c_k to c_k + z_k, it is (swish(c_k + z_k) - swish(c_k)) / z_k, so that the sum is exact. */
export function networkAttribution(unit: Packed): (table: FeatureTable) => Attribution {
  const scaling = scalingIn(unit)
  const names = [...scaling.names, ...scaling.gaps]
  const weights = columnOf(unit, 'weights', 'f32')
  const [mean, sd] = scaling.target as unknown as [number, number]
  const base = mean + sd * averageOf(weights, names.length)
  return (table) => {
    const inputs = inputsOf(table, scaling)
    const by = new Map(names.map((name) => [name, new Float64Array(table.rows)]))
    const columns = names.map((name) => by.get(name)!)
    const slopes = new Float64Array(own)
    for (let row = 0; row < table.rows; row++) {
      const x = inputs.subarray(row * names.length, (row + 1) * names.length)
      writeSlopes(weights, x, slopes)
      for (let i = 0; i < x.length; i++) {
        let sum = 0
        for (let k = 0; x[i] !== 0 && k < own; k++) sum += weights[i * own + k]! * slopes[k]!
        columns[i]![row]! += sd * x[i]! * sum
      }
    }
    return { base, by }
  }
}

/** Columns of the first layer: the hidden units, then the straight part (network.ts). */
const own = HIDDEN + 1

/** What the standardised output gains by a unit more of each column of the first layer, on average along the way to x. */
function writeSlopes(weights: Float32Array, x: Float32Array, slopes: Float64Array): void {
  const [c, w] = [x.length * own, (x.length + 1) * own]
  slopes.fill(0)
  for (let i = 0; i < x.length; i++)
    for (let k = 0; x[i] !== 0 && k < HIDDEN; k++) slopes[k] = slopes[k]! + x[i]! * weights[i * own + k]!
  for (let k = 0; k < HIDDEN; k++) slopes[k] = weights[w + k]! * meanSlope(weights[c + k]!, slopes[k]!)
  slopes[HIDDEN] = 1
}

/** The standardised output of the average person. */
function averageOf(weights: Float32Array, width: number): number {
  const [c, w] = [width * own, (width + 1) * own]
  let sum = weights[c + HIDDEN]!
  for (let k = 0; k < HIDDEN; k++) sum += weights[w + k]! * swish(weights[c + k]!)
  return sum
}

const swish = (x: number): number => x / (1 + Math.exp(-x))

/** Of swish over [from, from + step]: its mean slope there. */
function meanSlope(from: number, step: number): number {
  // Nearer than this a difference is rounding; the slope itself errs by less than 1e-6 x step.
  if (Math.abs(step) > 1e-6) return (swish(from + step) - swish(from)) / step
  const s = 1 / (1 + Math.exp(-from))
  return s * (1 + from * (1 - s))
}
