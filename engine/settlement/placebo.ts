/** Hidden case mix: deviations of partners from their peers in the placebo years (method.md 4.2). */
import { hasStatistics, type PartnerMeans } from './partner-mean.ts'
import { squared } from '../kernel/squared.ts'
import { NO_COMPONENTS, varianceComponentsOf, type Moment, type VarianceComponents } from './variance-components.ts'

/** One counting year of one outcome; columns along the partners of the region, NaN where there are no statistics. */
export interface PlaceboStanding {
  readonly yearsBefore: number
  /** y_pt: the mean less that year's mean over all its partners, weighted by 1 / se^2 */
  readonly standing: Float64Array
  readonly se: Float64Array
}

/** The random walk of hidden case mix, Cov(b_t, b_u) = tau2 + omega2 (H - max(t, u)), and beside it what befalls a partner in one year only. */
export interface CaseMixRandomWalk extends VarianceComponents {
  /** counting years, ascending */
  readonly years: readonly PlaceboStanding[]
  /** H, the largest year that counts; 0 if none */
  readonly furthest: number
}

/** The deviation of every partner in a placebo year. */
export function standingOf(yearsBefore: number, means: PartnerMeans): PlaceboStanding {
  const { mean, se } = means
  let [weights, weighted] = [0, 0]
  for (let p = 0; p < mean.length; p++)
    if (hasStatistics(means, p)) {
      const weight = 1 / (se[p]! * se[p]!)
      weights += weight
      weighted += weight * mean[p]!
    }
  const centre = weighted / weights
  return { yearsBefore, standing: mean.map((g, p) => (hasStatistics(means, p) ? g - centre : NaN)), se }
}

/** Partners with statistics in all the years. */
function partnersThroughout(years: readonly PlaceboStanding[]): number[] {
  const [first] = years
  if (first === undefined) return []
  return [...first.standing.keys()].filter((p) => years.every(({ se }) => se[p]! > 0))
}

/** tau2, omega2 and kappa2 by the method of moments over the P partners that have all counting years: for t <= u
 *  m_tu = P / (P - 1) * mean(y_pt y_pu) - (t = u) * mean(se_pt^2), held against tau2 + omega2 (H - u) + kappa2 (t = u) over all pairs.
 *  @param years counting years, ascending */
export function caseMixRandomWalkOf(years: readonly PlaceboStanding[]): CaseMixRandomWalk {
  const furthest = years.at(-1)?.yearsBefore ?? 0
  const partners = partnersThroughout(years)
  if (partners.length < 2) return { years, furthest, ...NO_COMPONENTS }
  const moments = years.flatMap((t, index) =>
    years.slice(index).map((u): Moment => ({
      back: furthest - u.yearsBefore,
      sameYear: t === u,
      moment: momentOf(t, u, partners),
    })),
  )
  return { years, furthest, ...varianceComponentsOf(moments) }
}

function momentOf(t: PlaceboStanding, u: PlaceboStanding, partners: readonly number[]): number {
  let [products, noise] = [0, 0]
  for (const p of partners) {
    products += t.standing[p]! * u.standing[p]!
    if (t === u) noise += squared(t.se[p]!)
  }
  return products / (partners.length - 1) - noise / partners.length
}
