/** The value of a partner's credible gains and its standard deviation (method.md 5.1 and 5.2). */

import { squared } from '../kernel/squared.ts'
import { normalDensity, normalQuantile } from '../kernel/distributions.ts'

/** One outcome of one partner, with statistics. */
export interface PricedOutcome {
  /** q_k = price_eur * PY_pk / PY_p: EUR per patient-year for one unit of gain */
  readonly price: number
  /** of q_k, where the price was made of QALY by a rate that is not known exactly; else 0 */
  readonly priceSe: number
  readonly credibleGain: number
  /** V_pk, of the net gain */
  readonly variance: number
  /** S_pk, of the credible gain */
  readonly credibleVariance: number
  /** post_pk + trend_se_k^2: the part of the variance that outcomes may share beyond their patients */
  readonly sharedVariance: number
  /** missing / eligible */
  readonly shareMissing: number
  /** share missing beyond that of patients like these among the controls, and its standard error; NaN without controls to learn from */
  readonly excessMissing: { readonly excess: number; readonly se: number }
  readonly eligible: number
  /** of the measured gains of all the contract's partners; 0 where there are too few */
  readonly residualSd: number
}

/** v = sum q_k credible_k; a gain is lessened by sum q_k * s * residual sd_k * share missing_k, not below 0. On losses nothing is shifted. */
export function valueOf(outcomes: readonly PricedOutcome[], pessimisticShiftSd: number): number {
  const value = outcomes.reduce((sum, { price, credibleGain }) => sum + price * credibleGain, 0)
  if (!(value > 0 && pessimisticShiftSd > 0)) return value
  const shift = outcomes.reduce(
    (sum, { price, residualSd, shareMissing }) => sum + price * pessimisticShiftSd * residualSd * shareMissing,
    0,
  )
  return Math.max(0, value - shift)
}

/** The one-sided normal quantile of 95%. */
const Z95 = 1.645

/** EUR per patient-year off the value for what is missing beyond chance, on losses too: sum over the outcomes whose excess e passes 1.645 of its
 *  standard error of q_k * residual sd_k * phi(Phi^-1(e)) / (1 - e), by which the mean of a normal rises when the worst e of it are hidden. With
 *  nobody left (e = 1) that has no bound: e is taken at most at half a patient less than all.
 *  @see Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 13.10 (truncated normal) */
export const excessMissingDeductionOf = (outcomes: readonly PricedOutcome[]): number =>
  outcomes.reduce((sum, { price, residualSd, excessMissing: { excess, se }, eligible }) => {
    if (!(excess > 0 && excess > Z95 * se)) return sum
    const hidden = Math.min(excess, 1 - 1 / (2 * eligible))
    return sum + (price * residualSd * normalDensity(normalQuantile(hidden))) / (1 - hidden)
  }, 0)

/** sd(v), v before any shift: sqrt(sum over j, k of q_j q_k C_jk sqrt(S_j S_k / (V_j V_k)) + sum over k of se(q_k)^2 credible_k^2), 0 if negative; C_kk = V_k, C_jk = the covariance
 *  of the two means + r_jk sqrt(shared variance_j * shared variance_k). It is the error of what is paid, the credible gain: that of d would be
 *  taken off twice, once by credibility and once by the band.
 *  @param meanCovariance of the mean contributions of outcomes j and k   @param correlation r_jk between partner-years */
export function valueSdOf(
  outcomes: readonly PricedOutcome[],
  meanCovariance: (j: number, k: number) => number,
  correlation: (j: number, k: number) => number,
): number {
  let variance = 0
  outcomes.forEach((one, j) =>
    outcomes.forEach((other, k) => {
      const prices = one.price * other.price
      if (j === k) {
        variance += prices * one.credibleVariance
        if (one.priceSe > 0) variance += squared(one.priceSe * one.credibleGain)
        return
      }
      const shared = correlation(j, k) * Math.sqrt(one.sharedVariance * other.sharedVariance)
      const kept = Math.sqrt((one.credibleVariance * other.credibleVariance) / (one.variance * other.variance))
      variance += prices * (meanCovariance(j, k) + shared) * kept
    }),
  )
  return Math.sqrt(Math.max(0, variance))
}
