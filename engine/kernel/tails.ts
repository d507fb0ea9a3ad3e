/** Tail probabilities and their correction for multiple testing. */

/** P(Z > z) of a standard normal, relative error below 1.2e-7 everywhere (Chebyshev fit of erfc). */
export const normalTail = (z: number): number => 0.5 * erfc(z / Math.SQRT2)

/** P(|Z| > |z|). */
export const twoSided = (z: number): number => 2 * normalTail(Math.abs(z))

/** P(X > x) of a chi-square with whole degrees of freedom: from one or two of them upward, two at a time. */
export function chiSquareTail(x: number, freedom: number): number {
  if (x <= 0) return 1
  const half = x / 2
  // Q(a + 1, h) = Q(a, h) + h^a e^-h / Gamma(a + 1)
  let a = freedom % 2 === 1 ? 0.5 : 1
  let tail = freedom % 2 === 1 ? erfc(Math.sqrt(half)) : Math.exp(-half)
  let term = freedom % 2 === 1 ? 2 * Math.sqrt(half / Math.PI) * Math.exp(-half) : half * Math.exp(-half)
  for (; a + 1 <= freedom / 2; a++) {
    tail += term
    term *= half / (a + 1)
  }
  return Math.min(1, tail)
}

/** @see Press et al., Numerical Recipes, 6.2 */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x))
  const polynomial = COEFFICIENTS.reduceRight((sum, c) => c + t * sum, 0)
  const tail = t * Math.exp(-x * x + polynomial)
  return x >= 0 ? tail : 2 - tail
}

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
] as const

/** Holm's correction: if every test at most `level` after it is called, no true hypothesis is called with more than that chance in all.
 *  @returns adjusted p-values, in the order given
 *  @see Holm (1979), A simple sequentially rejective multiple test procedure */
export function holmAdjusted(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => p[a]! - p[b]!)
  const adjusted = p.map(() => 1)
  let most = 0
  order.forEach((at, rank) => {
    most = Math.max(most, Math.min(1, (p.length - rank) * p[at]!))
    adjusted[at] = most
  })
  return adjusted
}
