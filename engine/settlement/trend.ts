/** The common trend of the contract year, estimated from control partners (method.md 4.4). */
import type { Histories } from './own-history.ts'
import { hasStatistics, type PartnerMeans } from './partner-mean.ts'
import { squared } from '../kernel/squared.ts'

export interface Trend {
  /** in the measure's unit, higher better */
  readonly trend: number
  readonly se: number
}

/** The trend of a contract without controls. */
export const NO_TREND: Trend = { trend: 0, se: 0 }

/** The mean of x_c = g_c - history_c over the C control partners with statistics, weighted by w = 1 / (se_c^2 + post_c);
 *  trend_se^2 = the larger of 1 / sum w and, from two controls up, sum w (x_c - trend)^2 / ((C - 1) sum w). No trend where no control
 *  partner has statistics.
 *  @see Hartung and Knapp (2001), A refined method for the meta-analysis of controlled clinical trials, Stat Med 20, 3875-3889 */
export function trendOf(means: PartnerMeans, histories: Histories, controls: readonly number[]): Trend {
  const found = controls
    .filter((c) => hasStatistics(means, c))
    .map((c) => ({
      x: means.mean[c]! - histories.expected[c]!,
      weight: 1 / (squared(means.se[c]!) + histories.variance[c]!),
    }))
  if (found.length === 0) return NO_TREND
  const weights = found.reduce((sum, { weight }) => sum + weight, 0)
  const trend = found.reduce((sum, { x, weight }) => sum + weight * x, 0) / weights
  const spread = found.reduce((sum, { x, weight }) => sum + weight * squared(x - trend), 0)
  const ofControls = found.length < 2 ? 0 : spread / (found.length - 1)
  return { trend, se: Math.sqrt(Math.max(1, ofControls) / weights) }
}
