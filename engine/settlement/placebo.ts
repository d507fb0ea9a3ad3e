/** Hidden case mix: deviations of partners from their peers in the placebo years (method.md 4.2). */
import { hasStatistics, type PartnerMeans } from './partner-mean.ts'
import { squared } from '../kernel/squared.ts'

/** One counting year of one outcome; columns along the partners of the region, NaN where there are no statistics. */
export interface PlaceboStanding {
  readonly yearsBefore: number
  /** y_pt: the mean less that year's mean over all its partners, weighted by 1 / se^2 */
  readonly standing: Float64Array
  readonly se: Float64Array
}

/** The random walk of hidden case mix: Cov(b_t, b_u) = tau2 + omega2 (H - max(t, u)). */
export interface CaseMixRandomWalk {
  /** counting years, ascending */
  readonly years: readonly PlaceboStanding[]
  /** H, the largest year that counts; 0 if none */
  readonly furthest: number
  readonly tau2: number
  readonly omega2: number
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

/** tau2 and omega2 by the method of moments over the P partners that have all counting years: for t <= u
 *  m_tu = P / (P - 1) * mean(y_pt y_pu) - (t = u) * mean(se_pt^2), least squares of m_tu = tau2 + omega2 (H - u) over all pairs.
 *  @param years counting years, ascending */
export function caseMixRandomWalkOf(years: readonly PlaceboStanding[]): CaseMixRandomWalk {
  const furthest = years.at(-1)?.yearsBefore ?? 0
  const partners = partnersThroughout(years)
  if (partners.length < 2) return { years, furthest, tau2: 0, omega2: 0 }
  const moments: { back: number; moment: number }[] = []
  years.forEach((t, index) => {
    for (const u of years.slice(index))
      moments.push({ back: furthest - u.yearsBefore, moment: momentOf(t, u, partners) })
  })
  const meanOf = (value: (pair: (typeof moments)[number]) => number) =>
    moments.reduce((sum, pair) => sum + value(pair), 0) / moments.length
  const meanBack = meanOf(({ back }) => back)
  const meanMoment = meanOf(({ moment }) => moment)
  const spread = meanOf(({ back }) => squared(back - meanBack))
  const slope = spread === 0 ? 0 : meanOf(({ back, moment }) => (back - meanBack) * (moment - meanMoment)) / spread
  const omega2 = Math.max(0, slope)
  return { years, furthest, tau2: Math.max(0, meanMoment - omega2 * meanBack), omega2 }
}

function momentOf(t: PlaceboStanding, u: PlaceboStanding, partners: readonly number[]): number {
  let [products, noise] = [0, 0]
  for (const p of partners) {
    products += t.standing[p]! * u.standing[p]!
    if (t === u) noise += squared(t.se[p]!)
  }
  return products / (partners.length - 1) - noise / partners.length
}
