/** method.md 4.2 in version 1: a random walk, by a straight line through the moments. */
import type { Moment, Moments } from '../history.ts'
import { mean, sum } from '../numbers.ts'

/** omega2 = the slope of the moments on H - u; tau2 = what is left of their mean. */
export function momentsOf(moments: readonly Moment[], years: number): Moments {
  const x0 = mean(moments.map(({ x }) => x))
  const m0 = mean(moments.map(({ m }) => m))
  const spread = sum(moments.map(({ x }) => (x - x0) * (x - x0)))
  const slope = sum(moments.map(({ x, m }) => (x - x0) * (m - m0))) / spread
  const omega2 = years < 2 || !(spread > 0) ? 0 : Math.max(0, slope)
  return { omega2, tau2: Math.max(0, mean(moments.map(({ x, m }) => m - omega2 * x))), kappa2: 0 }
}
