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

/** The mean of x_c = g_c - history_c over the control partners with statistics, weighted by 1 / (se_c^2 + post_c);
 *  trend_se^2 = 1 / sum of the weights. No trend where no control partner has statistics. */
export function trendOf(means: PartnerMeans, histories: Histories, controls: readonly number[]): Trend {
  let [weights, weighted] = [0, 0]
  for (const c of controls) {
    if (!hasStatistics(means, c)) continue
    const weight = 1 / (squared(means.se[c]!) + histories.variance[c]!)
    weights += weight
    weighted += weight * (means.mean[c]! - histories.expected[c]!)
  }
  return weights === 0 ? NO_TREND : { trend: weighted / weights, se: Math.sqrt(1 / weights) }
}
