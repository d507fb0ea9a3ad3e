/** method.md 4.1: the mean contribution of every partner, with an error that knows practices. */

export interface PartnerMean {
  readonly n: number
  readonly mean: number
  readonly se: number
}

/** Contributions in columns: a row a patient that contributes, in order of patient_id. */
export interface Contributions {
  /** index of the partner, and of the practice */
  readonly partner: ArrayLike<number>
  readonly practice: ArrayLike<number>
  readonly value: ArrayLike<number>
}

/** A group of contributions: a partner's, or a practice's within it. */
interface Group {
  n: number
  sum: number
  low: number
  high: number
  /** squares about its own mean */
  squares: number
}

const nobody = (): Group => ({ n: 0, sum: 0, low: Infinity, high: -Infinity, squares: 0 })

function count(group: Group, value: number): void {
  group.n += 1
  group.sum += value
  group.low = Math.min(group.low, value)
  group.high = Math.max(group.high, value)
}

/** The mean; of values that are all the same exactly that value, so that they do not seem to vary. */
const meanOf = ({ n, sum, low, high }: Group): number => (low === high ? low : sum / n)

const square = (value: number): number => value * value

/** Mean and standard error by partner; null with fewer than two contributions, or where they do not vary. */
export function partnerMeans({ partner, practice, value }: Contributions, partners: number): (PartnerMean | null)[] {
  const whole = Array.from({ length: partners }, nobody)
  const parts = Array.from({ length: partners }, () => new Map<number, Group>())
  for (let row = 0; row < value.length; row++) {
    const p = partner[row]!
    const own = parts[p]!.get(practice[row]!) ?? nobody()
    parts[p]!.set(practice[row]!, own)
    count(whole[p]!, value[row]!)
    count(own, value[row]!)
  }
  for (let row = 0; row < value.length; row++) {
    const all = whole[partner[row]!]!
    const own = parts[partner[row]!]!.get(practice[row]!)!
    all.squares += square(value[row]! - meanOf(all))
    own.squares += square(value[row]! - meanOf(own))
  }
  const practices = parts.map((own) => [...own.entries()].sort(([a], [b]) => a - b).map(([, group]) => group))
  const sigma2 = betweenPractices(whole, practices)
  return whole.map((all, p) => {
    if (all.n < 2) return null
    const se = Math.sqrt(squaredError(all, practices[p]!, sigma2))
    return se > 0 ? { n: all.n, mean: meanOf(all), se } : null
  })
}

function squaredError({ n, squares }: Group, practices: readonly Group[], sigma2: number): number {
  const m = practices.length
  if (m < 2 || m === n) return squares / (n - 1) / n
  const s2 = withinOf(practices) / (n - m)
  return s2 / n + sigma2 * (practices.reduce((total, g) => total + g.n * g.n, 0) / (n * n))
}

const withinOf = (practices: readonly Group[]): number => practices.reduce((total, { squares }) => total + squares, 0)

/** sigma2: what moves a practice as a whole, pooled over the partners of two practices or more. */
function betweenPractices(whole: readonly Group[], practices: readonly (readonly Group[])[]): number {
  let [within, freedom, between, extra, weight] = [0, 0, 0, 0, 0]
  practices.forEach((own, p) => {
    if (own.length < 2) return
    const all = whole[p]!
    within += withinOf(own)
    freedom += all.n - own.length
    for (const group of own) between += group.n * square(meanOf(group) - meanOf(all))
    extra += own.length - 1
    weight += all.n - own.reduce((total, { n }) => total + n * n, 0) / all.n
  })
  if (freedom === 0 || weight === 0) return 0
  return Math.max(0, (between - (within / freedom) * extra) / weight)
}
