/** A mean with its 95% interval. */
import { Z95 } from '../kernel/distributions.ts'

export interface Mean {
  readonly n: number
  readonly mean: number
  readonly low: number
  readonly high: number
}

/** mean -+ 1.96 * sd / sqrt(n), sd with n - 1; of one value the interval is without end.
 *  @param values at least one */
export function meanOf(values: readonly number[]): Mean {
  const n = values.length
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  const variance = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / (n - 1)
  const half = n > 1 ? Z95 * Math.sqrt(variance / n) : Infinity
  return { n, mean, low: mean - half, high: mean + half }
}
