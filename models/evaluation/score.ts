/** Scores of expectations against realised values. */
import { QUANTILES, type Places, type Predictions } from '../predictive/expecter.ts'

export interface Score {
  readonly rows: number
  readonly mae: number
  readonly rmse: number
  readonly r2: number
  /** from the quantiles: twice the mean pinball loss */
  readonly crps: number
  /** share of realised values within the 90% interval: of a value with a mass the part of the mass that lies between the levels 0.05 and 0.95 */
  readonly cover90: number
  readonly width90: number
  /** means of the expectations and of what was realised */
  readonly expected: number
  readonly realised: number
  /** mean of realised - expected */
  readonly bias: number
  /** of realised on expected; 1 is calibrated; null where the expectation does not vary */
  readonly slope: number | null
}

/** The part of each value that lies within the 90% interval: 1 or 0, or a part of the mass at the value, [below, through]. Its mean is 0.9 for
 *  a right distribution, however large its masses (nonrandomised probability integral transform; Czado, Gneiting and Held 2009). */
export const withinOf = ({ below, through }: Places): Float64Array =>
  below.map((from, row) => overlapOf(from, through[row]!, 0.05, 0.95))

/** The share of [from, to] that lies in [low, high]; levels are multiples of 1 / 200, so a hair of slack rounds nothing else. */
function overlapOf(from: number, to: number, low: number, high: number): number {
  const part = Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from)
  return part > 1 - 1e-9 ? 1 : part < 1e-9 ? 0 : part
}

/** Shares of the values in each tenth of their own distribution, a mass divided over the tenths that it spans: 0.1 each where calibrated. */
export const placeTenths = ({ below, through }: Places): number[] =>
  Array.from({ length: 10 }, (_, t) => {
    let sum = 0
    for (let row = 0; row < below.length; row++) sum += overlapOf(below[row]!, through[row]!, t / 10, (t + 1) / 10)
    return sum / below.length
  })

/** Mean pinball loss over QUANTILES and all rows. */
export function pinballOf(target: Float64Array, quantiles: readonly Float64Array[]): number {
  let sum = 0
  for (let row = 0; row < target.length; row++) sum += pinballAt(target[row]!, (k) => quantiles[k]![row]!)
  return sum / (target.length * QUANTILES.length)
}

/** Pinball loss of one value, summed over QUANTILES.  @param quantile of QUANTILES[k] */
export function pinballAt(y: number, quantile: (k: number) => number): number {
  let sum = 0
  QUANTILES.forEach((p, k) => (sum += Math.max(p * (y - quantile(k)), (p - 1) * (y - quantile(k)))))
  return sum
}

/** Scores over the rows given, all in the measure's unit.  @param within as of `withinOf`; without it a value counts where it lies in [q05, q95] */
export function scoreOf(
  target: Float64Array,
  { mean, quantiles }: Pick<Predictions, 'mean' | 'quantiles'>,
  rows: Int32Array,
  within?: Float64Array,
): Score {
  const n = rows.length
  let [absolute, squares, pinball, covered, width, sum, sumMean] = [0, 0, 0, 0, 0, 0, 0]
  const [low, high] = [quantiles[0]!, quantiles[QUANTILES.length - 1]!]
  for (const row of rows) {
    const y = target[row]!
    absolute += Math.abs(y - mean[row]!)
    squares += (y - mean[row]!) ** 2
    pinball += pinballAt(y, (k) => quantiles[k]![row]!)
    covered += within ? within[row]! : low[row]! <= y && y <= high[row]! ? 1 : 0
    width += high[row]! - low[row]!
    sum += y
    sumMean += mean[row]!
  }
  let [total, cross, variation] = [0, 0, 0]
  for (const row of rows) {
    total += (target[row]! - sum / n) ** 2
    cross += (target[row]! - sum / n) * (mean[row]! - sumMean / n)
    variation += (mean[row]! - sumMean / n) ** 2
  }
  return {
    rows: n,
    mae: absolute / n,
    rmse: Math.sqrt(squares / n),
    r2: 1 - squares / total,
    crps: (2 * pinball) / (n * QUANTILES.length),
    cover90: covered / n,
    width90: width / n,
    expected: sumMean / n,
    realised: sum / n,
    bias: (sum - sumMean) / n,
    slope: variation > 0 ? cross / variation : null,
  }
}

/** Scores of a family alone: the quantiles are those of its own residuals, the same for all rows. */
export function pointScore(target: Float64Array, mean: Float64Array): Pick<Score, 'mae' | 'rmse' | 'r2' | 'crps'> {
  const residuals = target.map((y, row) => y - mean[row]!)
  const sorted = Float64Array.from(residuals).sort()
  const offsets = QUANTILES.map((p) => sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))]!)
  const quantiles = offsets.map((offset) => mean.map((m) => m + offset))
  const { mae, rmse, r2, crps } = scoreOf(target, { mean, quantiles }, Int32Array.from(target.keys()))
  return { mae, rmse, r2, crps }
}
