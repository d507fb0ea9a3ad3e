/** method.md 4.4 and 4.6 in version 2: the error of the trend, and of what is paid. */
import type { ControlGain, CredibilityRow, CreditedVariances } from '../net-gain.ts'
import { sum } from '../numbers.ts'

/** trend_se^2 = the larger of 1 / sum w and, from two controls up, sum w (x - trend)^2 / ((C - 1) sum w) (Hartung and Knapp). */
export function trendVariance(controls: readonly ControlGain[], trend: number): number {
  const weights = sum(controls.map(({ weight }) => weight))
  if (controls.length < 2) return 1 / weights
  const spread = sum(controls.map(({ weight, gain }) => weight * (gain - trend) * (gain - trend)))
  return Math.max(1 / weights, spread / ((controls.length - 1) * weights))
}

/** S_p = min(V, Z U + (1 - Z)^2 / sum f + 4 U^2 f^3 / sum f^2 + trend_se^2), f = 1 / (U + t2); the third term where t2 is
 *  estimated; V where every partner stands on its own. */
export const creditedVariances: CreditedVariances = (rows, credibility, trendVariance) => {
  if (credibility === null) return rows.map(({ V }) => V)
  const { t2, agreed } = credibility
  const f = ({ U }: CredibilityRow) => 1 / (U + t2)
  const all = sum(rows.map(f))
  const squares = sum(rows.map((row) => f(row) * f(row)))
  return rows.map((row) => {
    const { U, V } = row
    const Z = t2 / (t2 + U)
    const unknown = agreed ? 0 : (4 * U * U * f(row) ** 3) / squares
    return Math.min(V, Z * U + ((1 - Z) * (1 - Z)) / all + unknown + trendVariance)
  })
}
