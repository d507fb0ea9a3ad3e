/** Scores of expectations against realised values. */
import { QUANTILES, type Predictions } from '../predictive/expecter.ts'

export interface Score {
  readonly rows: number
  readonly mae: number
  readonly rmse: number
  readonly r2: number
  /** from the quantiles: twice the mean pinball loss */
  readonly crps: number
  /** share of realised values within [q05, q95] */
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

/** Scores over the rows given, all in the measure's unit. */
export function scoreOf(
  target: Float64Array,
  { mean, quantiles }: Pick<Predictions, 'mean' | 'quantiles'>,
  rows: Int32Array,
): Score {
  const n = rows.length
  let [absolute, squares, pinball, covered, width, sum, sumMean] = [0, 0, 0, 0, 0, 0, 0]
  const [low, high] = [quantiles[0]!, quantiles[QUANTILES.length - 1]!]
  for (const row of rows) {
    const y = target[row]!
    absolute += Math.abs(y - mean[row]!)
    squares += (y - mean[row]!) ** 2
    QUANTILES.forEach(
      (p, k) => (pinball += Math.max(p * (y - quantiles[k]![row]!), (p - 1) * (y - quantiles[k]![row]!))),
    )
    if (low[row]! <= y && y <= high[row]!) covered++
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
