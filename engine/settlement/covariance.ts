/** Covariance of two outcomes: over the patients of a partner, and over partner-years (method.md 5.2). */
import type { PlaceboStanding } from './placebo.ts'

/** Per partner: covariance (n - 1) of A_j and A_k over the patients that have both, divided by the larger of the two
 *  numbers of contributions; 0 where fewer than two patients have both. */
export function meanCovariancesOf(
  partner: Int32Array,
  one: { readonly contribution: Float64Array; readonly contributions: Int32Array },
  other: { readonly contribution: Float64Array; readonly contributions: Int32Array },
): Float64Array {
  const partners = one.contributions.length
  const both = new Int32Array(partners)
  const means = [new Float64Array(partners), new Float64Array(partners)] as const
  const products = new Float64Array(partners)
  for (let row = 0; row < partner.length; row++) {
    const [p, x, y] = [partner[row]!, one.contribution[row]!, other.contribution[row]!]
    if (Number.isNaN(x) || Number.isNaN(y)) continue
    both[p]!++
    means[0][p]! += x
    means[1][p]! += y
  }
  for (let p = 0; p < partners; p++) {
    means[0][p]! /= both[p]!
    means[1][p]! /= both[p]!
  }
  for (let row = 0; row < partner.length; row++) {
    const [p, x, y] = [partner[row]!, one.contribution[row]!, other.contribution[row]!]
    if (!Number.isNaN(x) && !Number.isNaN(y)) products[p]! += (x - means[0][p]!) * (y - means[1][p]!)
  }
  return products.map((sum, p) =>
    both[p]! < 2 ? 0 : sum / (both[p]! - 1) / Math.max(one.contributions[p]!, other.contributions[p]!),
  )
}

/** r_jk: the correlation of y_j and y_k over the partner-years in which both have statistics; 0 with fewer than three. */
export function standingCorrelationOf(one: readonly PlaceboStanding[], other: readonly PlaceboStanding[]): number {
  const pairs: [number, number][] = []
  for (const year of one) {
    const same = other.find(({ yearsBefore }) => yearsBefore === year.yearsBefore)
    if (same === undefined) continue
    year.standing.forEach((y, p) => {
      if (!Number.isNaN(y) && !Number.isNaN(same.standing[p])) pairs.push([y, same.standing[p]!])
    })
  }
  if (pairs.length < 3) return 0
  const mean = [0, 1].map((side) => pairs.reduce((sum, pair) => sum + pair[side]!, 0) / pairs.length)
  const moment = (a: number, b: number) =>
    pairs.reduce((sum, pair) => sum + (pair[a]! - mean[a]!) * (pair[b]! - mean[b]!), 0)
  const spread = Math.sqrt(moment(0, 0) * moment(1, 1))
  return spread === 0 ? 0 : moment(0, 1) / spread
}
