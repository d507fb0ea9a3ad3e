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
  [3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946,
   45921.95393154987, 67265.7709270087, 33430.57558358813, 2509.0809287301227],
  [1, 42.31333070160091, 687.1870074920579, 5394.196021424751,
   21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854],
] as const
// prettier-ignore
const TAIL = [
  [1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045,
   1.2704582524523684, 0.2417807251774506, 0.022723844989269184, 0.0007745450142783414],
  [1, 2.053191626637759, 1.6763848301838038, 0.6897673349851,
   0.14810397642748008, 0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9],
] as const
// prettier-ignore
const FAR_TAIL = [
  [6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
   0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7],
  [1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615,
   0.0007868691311456133, 1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15],
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

/** The two-sided normal quantile of 95%, to the two decimals that published intervals are made with. */
export const Z95 = 1.96
