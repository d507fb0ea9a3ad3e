/** method.md 4.4 to 4.6: less the trend among controls, and shrunk towards what all partners share. */
import type { Contract } from './contract.ts'
import type { History } from './history.ts'
import type { PartnerMean } from './partner-mean.ts'

export interface NetGain {
  readonly history: number
  /** d */
  readonly net: number
  /** V */
  readonly variance: number
  readonly credibility: number
  readonly credible: number
  /** S: of what is paid */
  readonly credibleVariance: number
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

/** A control partner with statistics: x and w of 4.4. */
export interface ControlGain {
  readonly gain: number
  readonly weight: number
}

/** A contract partner with statistics: U without the error of the trend, V with it. */
export interface CredibilityRow {
  readonly d: number
  readonly U: number
  readonly V: number
}

export interface Credibility {
  readonly t2: number
  /** t2 stands in the contract */
  readonly agreed: boolean
  readonly mu: number
}

/** trend_se^2, from one control up. */
export type TrendVariance = (controls: readonly ControlGain[], trend: number) => number

/** S of every row; `credibility` is null where every partner stands on its own. */
export type CreditedVariances = (
  rows: readonly CredibilityRow[],
  credibility: Credibility | null,
  trendVariance: number,
) => readonly number[]

interface Steps {
  readonly trendVariance: TrendVariance
  readonly creditedVariances: CreditedVariances
}

export function netGains(
  measure: string,
  means: readonly (PartnerMean | null)[],
  { history, post }: History,
  contract: Contract,
  sides: Sides,
  steps: Steps,
): NetGains {
  const { trend, trendSe } = trendOf(controlGains(means, { history, post }, contract, sides), steps)
  const rows = sides.contract.flatMap((p) => {
    const own = means[p]
    if (!own) return []
    const d = own.mean - history[p]! - trend
    const U = own.se * own.se + post[p]!
    return [{ p, d, U, V: U + trendSe * trendSe }]
  })
  const credibility = credibilityOf(measure, rows, contract)
  const credited = steps.creditedVariances(rows, credibility, trendSe * trendSe)
  const partners: (NetGain | null)[] = means.map(() => null)
  rows.forEach(({ p, d, U, V }, at) => {
    const { t2, mu } = credibility ?? { t2: null, mu: 0 }
    const Z = t2 === null ? 1 : t2 / (t2 + U)
    const credible = t2 === null ? d : t2 === 0 ? mu : Z * d + (1 - Z) * mu
    const credibleVariance = credited[at]!
    partners[p] = { history: history[p]!, net: d, variance: V, credibility: Z, credible, credibleVariance }
  })
  return {
    trend,
    trendSe,
    collectiveMean: credibility?.mu ?? null,
    betweenVariance: credibility?.t2 ?? null,
    partners,
  }
}

function controlGains(
  means: readonly (PartnerMean | null)[],
  { history, post }: Pick<History, 'history' | 'post'>,
  { trend }: Contract,
  { control }: Sides,
): ControlGain[] {
  if (trend === 'none') return []
  return control.flatMap((c) => {
    const own = means[c]
    return own ? [{ gain: own.mean - history[c]!, weight: 1 / (own.se * own.se + post[c]!) }] : []
  })
}

function trendOf(controls: readonly ControlGain[], { trendVariance }: Steps) {
  if (controls.length === 0) return { trend: 0, trendSe: 0 }
  let [weights, weighted] = [0, 0]
  for (const { gain, weight } of controls) {
    weights += weight
    weighted += weight * gain
  }
  const trend = weighted / weights
  return { trend, trendSe: Math.sqrt(trendVariance(controls, trend)) }
}

/** t2 and mu of the partners of a contract; null where every partner stands on its own. */
function credibilityOf(
  measure: string,
  rows: readonly CredibilityRow[],
  { credibility: rule }: Contract,
): Credibility | null {
  if (rule === 'none' || rows.length < 2) return null
  const agreed = rule === 'estimated' ? undefined : rule.betweenSd[measure]
  const t2 = agreed === undefined ? estimatedVariance(rows) : agreed * agreed
  let [weights, weighted] = [0, 0]
  for (const { d, U } of rows) {
    weights += 1 / (U + t2)
    weighted += d / (U + t2)
  }
  return { t2, agreed: agreed !== undefined, mu: weighted / weights }
}

function estimatedVariance(rows: readonly CredibilityRow[]): number {
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
