/** A partner's history: its placebo years before the contract, shrunk towards 0 by their predictive value (method.md 4.3). */
import { solved } from '../kernel/cholesky.ts'
import type { CaseMixRandomWalk } from './placebo.ts'
import { unsigned } from '../kernel/quantise.ts'
import { squared } from '../kernel/squared.ts'

/** Columns along the partners of the region, none of them NaN. */
export interface Histories {
  /** history_p: what is expected of the partner beyond its patients, in the measure's unit */
  readonly expected: Float64Array
  /** post_p: the variance of what remains unknown of it */
  readonly variance: Float64Array
}

/** Histories of every partner, `yearsBehind` whole years of the term before the period: G_tu = tau2 + omega2 (H - max(t, u)), plus
 *  kappa2 + se_pt^2 on the diagonal; c_u = tau2 + omega2 (H - u); a = G^-1 c; history = level_weight * sum a_u y_pu;
 *  post = tau2 + omega2 (H + yearsBehind) + kappa2 - (2 level_weight - level_weight^2) * sum a_u c_u.
 *  A partner without all counting years has history 0 and the whole variance. */
export function historiesOf(
  randomWalk: CaseMixRandomWalk,
  levelWeight: number,
  partners: number,
  yearsBehind = 0,
): Histories {
  const { years, furthest, tau2, omega2, kappa2 } = randomWalk
  const whole = tau2 + omega2 * (furthest + yearsBehind) + kappa2
  const expected = new Float64Array(partners)
  const variance = new Float64Array(partners).fill(whole)
  const covariance = Float64Array.from(years, (u) => tau2 + omega2 * (furthest - u.yearsBefore))
  if (covariance.every((c) => c === 0)) return { expected, variance }
  for (let p = 0; p < partners; p++) {
    if (!years.every(({ se }) => se[p]! > 0)) continue
    const weights = solved(historyCovariance(randomWalk, p), covariance)
    let [level, known] = [0, 0]
    years.forEach(({ standing }, u) => {
      level += weights[u]! * standing[p]!
      known += weights[u]! * covariance[u]!
    })
    expected[p] = unsigned(levelWeight * level)
    variance[p] = whole - (2 * levelWeight - levelWeight * levelWeight) * known
  }
  return { expected, variance }
}

/** No history in the contract: nothing expected of a partner, nothing unknown of it. */
export const noHistories = (partners: number): Histories => ({
  expected: new Float64Array(partners),
  variance: new Float64Array(partners),
})

/** G of one partner, row-major. */
function historyCovariance(
  { years, furthest, tau2, omega2, kappa2 }: CaseMixRandomWalk,
  partner: number,
): Float64Array {
  const matrix = new Float64Array(years.length * years.length)
  years.forEach((t, row) =>
    years.forEach((u, column) => {
      const shared = tau2 + omega2 * (furthest - Math.max(t.yearsBefore, u.yearsBefore))
      matrix[row * years.length + column] = shared + (row === column ? kappa2 + squared(t.se[partner]!) : 0)
    }),
  )
  return matrix
}
