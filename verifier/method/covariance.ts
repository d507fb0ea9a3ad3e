/** method.md 5.2: the standard deviation of a partner's value, over outcomes that go together. */
import type { History } from './history.ts'
import type { ContractYear } from './inputs.ts'
import type { Worth } from './payment.ts'

interface Pair {
  n: number
  a: number
  b: number
  cross: number
}

/** The covariance (n - 1) of two outcomes' contributions by partner, over the patients that have both; 0 with fewer than two. */
export function covariances(
  { patients, partner, outcomes }: ContractYear,
  j: number,
  k: number,
  partners: number,
): number[] {
  const pairs = Array.from({ length: partners }, (): Pair => ({ n: 0, a: 0, b: 0, cross: 0 }))
  const [A, B] = [outcomes[j]!.contribution, outcomes[k]!.contribution]
  const eachPair = (take: (pair: Pair, a: number, b: number) => void) => {
    for (let row = 0; row < patients; row++)
      if (!Number.isNaN(A[row]) && !Number.isNaN(B[row])) take(pairs[partner[row]!]!, A[row]!, B[row]!)
  }
  eachPair((pair, a, b) => {
    pair.n += 1
    pair.a += a
    pair.b += b
  })
  eachPair((pair, a, b) => (pair.cross += (a - pair.a / pair.n) * (b - pair.b / pair.n)))
  return pairs.map(({ n, cross }) => (n < 2 ? 0 : cross / (n - 1)))
}

/** r_jk: how the placebo means of two outcomes go together, over the partner-years that both have. */
export function correlation(j: History, k: History): number {
  const points = j.years.flatMap((year) => {
    const other = k.years.find(({ yearsBefore }) => yearsBefore === year.yearsBefore)
    return year.partners.flatMap((own, p) => {
      const counterpart = other?.partners[p]
      return own && counterpart ? [{ a: own.y, b: counterpart.y }] : []
    })
  })
  if (points.length < 3) return 0
  let [a, b] = [0, 0]
  for (const point of points) {
    a += point.a / points.length
    b += point.b / points.length
  }
  let [aa, bb, ab] = [0, 0, 0]
  for (const point of points) {
    aa += (point.a - a) * (point.a - a)
    bb += (point.b - b) * (point.b - b)
    ab += (point.a - a) * (point.b - b)
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0
}

/** sd(v) from q, S, V, what every two outcomes share, and the errors of prices in QALY. */
export function valueSd(worths: readonly Worth[], shared: (j: number, k: number) => number): number {
  const together = (a: Worth, b: Worth) => {
    if (a.outcome === b.outcome) return a.credibleVariance
    const shrunk = Math.sqrt((a.credibleVariance * b.credibleVariance) / (a.variance * b.variance))
    return shared(a.outcome, b.outcome) * shrunk
  }
  let variance = 0
  for (const a of worths) for (const b of worths) variance += a.q * b.q * together(a, b)
  for (const { qError, credible } of worths) variance += qError * qError * credible * credible
  return Math.sqrt(Math.max(0, variance))
}
