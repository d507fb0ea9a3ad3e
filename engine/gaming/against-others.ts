/** One partner's figure against that of all others: a funnel that knows that partners differ without anybody gaming. */
import { squared } from '../squared.ts'

/** A figure with its standard error; NaN where a partner has none. */
export interface Estimate {
  readonly value: number
  readonly se: number
}

/** How far each estimate lies from the others, in standard errors: z = (v - m) / sqrt(se^2 + t2 + var m), where m is the random-effects mean of the
 *  others and t2 their variance beyond chance (DerSimonian-Laird, without the partner itself, so that it cannot hide behind its own deviation).
 *  NaN where a partner has no figure, or fewer than two others have one.
 *  @see DerSimonian and Laird (1986); Spiegelhalter (2005), Funnel plots for comparing institutional performance */
export function againstOthers(estimates: readonly Estimate[]): Float64Array {
  const known = estimates.map(({ value, se }) => Number.isFinite(value) && se > 0)
  return Float64Array.from(estimates, ({ value, se }, at) => {
    const others = estimates.filter((_, other) => other !== at && known[other])
    if (!known[at] || others.length < 2) return NaN
    const between = betweenVarianceOf(others)
    const { mean, variance } = pooled(others, between)
    const estimated = between + variance
    const total = se * se + estimated
    const freedom = between > 0 ? (others.length - 1) * squared(total / estimated) : Infinity
    return normalOf((value - mean) / Math.sqrt(total), freedom)
  })
}

/** The normal deviate with the tail of Student's t: t2 is estimated from few partners (Satterthwaite's degrees of freedom), and a normal tail would call
 *  ordinary differences. @see Wallace (1959), Bounds on normal approximations to Student's and the chi-square distributions */
function normalOf(t: number, freedom: number): number {
  if (freedom === Infinity) return t
  return Math.sign(t) * Math.sqrt(freedom * Math.log1p((t * t) / freedom)) * ((8 * freedom + 1) / (8 * freedom + 3))
}

function betweenVarianceOf(estimates: readonly Estimate[]): number {
  const { mean } = pooled(estimates, 0)
  let [weights, squares, spread] = [0, 0, 0]
  for (const { value, se } of estimates) {
    const weight = 1 / (se * se)
    weights += weight
    squares += weight * weight
    spread += weight * squared(value - mean)
  }
  return Math.max(0, (spread - (estimates.length - 1)) / (weights - squares / weights))
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
