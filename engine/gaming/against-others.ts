/** One partner's figure against that of all others: a funnel comparison that allows for natural differences between partners. */
import { squared } from '../kernel/squared.ts'

/** A figure with its standard error; NaN where a partner has none. */
export interface Estimate {
  readonly value: number
  readonly se: number
}

/** How far each estimate lies from the others, in standard errors: z = (v - m) / sqrt(se^2 + t2 + var m), where m is the random-effects mean of the
 *  others and t2 the variance beyond chance (DerSimonian-Laird): of the others, so that nobody hides behind its own deviation, and of everybody in
 *  earlier years, when nobody was paid for it. NaN where a partner has no figure, or fewer than two others have one.
 *  @param before the same figure in earlier years, a list of partners per year
 *  @see DerSimonian and Laird (1986); Spiegelhalter (2005), Handling over-dispersion of performance indicators, Qual Saf Health Care 14, 347-351 */
export function againstOthers(
  estimates: readonly Estimate[],
  before: readonly (readonly Estimate[])[] = [],
): Float64Array {
  const then = before.map((year) => year.filter(isKnown))
  return Float64Array.from(estimates, (own, at) => {
    const others = estimates.filter((other, place) => place !== at && isKnown(other))
    if (!isKnown(own) || others.length < 2) return NaN
    const years = [others, ...then]
    const between = betweenVarianceOf(years)
    const { mean, variance } = pooled(others, between)
    const total = own.se * own.se + between + variance
    const freedom = between > 0 ? freedomOf(years, between, total) : Infinity
    return normalOf((own.value - mean) / Math.sqrt(total), freedom)
  })
}

/** Satterthwaite's degrees of freedom of `total`: it is uncertain because t2 is, which comes from spreads of t2 + se^2 about their means. */
function freedomOf(years: readonly (readonly Estimate[])[], between: number, total: number): number {
  const known = years.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0)
  const all = years.flat()
  const spread = between + all.reduce((sum, { se }) => sum + se * se, 0) / all.length
  return known * squared(total / spread)
}

const isKnown = ({ value, se }: Estimate): boolean => Number.isFinite(value) && se > 0

/** The normal deviate with the tail of Student's t: t2 is estimated from few partners (Satterthwaite's degrees of freedom), and a normal tail would call
 *  ordinary differences. @see Wallace (1959), Bounds on normal approximations to Student's and the chi-square distributions */
function normalOf(t: number, freedom: number): number {
  if (freedom === Infinity) return t
  return Math.sign(t) * Math.sqrt(freedom * Math.log1p((t * t) / freedom)) * ((8 * freedom + 1) / (8 * freedom + 3))
}

/** Each year about its own mean, all years together. */
function betweenVarianceOf(years: readonly (readonly Estimate[])[]): number {
  let [beyond, scale] = [0, 0]
  for (const estimates of years) {
    if (estimates.length < 2) continue
    const { mean } = pooled(estimates, 0)
    let [weights, squares, spread] = [0, 0, 0]
    for (const { value, se } of estimates) {
      const weight = 1 / (se * se)
      weights += weight
      squares += weight * weight
      spread += weight * squared(value - mean)
    }
    beyond += spread - (estimates.length - 1)
    scale += weights - squares / weights
  }
  return Math.max(0, beyond / scale)
}

function pooled(estimates: readonly Estimate[], between: number): { mean: number; variance: number } {
  let [weights, sum] = [0, 0]
  for (const { value, se } of estimates) {
    const weight = 1 / (se * se + between)
    weights += weight
    sum += weight * value
  }
  return { mean: sum / weights, variance: 1 / weights }
}
