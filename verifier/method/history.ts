/** method.md 4.2 and 4.3: what set partners apart in the years before the contract, and what of it is expected to last. */
import type { Contract } from './contract.ts'
import { mean, solved, sum } from './numbers.ts'
import type { PartnerMean } from './partner-mean.ts'
import { yearsBehind } from './term.ts'

/** A placebo year of one outcome: y and its error, by partner; null where a partner has none. */
export interface PlaceboYear {
  readonly yearsBefore: number
  readonly partners: readonly (PlaceboMean | null)[]
}

export interface PlaceboMean {
  readonly y: number
  readonly se: number
}

export interface History {
  readonly years: readonly PlaceboYear[]
  readonly moments: Moments
  /** by partner */
  readonly history: readonly number[]
  readonly post: readonly number[]
}

/** What sets partners apart: always, more every year, in one year only. */
export interface Moments {
  readonly tau2: number
  readonly omega2: number
  readonly kappa2: number
}

/** m_tu of two years, t <= u. */
export interface Moment {
  /** H - u */
  readonly x: number
  readonly sameYear: boolean
  readonly m: number
}

/** The moments' model, from at least one year. */
export type MomentsOf = (moments: readonly Moment[], years: number) => Moments

/** A year's means less its mean over all partners, weighted by precision. */
export function placeboYear(yearsBefore: number, means: readonly (PartnerMean | null)[]): PlaceboYear {
  let [weights, weighted] = [0, 0]
  for (const each of means) {
    if (!each) continue
    const weight = 1 / (each.se * each.se)
    weights += weight
    weighted += weight * each.mean
  }
  const centre = weights > 0 ? weighted / weights : 0
  return { yearsBefore, partners: means.map((each) => each && { y: each.mean - centre, se: each.se }) }
}

/** The moments of the years that count, and of every partner its history and what stays uncertain of it. */
export function historyOf(
  years: readonly PlaceboYear[],
  partners: number,
  contract: Contract,
  momentsOf: MomentsOf,
): History {
  const ascending = [...years].sort((a, b) => a.yearsBefore - b.yearsBefore)
  const H = Math.max(0, ...ascending.map(({ yearsBefore }) => yearsBefore))
  const complete = Array.from({ length: partners }, (_, p) => p).filter(
    (p) => ascending.length > 0 && ascending.every((year) => year.partners[p]),
  )
  const enough = complete.length >= 2
  const moments = enough
    ? momentsOf(momentsAmong(ascending, complete, H), ascending.length)
    : { tau2: 0, omega2: 0, kappa2: 0 }
  const known = new Set(enough ? complete : [])
  // how far partners have gone apart by the year that is settled
  const apart = moments.tau2 + moments.omega2 * (H + yearsBehind(contract)) + moments.kappa2
  const own = Array.from({ length: partners }, (_, p) => {
    if (contract.history === 'none') return { history: 0, post: 0 }
    if (!known.has(p)) return { history: 0, post: apart }
    const { history, explained } = ownHistory(ascending, p, { ...moments, H, level: contract.levelWeight })
    return { history, post: apart - explained }
  })
  return { years, moments, history: own.map(({ history }) => history), post: own.map(({ post }) => post) }
}

function momentsAmong(years: readonly PlaceboYear[], complete: readonly number[], H: number): Moment[] {
  const P = complete.length
  return years.flatMap((t, at) =>
    years.slice(at).map((u) => {
      const products = mean(complete.map((p) => t.partners[p]!.y * u.partners[p]!.y))
      const noise = t === u ? mean(complete.map((p) => t.partners[p]!.se * t.partners[p]!.se)) : 0
      return { x: H - u.yearsBefore, sameYear: t === u, m: (P / (P - 1)) * products - noise }
    }),
  )
}

function ownHistory(
  years: readonly PlaceboYear[],
  p: number,
  { tau2, omega2, kappa2, H, level }: Moments & { readonly H: number; readonly level: number },
): { readonly history: number; readonly explained: number } {
  const c = years.map(({ yearsBefore: u }) => tau2 + omega2 * (H - u))
  if (c.every((each) => each === 0)) return { history: 0, explained: 0 }
  const G = years.map(({ yearsBefore: t, partners }, row) =>
    years.map(
      ({ yearsBefore: u }, column) =>
        tau2 + omega2 * (H - Math.max(t, u)) + (row === column ? kappa2 + partners[p]!.se * partners[p]!.se : 0),
    ),
  )
  const a = solved(G, c)
  const history = level * sum(a.map((weight, at) => weight * years[at]!.partners[p]!.y))
  return { history, explained: (2 * level - level * level) * sum(a.map((weight, at) => weight * c[at]!)) }
}
