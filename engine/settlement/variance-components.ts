/** What sets partners apart before a contract, split into what lasts, what drifts and what is of one year only (method.md 4.2). */
import { solved } from '../kernel/cholesky.ts'
import { squared } from '../kernel/squared.ts'

/** The moment of a pair of placebo years t <= u. */
export interface Moment {
  /** H - u */
  readonly back: number
  /** t = u */
  readonly sameYear: boolean
  /** m_tu, in the square of the measure's unit */
  readonly moment: number
}

/** Variances between partners, none of them negative, in the square of the measure's unit. */
export interface VarianceComponents {
  /** of what a partner brings from before the furthest year */
  readonly tau2: number
  /** what a year adds to it that stays */
  readonly omega2: number
  /** of what befalls a partner in one year only */
  readonly kappa2: number
}

export const NO_COMPONENTS: VarianceComponents = { tau2: 0, omega2: 0, kappa2: 0 }

type Component = keyof VarianceComponents

const REGRESSORS: Readonly<Record<Component, (pair: Moment) => number>> = {
  tau2: () => 1,
  omega2: ({ back }) => back,
  kappa2: ({ sameYear }) => (sameYear ? 1 : 0),
}

/** Those that are not held at 0: fewest first, and of as many, kappa2 is held before omega2 and omega2 before tau2. */
const SUBSETS: readonly (readonly Component[])[] = [
  [],
  ['tau2'],
  ['omega2'],
  ['kappa2'],
  ['tau2', 'omega2'],
  ['tau2', 'kappa2'],
  ['omega2', 'kappa2'],
  ['tau2', 'omega2', 'kappa2'],
]

/** Least squares of m_tu = tau2 + omega2 (H - u) + kappa2 (t = u) over all pairs, none negative: of the solutions with any of the three held
 *  at 0 the one without a negative and with the least squared error; of equal ones that which holds more. One pair alone says tau2 only.
 *  @see Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23 (non-negative least squares) */
export function varianceComponentsOf(moments: readonly Moment[]): VarianceComponents {
  if (moments.length === 0) return NO_COMPONENTS
  const subsets = moments.length === 1 ? SUBSETS.slice(0, 2) : SUBSETS
  let best: { components: VarianceComponents; error: number } | null = null
  for (const free of subsets) {
    const components = leastSquares(moments, free)
    if (free.some((component) => components[component] < 0)) continue
    const error = moments.reduce((sum, pair) => sum + squared(pair.moment - expectedMoment(components, pair)), 0)
    if (best === null || error < best.error) best = { components, error }
  }
  return best?.components ?? NO_COMPONENTS
}

const expectedMoment = (components: VarianceComponents, pair: Moment): number =>
  components.tau2 + components.omega2 * pair.back + (pair.sameYear ? components.kappa2 : 0)

/** The solution with only `free` components, the others 0, by the normal equations. */
function leastSquares(moments: readonly Moment[], free: readonly Component[]): VarianceComponents {
  if (free.length === 0) return NO_COMPONENTS
  const sumOf = (of: (pair: Moment) => number) => moments.reduce((sum, pair) => sum + of(pair), 0)
  const columns = free.map((component) => REGRESSORS[component])
  const gram = columns.flatMap((x) => columns.map((z) => sumOf((pair) => x(pair) * z(pair))))
  const products = columns.map((x) => sumOf((pair) => x(pair) * pair.moment))
  const solution = solved(Float64Array.from(gram), Float64Array.from(products))
  return { ...NO_COMPONENTS, ...Object.fromEntries(free.map((component, at) => [component, solution[at]!])) }
}
