/** Credibility of a partner's own result relative to the collective's (method.md 4.5 and 4.6). */
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
  readonly partners: readonly { readonly credibility: number; readonly credibleGain: number }[]
}

/** Buhlmann-Straub with known variances over the contract's partners with statistics: Z = t2 / (t2 + U),
 *  mu = sum(d / (U + t2)) / sum(1 / (U + t2)), credible = Z d + (1 - Z) mu; `none` or one partner only: Z = 1.
 *  @param measure under which an agreed standard deviation between partners is looked up; estimated where it is not agreed
 *  @see Buhlmann and Straub (1970), Glaubwurdigkeit fur Schadensatze */
export function credibilityOf(gains: readonly NetGain[], rule: CredibilityRule, measure: string): Credibility {
  if (rule === 'none' || gains.length < 2)
    return {
      collectiveMean: null,
      betweenVariance: null,
      partners: gains.map(({ netGain }) => ({ credibility: 1, credibleGain: netGain })),
    }
  const agreed = rule === 'estimated' ? undefined : rule.betweenSd[measure]
  const between = agreed === undefined ? betweenVarianceOf(gains) : agreed * agreed
  const { mean } = weightedMeanOf(gains, between)
  return {
    collectiveMean: mean,
    betweenVariance: between,
    partners: gains.map(({ netGain, ownVariance }) => {
      const credibility = between / (between + ownVariance)
      return { credibility, credibleGain: credibility * netGain + (1 - credibility) * mean }
    }),
  }
}

/** t2 = max(0, (sum w (d - dbar)^2 - (P - 1)) / (sum w - sum w^2 / sum w)), w = 1 / U. */
function betweenVarianceOf(gains: readonly NetGain[]): number {
  const { mean, weights } = weightedMeanOf(gains, 0)
  let [spread, squaredWeights] = [0, 0]
  for (const { netGain, ownVariance } of gains) {
    spread += squared(netGain - mean) / ownVariance
    squaredWeights += 1 / (ownVariance * ownVariance)
  }
  return Math.max(0, (spread - (gains.length - 1)) / (weights - squaredWeights / weights))
}

function weightedMeanOf(gains: readonly NetGain[], between: number): { mean: number; weights: number } {
  let [weights, weighted] = [0, 0]
  for (const { netGain, ownVariance } of gains) {
    weights += 1 / (ownVariance + between)
    weighted += netGain / (ownVariance + between)
  }
  return { mean: weighted / weights, weights }
}
