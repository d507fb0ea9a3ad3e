/** method.md 4.1 in version 2: both variances are pooled over all partners of an outcome and year. */
import { type Grouped, practiceVariance, squaresWithin, sumOfSquaredSizes } from '../partner-mean.ts'
import { sum } from '../numbers.ts'

/** se_p^2 = s2 / n_p + sigma2 * sum of (n_g / n_p)^2, the second term from two practices up; 0 for all where s2 = 0. */
export function squaredErrors(partners: readonly Grouped[]): number[] {
  const freedom = sum(partners.map(({ whole, practices }) => whole.n - practices.length))
  const within = sum(partners.map(({ practices }) => squaresWithin(practices)))
  const s2 = freedom > 0 ? within / freedom : 0
  if (!(s2 > 0)) return partners.map(() => 0)
  const sigma2 = practiceVariance(partners, s2)
  return partners.map(({ whole: { n }, practices }) =>
    practices.length < 2 ? s2 / n : s2 / n + sigma2 * (sumOfSquaredSizes(practices) / (n * n)),
  )
}
