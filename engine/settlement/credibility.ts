/** Credibility of a partner's own result relative to the collective's and the error of what is paid (method.md 4.5 and 4.6). */
import type { CredibilityRule } from '../contract/contract.ts'
import { squared } from '../kernel/squared.ts'

/** One partner's net result: d_p and the variance U_p that is its own. */
export interface NetGain {
  readonly netGain: number
  readonly ownVariance: number
}

export interface Credibility {
  /** mu; null without shrinkage */
  readonly collectiveMean: number | null
  /** t2; null without shrinkage */
  readonly betweenVariance: number | null
  /** per partner, in the order given */
  readonly partners: readonly {
    readonly credibility: number
    readonly credibleGain: number
    /** S: the squared error of the credible gain */
    readonly credibleVariance: number
  }[]
}

/** Buhlmann-Straub with known variances over the contract's partners with statistics: Z = t2 / (t2 + U),
 *  mu = sum(d / (U + t2)) / sum(1 / (U + t2)), credible = Z d + (1 - Z) mu; `none` or one partner only: Z = 1.
 *
 *  With f = 1 / (U + t2), S = min(V, Z U + (1 - Z)^2 / sum f + 4 U^2 f^3 / sum f^2 + trend_se^2); the third term is for t2 being estimated,
 *  and absent where it is agreed. Z = 1 without shrinkage: S = V.
 *  @param measure under which an agreed standard deviation between partners is looked up; estimated where it is not agreed
 *  @param trendVariance trend_se^2, common to all partners
 *  @see Buhlmann and Straub (1970), Glaubwurdigkeit fur Schadensatze; Prasad and Rao (1990), The estimation of the mean squared error of
 *  small-area estimators, JASA 85, 163-171 */
export function credibilityOf(
  gains: readonly NetGain[],
  rule: CredibilityRule,
  measure: string,
  trendVariance: number,
): Credibility {
  if (rule === 'none' || gains.length < 2)
    return {
      collectiveMean: null,
      betweenVariance: null,
      partners: gains.map(({ netGain, ownVariance }) => ({
        credibility: 1,
        credibleGain: netGain,
        credibleVariance: ownVariance + trendVariance,
      })),
    }
  const agreed = rule === 'estimated' ? undefined : rule.betweenSd[measure]
  const between = agreed === undefined ? betweenVarianceOf(gains) : agreed * agreed
  const { mean, weights, squaredWeights } = weightedMeanOf(gains, between)
  return {
    collectiveMean: mean,
    betweenVariance: between,
    partners: gains.map(({ netGain, ownVariance }) => {
      const credibility = between / (between + ownVariance)
      const weight = 1 / (ownVariance + between)
      const ofBetween =
        agreed === undefined ? (4 * squared(ownVariance) * weight * weight * weight) / squaredWeights : 0
      const own = credibility * ownVariance + squared(1 - credibility) / weights + ofBetween
      return {
        credibility,
        credibleGain: credibility * netGain + (1 - credibility) * mean,
        credibleVariance: Math.min(ownVariance, own) + trendVariance,
      }
    }),
  }
}

/** t2 = max(0, (sum w (d - dbar)^2 - (P - 1)) / (sum w - sum w^2 / sum w)), w = 1 / U. */
function betweenVarianceOf(gains: readonly NetGain[]): number {
  const { mean, weights, squaredWeights } = weightedMeanOf(gains, 0)
  const spread = gains.reduce((sum, { netGain, ownVariance }) => sum + squared(netGain - mean) / ownVariance, 0)
  return Math.max(0, (spread - (gains.length - 1)) / (weights - squaredWeights / weights))
}

/** mu, sum of f and sum of f^2, f = 1 / (U + t2). */
function weightedMeanOf(gains: readonly NetGain[], between: number) {
  let [weights, squaredWeights, weighted] = [0, 0, 0]
  for (const { netGain, ownVariance } of gains) {
    const weight = 1 / (ownVariance + between)
    weights += weight
    squaredWeights += weight * weight
    weighted += netGain * weight
  }
  return { mean: weighted / weights, weights, squaredWeights }
}
