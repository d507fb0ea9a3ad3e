/** method.md 4.4 to 4.6: less the trend among controls, and shrunk towards what all partners share. */
import type { Contract } from './contract.ts'
import type { History } from './history.ts'
import type { PartnerMean } from './partner-mean.ts'

export interface NetGain {
  readonly history: number
  /** d */
  readonly net: number
  /** U: without the error of the trend, and V: with it */
  readonly own: number
  readonly variance: number
  readonly credibility: number
  readonly credible: number
}

export interface NetGains {
  readonly trend: number
  readonly trendSe: number
  readonly collectiveMean: number | null
  readonly betweenVariance: number | null
  /** by partner; null where it is no contract partner, or has no statistics */
  readonly partners: readonly (NetGain | null)[]
}

export interface Sides {
  readonly contract: readonly number[]
  readonly control: readonly number[]
}

export function netGains(
  measure: string,
  means: readonly (PartnerMean | null)[],
  { history, post }: History,
  contract: Contract,
  sides: Sides,
): NetGains {
  const { trend, trendSe } = trendOf(means, { history, post }, contract, sides)
  const rows = sides.contract.flatMap((p) => {
    const own = means[p]
    if (!own) return []
    const d = own.mean - history[p]! - trend
    const U = own.se * own.se + post[p]!
    return [{ p, d, U, V: U + trendSe * trendSe }]
  })
  const credibility = credibilityOf(measure, rows, contract)
  const partners: (NetGain | null)[] = means.map(() => null)
  for (const { p, d, U, V } of rows) {
    const { t2, mu } = credibility ?? { t2: null, mu: 0 }
    const Z = t2 === null ? 1 : t2 / (t2 + U)
    const credible = t2 === null ? d : t2 === 0 ? mu : Z * d + (1 - Z) * mu
    partners[p] = { history: history[p]!, net: d, own: U, variance: V, credibility: Z, credible }
  }
  return {
    trend,
    trendSe,
    collectiveMean: credibility?.mu ?? null,
    betweenVariance: credibility?.t2 ?? null,
    partners,
  }
}

function trendOf(
  means: readonly (PartnerMean | null)[],
  { history, post }: Pick<History, 'history' | 'post'>,
  contract: Contract,
  { control }: Sides,
) {
  let [weights, weighted] = [0, 0]
  for (const c of control) {
    const own = means[c]
    if (!own || contract.trend === 'none') continue
    const weight = 1 / (own.se * own.se + post[c]!)
    weights += weight
    weighted += weight * (own.mean - history[c]!)
  }
  return weights > 0 ? { trend: weighted / weights, trendSe: Math.sqrt(1 / weights) } : { trend: 0, trendSe: 0 }
}

/** t2 and mu of the partners of a contract; null where every partner stands on its own. */
function credibilityOf(
  measure: string,
  rows: readonly { readonly d: number; readonly U: number }[],
  { credibility: rule }: Contract,
): { readonly t2: number; readonly mu: number } | null {
  if (rule === 'none' || rows.length < 2) return null
  const agreed = rule === 'estimated' ? undefined : rule.betweenSd[measure]
  const t2 = agreed === undefined ? estimatedVariance(rows) : agreed * agreed
  let [weights, weighted] = [0, 0]
  for (const { d, U } of rows) {
    weights += 1 / (U + t2)
    weighted += d / (U + t2)
  }
  return { t2, mu: weighted / weights }
}

function estimatedVariance(rows: readonly { readonly d: number; readonly U: number }[]): number {
  let [w, wd, ww] = [0, 0, 0]
  for (const { d, U } of rows) {
    w += 1 / U
    wd += d / U
    ww += (1 / U) * (1 / U)
  }
  let spread = 0
  for (const { d, U } of rows) spread += (1 / U) * (d - wd / w) * (d - wd / w)
  return Math.max(0, (spread - (rows.length - 1)) / (w - ww / w))
}
