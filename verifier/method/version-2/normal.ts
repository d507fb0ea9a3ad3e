/** The standard normal distribution, to the precision of doubles. */

export const density = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)

/** P(Z <= z): a series near the middle, a continued fraction in the tails. */
export function distribution(z: number): number {
  if (Math.abs(z) > 3) return z < 0 ? tail(-z) : 1 - tail(z)
  // phi(z) (z + z^3 / 3 + z^5 / 15 + ...), every term z^2 / (2 k + 1) of the one before
  let [term, total] = [z, z]
  for (let k = 1; Math.abs(term) > 1e-18 * Math.abs(total); k++) {
    term *= (z * z) / (2 * k + 1)
    total += term
  }
  return 0.5 + density(z) * total
}

/** P(Z > z) for z > 3: phi(z) / (z + 1 / (z + 2 / (z + 3 / ...))). */
function tail(z: number): number {
  let fraction = z
  for (let k = 100; k > 0; k--) fraction = z + k / fraction
  return density(z) / fraction
}

/** Phi^-1(p) for 0 < p < 1: halved between bounds until the two are neighbours. */
export function quantile(p: number): number {
  // in the lower half, where P(Z <= z) is as precise as a double can be
  if (p > 0.5) return -quantile(1 - p)
  let [low, high] = [-40, 0]
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return high
    if (distribution(middle) < p) low = middle
    else high = middle
  }
}
