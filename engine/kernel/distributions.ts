/** The normal and the Poisson distribution, to the precision of doubles. */
import { invariant } from './refusal.ts'

/** phi(z), the density of a standard normal. */
export const normalDensity = (z: number): number => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)

/** Phi^-1(p), the quantile of a standard normal, relative error about 1e-16; p in (0, 1).
 *  @see Wichura (1988), Algorithm AS 241, Appl Stat 37, 477-484 */
export function normalQuantile(p: number): number {
  invariant(p > 0 && p < 1, 'a probability between 0 and 1 has a quantile')
  const centred = p - 0.5
  if (Math.abs(centred) <= 0.425) {
    const r = 0.180625 - centred * centred
    return (centred * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r)
  }
  const r = Math.sqrt(-Math.log(Math.min(p, 1 - p)))
  const [shape, from] = r <= 5 ? ([TAIL, 1.6] as const) : ([FAR_TAIL, 5] as const)
  const z = polynomial(shape[0], r - from) / polynomial(shape[1], r - from)
  return centred < 0 ? -z : z
}

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduceRight((sum, coefficient) => sum * x + coefficient, 0)

// numerator and denominator, lowest power first
// prettier-ignore
const CENTRE = [
  [3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
   4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
  [1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
   2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3],
] as const
// prettier-ignore
const TAIL = [
  [1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
   1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
  [1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
   1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9],
] as const
// prettier-ignore
const FAR_TAIL = [
  [6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
   2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
  [1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
   7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15],
] as const

// Beyond this many standard deviations a term adds nothing to a double.
const FARTHEST_SD = 40

/** The least whole number L with P(X <= L) >= level, X Poisson with the mean given; terms relative to the one at the mode, so that no mean is too
 *  large for a double. */
export function poissonLimit(mean: number, level: number): number {
  invariant(mean >= 0 && Number.isFinite(mean), 'a Poisson distribution has a mean')
  const mode = Math.floor(mean)
  const reach = FARTHEST_SD * Math.sqrt(mean + 1)
  const [first, last] = [Math.max(0, Math.floor(mode - reach)), Math.ceil(mode + reach)]
  const terms = new Float64Array(last - first + 1)
  terms[mode - first] = 1
  for (let x = mode; x > first; x--) terms[x - 1 - first] = (terms[x - first]! * x) / mean
  for (let x = mode + 1; x <= last; x++) terms[x - first] = (terms[x - 1 - first]! * mean) / x
  const wanted = level * terms.reduce((sum, term) => sum + term, 0)
  let [limit, sum] = [first, terms[0]!]
  while (sum < wanted && limit < last) sum += terms[++limit - first]!
  return limit
}
