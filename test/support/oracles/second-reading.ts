/** A second implementation of sections 4 and 5 of method.md, with an object per patient, independent of the engine. */
import type { Contract } from '../../../engine/contract/contract.ts'
import type { RowSpec, InputSpec } from '../settlements/settlement-input.ts'

const total = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0)
const average = (xs: readonly number[]) => total(xs) / xs.length
const spreadOf = (xs: readonly number[]) => total(xs.map((x) => (x - average(xs)) ** 2))
const known = (x: number | null | undefined): x is number => typeof x === 'number'

interface Standing {
  readonly g: number
  readonly se: number
}

/** 4.1 for every partner with statistics. */
function meansOf(rows: readonly RowSpec[], k: number): Map<string, Standing> {
  const people = rows.flatMap((row) => {
    const a = (row.contribution ?? row.gain)[k]
    return known(a) ? [{ partner: row.partner, practice: row.practice ?? row.partner, a }] : []
  })
  const partners = [...new Set(people.map(({ partner }) => partner))]
  const shapes = partners.map((partner) => {
    const own = people.filter((person) => person.partner === partner)
    const practices = [...new Set(own.map(({ practice }) => practice))].map((practice) =>
      own.filter((person) => person.practice === practice).map(({ a }) => a),
    )
    return { partner, all: own.map(({ a }) => a), practices }
  })
  const within = total(shapes.map(({ practices }) => total(practices.map(spreadOf))))
  const freedom = total(shapes.map(({ all, practices }) => all.length - practices.length))
  const s2 = freedom === 0 ? 0 : within / freedom
  if (s2 < 1e-20) return new Map()
  const many = shapes.filter(({ practices }) => practices.length >= 2)
  const between = total(
    many.map(({ all, practices }) => total(practices.map((g) => g.length * (average(g) - average(all)) ** 2))),
  )
  const scale = total(
    many.map(({ all, practices }) => all.length - total(practices.map((g) => g.length ** 2)) / all.length),
  )
  const chance = s2 * total(many.map(({ practices }) => practices.length - 1))
  const sigma2 = many.length === 0 ? 0 : Math.max(0, (between - chance) / scale)
  return new Map(
    shapes.flatMap(({ partner, all, practices }): [string, Standing][] => {
      const n = all.length
      if (n < 2) return []
      const clusters = practices.length >= 2 ? sigma2 * total(practices.map((g) => (g.length / n) ** 2)) : 0
      return [[partner, { g: average(all), se: Math.sqrt(s2 / n + clusters) }]]
    }),
  )
}

interface Year {
  readonly t: number
  readonly y: Map<string, Standing>
}

/** 4.2: where partners stood, and what set them apart. */
function placeboOf(spec: InputSpec, k: number) {
  const years = (spec.placebo ?? []).map(({ yearsBefore, rows }): Year => {
    const means = meansOf(rows, k)
    const weights = total([...means.values()].map(({ se }) => se ** -2))
    const centre = total([...means.values()].map(({ g, se }) => g / se ** 2)) / weights
    return { t: yearsBefore, y: new Map([...means].map(([p, { g, se }]) => [p, { g: g - centre, se }])) }
  })
  const H = Math.max(0, ...years.map(({ t }) => t))
  const throughout = [...(years[0]?.y.keys() ?? [])].filter((p) => years.every(({ y }) => y.has(p)))
  const P = throughout.length
  if (P < 2) return { years, H, tau2: 0, omega2: 0, kappa2: 0 }
  const pairs = years.flatMap((one, i) =>
    years.slice(i).map((other) => {
      const products = average(throughout.map((p) => one.y.get(p)!.g * other.y.get(p)!.g))
      const noise = one === other ? average(throughout.map((p) => one.y.get(p)!.se ** 2)) : 0
      return { x: [1, H - other.t, one === other ? 1 : 0], m: (P / (P - 1)) * products - noise }
    }),
  )
  const [tau2, omega2, kappa2] = notNegative(
    pairs,
    years.length === 1 ? [[0]] : [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]],
  )
  return { years, H, tau2: tau2!, omega2: omega2!, kappa2: kappa2! }
}

/** The least squares solution without a negative, of those in which only the coefficients of a subset are let free. */
function notNegative(pairs: readonly { x: number[]; m: number }[], subsets: readonly number[][]): number[] {
  const errorOf = (b: readonly number[]) =>
    total(pairs.map(({ x, m }) => (m - total(x.map((xi, i) => xi * b[i]!))) ** 2))
  const solutions = subsets.map((free) => {
    const A = free.map((i) => free.map((j) => total(pairs.map(({ x }) => x[i]! * x[j]!))))
    const found = elimination(A, free.map((i) => total(pairs.map(({ x, m }) => x[i]! * m)))) // prettier-ignore
    return [0, 1, 2].map((i) => (free.includes(i) ? found[free.indexOf(i)]! : 0))
  })
  return [[0, 0, 0], ...solutions]
    .filter((b) => b.every((x) => x >= 0))
    .reduce((best, b) => (errorOf(b) < errorOf(best) ? b : best))
}

/** x of A x = b by elimination. */
function elimination(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]!])
  rows.forEach((pivot, i) =>
    rows.forEach((row, j) => {
      if (j === i) return
      const factor = row[i]! / pivot[i]!
      pivot.forEach((value, c) => (row[c] = row[c]! - factor * value))
    }),
  )
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

/** 4.3: history and post. */
function historyOf(
  contract: Contract,
  placebo: ReturnType<typeof placeboOf>,
  p: string,
): { history: number; post: number } {
  if (contract.history === 'none') return { history: 0, post: 0 }
  const { years, tau2, omega2, kappa2, H } = placebo
  const before = tau2 + omega2 * H + kappa2
  if (years.length === 0 || years.some(({ y }) => !y.has(p))) return { history: 0, post: before }
  const c = years.map(({ t }) => tau2 + omega2 * (H - t))
  if (c.every((x) => x === 0)) return { history: 0, post: before }
  const G = years.map((one, i) =>
    years.map(
      (other, j) => tau2 + omega2 * (H - Math.max(one.t, other.t)) + (i === j ? kappa2 + one.y.get(p)!.se ** 2 : 0),
    ),
  )
  const a = elimination(G, c)
  const lw = contract.levelWeight
  return {
    history: lw * total(a.map((x, i) => x * years[i]!.y.get(p)!.g)),
    post: before - (2 * lw - lw * lw) * total(a.map((x, i) => x * c[i]!)),
  }
}

/** What a partner is found to have gained in one outcome. */
export interface Found {
  readonly d: number
  readonly V: number
  readonly Z: number
  readonly credible: number
  /** error of what is paid */
  readonly S: number
  readonly common: number
}

/** 4.4 to 4.6. */
function outcomeOf(spec: InputSpec, contract: Contract, k: number) {
  const placebo = placeboOf(spec, k)
  const means = meansOf(spec.rows, k)
  const controls = contract.control.filter((c) => contract.trend === 'control' && means.has(c))
  const seen = controls.map((c) => {
    const { history, post } = historyOf(contract, placebo, c)
    return { x: means.get(c)!.g - history, w: 1 / (means.get(c)!.se ** 2 + post) }
  })
  const W = total(seen.map(({ w }) => w))
  const trend = W === 0 ? 0 : total(seen.map(({ x, w }) => x * w)) / W
  const apart = seen.length < 2 ? 0 : total(seen.map(({ x, w }) => w * (x - trend) ** 2)) / ((seen.length - 1) * W)
  const trendVariance = W === 0 ? 0 : Math.max(1 / W, apart)
  const own = spec.partners.toSorted().filter((p) => means.has(p))
  const net = own.map((p) => {
    const { history, post } = historyOf(contract, placebo, p)
    return { p, d: means.get(p)!.g - history - trend, U: means.get(p)!.se ** 2 + post, common: post + trendVariance }
  })
  const rule = contract.credibility
  let t2 = 0
  if (rule === 'estimated') {
    const w = net.map(({ U }) => 1 / U)
    const dbar = total(net.map(({ d }, i) => d * w[i]!)) / total(w)
    const q = total(net.map(({ d }, i) => w[i]! * (d - dbar) ** 2)) - (net.length - 1)
    t2 = Math.max(0, q / (total(w) - total(w.map((x) => x * x)) / total(w)))
  } else if (rule !== 'none') t2 = rule.betweenSd[contract.outcomes[k]!.measure]! ** 2
  const mu = total(net.map(({ d, U }) => d / (U + t2))) / total(net.map(({ U }) => 1 / (U + t2)))
  const f = net.map(({ U }) => 1 / (U + t2))
  const found = net.map(({ p, d, U, common }, i): [string, Found] => {
    const alone = rule === 'none' || net.length === 1
    const Z = alone ? 1 : t2 / (t2 + U)
    const V = U + trendVariance
    const unknown = rule === 'estimated' ? (4 * U ** 2 * f[i]! ** 3) / total(f.map((x) => x ** 2)) : 0
    const S = alone ? V : Math.min(V, Z * U + (1 - Z) ** 2 / total(f) + unknown + trendVariance)
    return [p, { d, V, Z, S, credible: alone ? d : Z * d + (1 - Z) * mu, common }]
  })
  return { placebo, found: new Map(found) }
}

const eligible = (row: RowSpec, k: number) => {
  const status = row.status?.[k] ?? (known(row.gain[k]) ? 'measured' : 'missing')
  return status === 'measured' || status === 'missing'
}

function correlationOf(one: readonly Year[], other: readonly Year[]): number {
  const pairs = one.flatMap(({ t, y }) => {
    const same = other.find((year) => year.t === t)
    return same ? [...y].flatMap(([p, { g }]) => (same.y.has(p) ? [[g, same.y.get(p)!.g] as const] : [])) : []
  })
  if (pairs.length < 3) return 0
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
  const product = total(pairs.map(([x, y]) => (x - average(xs)) * (y - average(ys))))
  return product / Math.sqrt(spreadOf(xs) * spreadOf(ys))
}

/** 5.1 to 5.6 for every contract partner, the budget left out. */
export function secondReadingOf(spec: InputSpec, contract: Contract, periodDays: number) {
  const outcomes = contract.outcomes.map((_, k) => outcomeOf(spec, contract, k))
  return spec.partners.toSorted().map((p) => {
    const rows = spec.rows.filter((row) => row.partner === p)
    const yearsOf = (some: readonly RowSpec[]) => total(some.map(({ days }) => days ?? 365)) / periodDays
    const counted = rows.filter((row) => contract.outcomes.some((_, k) => eligible(row, k)))
    const PY = yearsOf(counted)
    const terms = outcomes.flatMap(({ found }, k) => {
      const result = found.get(p)
      if (!result) return []
      const mine = rows.filter((row) => eligible(row, k))
      const gains = spec.rows
        .filter((row) => spec.partners.includes(row.partner))
        .flatMap(({ gain }) => (known(gain[k]) ? [gain[k]] : []))
      const residualSd = gains.length < 2 ? 0 : Math.sqrt(spreadOf(gains) / (gains.length - 1))
      const missing = mine.filter(({ gain }) => !known(gain[k])).length / mine.length
      return [{ k, q: (contract.outcomes[k]!.priceEur * yearsOf(mine)) / PY, residualSd, missing, ...result }]
    })
    const unshifted = total(terms.map(({ q, credible }) => q * credible))
    const shift =
      contract.pessimisticShiftSd * total(terms.map(({ q, residualSd, missing }) => q * residualSd * missing))
    const v = unshifted > 0 && contract.pessimisticShiftSd > 0 ? Math.max(0, unshifted - shift) : unshifted
    const A = (row: RowSpec, k: number) => (row.contribution ?? row.gain)[k]
    const C = terms.map((one) =>
      terms.map((other) => {
        if (one === other) return one.S
        const both = rows.flatMap((row) => {
          const [x, y] = [A(row, one.k), A(row, other.k)]
          return known(x) && known(y) ? [[x, y] as const] : []
        })
        const [mx, my] = [average(both.map(([x]) => x)), average(both.map(([, y]) => y))]
        const covariance = both.length < 2 ? 0 : total(both.map(([x, y]) => (x - mx) * (y - my))) / (both.length - 1)
        const n = [one.k, other.k].map((k) => rows.filter((row) => known(A(row, k))).length)
        const r =
          contract.history === 'none'
            ? 0
            : correlationOf(outcomes[one.k]!.placebo.years, outcomes[other.k]!.placebo.years)
        const together = covariance / Math.max(...n) + r * Math.sqrt(one.common * other.common)
        return together * Math.sqrt((one.S * other.S) / (one.V * other.V))
      }),
    )
    const sd = Math.sqrt(
      Math.max(0, total(terms.flatMap((one, j) => terms.map((other, k) => one.q * other.q * C[j]![k]!)))),
    )
    const band = Math.max(contract.deadBand.eur, contract.deadBand.z * sd)
    const beyond = v > band ? v - band : v < -band ? v + band : 0
    const shared = beyond > 0 ? beyond * contract.share.gain : beyond * contract.share.loss
    const { floor, cap } = contract.corridorEur
    const bounded = cap !== null && shared > cap ? cap : floor !== null && shared < floor ? floor : shared
    return {
      p,
      eligible: counted.length,
      PY,
      terms,
      v,
      sd,
      eur: counted.length < contract.minPatients ? 0 : bounded * PY,
    }
  })
}
