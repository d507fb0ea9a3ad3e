/** method.md 4.1 in version 1: a partner's error from the variance of its own contributions. */
import { type Grouped, practiceVariance, squaresWithin, sumOfSquaredSizes } from '../partner-mean.ts'

export function squaredErrors(partners: readonly Grouped[]): number[] {
  const sigma2 = betweenPractices(partners)
  return partners.map(({ whole: { n, squares }, practices }) => {
    const m = practices.length
    if (n < 2) return 0
    if (m < 2 || m === n) return squares / (n - 1) / n
    const s2 = squaresWithin(practices) / (n - m)
    return s2 / n + sigma2 * (sumOfSquaredSizes(practices) / (n * n))
  })
}

/** sigma2, by the variance within practices of the partners of two practices or more. */
function betweenPractices(partners: readonly Grouped[]): number {
  let [within, freedom] = [0, 0]
  for (const { whole, practices } of partners) {
    if (practices.length < 2) continue
    within += squaresWithin(practices)
    freedom += whole.n - practices.length
  }
  return freedom === 0 ? 0 : practiceVariance(partners, within / freedom)
}
