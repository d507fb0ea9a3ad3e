/** method.md 4.2 in version 2: a random walk and, beside it, what befalls a partner in one year only. */
import type { Moment, Moments } from '../history.ts'
import { solved, sum } from '../numbers.ts'

const TERMS = ['tau2', 'omega2', 'kappa2'] as const
type Term = (typeof TERMS)[number]

/** What is not held at 0, most held first; of as many held, kappa2 is held before omega2: the order in which ties are decided. */
const FREE: readonly (readonly Term[])[] = [
  [],
  ['tau2'],
  ['omega2'],
  ['kappa2'],
  ['tau2', 'omega2'],
  ['tau2', 'kappa2'],
  ['omega2', 'kappa2'],
  TERMS,
]

/** m_tu = tau2 + omega2 (H - u) + kappa2 (t = u) by least squares, none of the three negative; with one year tau2 only. */
export function momentsOf(moments: readonly Moment[], years: number): Moments {
  const fits = FREE.filter((free) => years > 1 || free.every((term) => term === 'tau2')).map((free) =>
    leastSquares(moments, free),
  )
  return fits
    .filter(({ tau2, omega2, kappa2 }) => tau2 >= 0 && omega2 >= 0 && kappa2 >= 0)
    .reduce((best, each) => (squaredError(moments, each) < squaredError(moments, best) ? each : best))
}

const factor = ({ x, sameYear }: Moment, term: Term): number =>
  term === 'tau2' ? 1 : term === 'omega2' ? x : sameYear ? 1 : 0

function leastSquares(moments: readonly Moment[], free: readonly Term[]): Moments {
  const normal = free.map((a) => free.map((b) => sum(moments.map((each) => factor(each, a) * factor(each, b)))))
  const right = free.map((a) => sum(moments.map((each) => factor(each, a) * each.m)))
  const values = solved(normal, right)
  const valueOf = (term: Term) => (free.includes(term) ? values[free.indexOf(term)]! : 0)
  return { tau2: valueOf('tau2'), omega2: valueOf('omega2'), kappa2: valueOf('kappa2') }
}

const squaredError = (moments: readonly Moment[], { tau2, omega2, kappa2 }: Moments): number =>
  sum(moments.map(({ x, sameYear, m }) => (m - tau2 - omega2 * x - (sameYear ? kappa2 : 0)) ** 2))
