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

interface Cluster {
  n: number
  sum: number
  within: number
}

/** Mean and standard error by partner; null with fewer than two contributions, or where they do not vary. */
export function partnerMeans({ partner, practice, value }: Contributions, partners: number): (PartnerMean | null)[] {
  const clusters = Array.from({ length: partners }, () => new Map<number, Cluster>())
  const n = new Float64Array(partners)
  const sums = new Float64Array(partners)
  for (let row = 0; row < value.length; row++) {
    const p = partner[row]!
    n[p]! += 1
    sums[p]! += value[row]!
    const cluster = clusters[p]!.get(practice[row]!) ?? { n: 0, sum: 0, within: 0 }
    cluster.n += 1
    cluster.sum += value[row]!
    clusters[p]!.set(practice[row]!, cluster)
  }
  const g = sums.map((total, p) => total / n[p]!)
  const squares = new Float64Array(partners)
  for (let row = 0; row < value.length; row++) {
    const p = partner[row]!
    squares[p]! += (value[row]! - g[p]!) * (value[row]! - g[p]!)
    const cluster = clusters[p]!.get(practice[row]!)!
    const off = value[row]! - cluster.sum / cluster.n
    cluster.within += off * off
  }
  const practices = clusters.map((own) => [...own.entries()].sort(([a], [b]) => a - b).map(([, cluster]) => cluster))
  const sigma2 = betweenPractices(practices, n, g)
  return practices.map((own, p) => {
    const count = n[p]!
    if (count < 2) return null
    const [total, m] = [squares[p]!, own.length]
    const clustered = m >= 2 && m < count
    const variance = clustered
      ? withinOf(own) / (count - m) / count + sigma2 * own.reduce((s, { n: g }) => s + (g / count) * (g / count), 0)
      : total / (count - 1) / count
    const se = Math.sqrt(variance)
    return se > 0 ? { n: count, mean: g[p]!, se } : null
  })
}

const withinOf = (own: readonly Cluster[]): number => own.reduce((total, { within }) => total + within, 0)

/** sigma2: what moves a practice as a whole, pooled over the partners of two practices or more. */
function betweenPractices(
  practices: readonly (readonly Cluster[])[],
  n: ArrayLike<number>,
  g: ArrayLike<number>,
): number {
  let [within, freedom, between, extra, weight] = [0, 0, 0, 0, 0]
  practices.forEach((own, p) => {
    if (own.length < 2) return
    within += withinOf(own)
    freedom += n[p]! - own.length
    let sizes = 0
    for (const cluster of own) {
      const off = cluster.sum / cluster.n - g[p]!
      between += cluster.n * off * off
      sizes += cluster.n * cluster.n
    }
    extra += own.length - 1
    weight += n[p]! - sizes / n[p]!
  })
  if (freedom === 0 || weight === 0) return 0
  return Math.max(0, (between - (within / freedom) * extra) / weight)
}
