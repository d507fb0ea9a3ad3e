/** method.md 4.2 and 4.3: what set partners apart in the years before the contract, and what of it is expected to last. */
import type { Contract, Outcome } from './contract.ts'
import { dayNumber, mean, sum, yearsEarlier } from './numbers.ts'
import type { PartnerMean } from './partner-mean.ts'

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
  readonly tau2: number
  readonly omega2: number
  /** by partner */
  readonly history: readonly number[]
  readonly post: readonly number[]
}

/** The years before the contract that count for an outcome, 1 to 3. */
export function countingYears({ period, reference }: Contract, { horizonDays, windowDays }: Outcome): number[] {
  return [1, 2, 3].filter((years) => {
    const index = yearsEarlier(period.start, years)
    const known = dayNumber(index) + horizonDays - windowDays <= dayNumber(reference.end)
    return reference.start <= yearsEarlier(index, 1) && known
  })
}

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

/** tau2 and omega2 from the years that count, and of every partner its history and what stays uncertain of it. */
export function historyOf(years: readonly PlaceboYear[], partners: number, contract: Contract): History {
  const ascending = [...years].sort((a, b) => a.yearsBefore - b.yearsBefore)
  const H = Math.max(0, ...ascending.map(({ yearsBefore }) => yearsBefore))
  const complete = Array.from({ length: partners }, (_, p) => p).filter(
    (p) => ascending.length > 0 && ascending.every((year) => year.partners[p]),
  )
  const { tau2, omega2 } = complete.length < 2 ? { tau2: 0, omega2: 0 } : momentsOf(ascending, complete, H)
  const known = new Set(complete.length < 2 ? [] : complete)
  const own = Array.from({ length: partners }, (_, p) => {
    if (contract.history === 'none') return { history: 0, post: 0 }
    if (!known.has(p)) return { history: 0, post: tau2 + omega2 * H }
    return ownHistory(ascending, p, { tau2, omega2, H, level: contract.levelWeight })
  })
  return { years, tau2, omega2, history: own.map(({ history }) => history), post: own.map(({ post }) => post) }
}

function momentsOf(years: readonly PlaceboYear[], complete: readonly number[], H: number) {
  const P = complete.length
  const pairs: { readonly x: number; readonly m: number }[] = []
  years.forEach((t, at) => {
    for (const u of years.slice(at)) {
      const products = mean(complete.map((p) => t.partners[p]!.y * u.partners[p]!.y))
      const noise = t === u ? mean(complete.map((p) => t.partners[p]!.se * t.partners[p]!.se)) : 0
      pairs.push({ x: H - u.yearsBefore, m: (P / (P - 1)) * products - noise })
    }
  })
  const x0 = mean(pairs.map(({ x }) => x))
  const m0 = mean(pairs.map(({ m }) => m))
  const spread = sum(pairs.map(({ x }) => (x - x0) * (x - x0)))
  const slope = sum(pairs.map(({ x, m }) => (x - x0) * (m - m0))) / spread
  const omega2 = years.length < 2 || !(spread > 0) ? 0 : Math.max(0, slope)
  return { omega2, tau2: Math.max(0, mean(pairs.map(({ x, m }) => m - omega2 * x))) }
}

function ownHistory(
  years: readonly PlaceboYear[],
  p: number,
  { tau2, omega2, H, level }: { tau2: number; omega2: number; H: number; level: number },
) {
  const c = years.map(({ yearsBefore: u }) => tau2 + omega2 * (H - u))
  if (c.every((each) => each === 0)) return { history: 0, post: tau2 + omega2 * H }
  const G = years.map(({ yearsBefore: t, partners }, row) =>
    years.map(
      ({ yearsBefore: u }, column) =>
        tau2 + omega2 * (H - Math.max(t, u)) + (row === column ? partners[p]!.se * partners[p]!.se : 0),
    ),
  )
  const a = solved(G, c)
  const history = level * sum(a.map((weight, at) => weight * years[at]!.partners[p]!.y))
  const explained = sum(a.map((weight, at) => weight * c[at]!))
  return { history, post: tau2 + omega2 * H - (2 * level - level * level) * explained }
}

/** The solution of G a = c, by elimination with the largest pivot first. */
function solved(G: readonly (readonly number[])[], c: readonly number[]): number[] {
  const rows = G.map((row, at) => [...row, c[at]!])
  const size = rows.length
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let row = column + 1; row < size; row++)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row
    ;[rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!]
    for (let row = column + 1; row < size; row++) {
      const factor = rows[row]![column]! / rows[column]![column]!
      for (let at = column; at <= size; at++) rows[row]![at]! -= factor * rows[column]![at]!
    }
  }
  const a = Array.from({ length: size }, () => 0)
  for (let row = size - 1; row >= 0; row--) {
    let rest = rows[row]![size]!
    for (let at = row + 1; at < size; at++) rest -= rows[row]![at]! * a[at]!
    a[row] = rest / rows[row]![row]!
  }
  return a
}
