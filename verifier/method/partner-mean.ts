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
export interface Group {
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

/** What one partner contributes, as a whole and by practice. */
export interface Grouped {
  readonly whole: Group
  readonly practices: readonly Group[]
}

/** se_p^2 of every partner; 0 of one without statistics. */
export type SquaredErrors = (partners: readonly Grouped[]) => readonly number[]

/** Mean and standard error by partner; null with fewer than two contributions, or where there is no error to speak of. */
export function partnerMeans(
  contributions: Contributions,
  partners: number,
  squaredErrors: SquaredErrors,
): (PartnerMean | null)[] {
  const grouped = groupedBy(contributions, partners)
  const errors = squaredErrors(grouped)
  return grouped.map(({ whole }, p) => {
    const se = Math.sqrt(errors[p]!)
    return whole.n >= 2 && se > 0 ? { n: whole.n, mean: meanOf(whole), se } : null
  })
}

function groupedBy({ partner, practice, value }: Contributions, partners: number): Grouped[] {
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
  return whole.map((all, p) => ({
    whole: all,
    practices: [...parts[p]!.entries()].sort(([a], [b]) => a - b).map(([, group]) => group),
  }))
}

/** Sum of squares about the means of practices. */
export const squaresWithin = (practices: readonly Group[]): number =>
  practices.reduce((total, { squares }) => total + squares, 0)

export const sumOfSquaredSizes = (practices: readonly Group[]): number =>
  practices.reduce((total, { n }) => total + n * n, 0)

/** sigma2: what moves a practice as a whole, over the partners of two practices or more. */
export function practiceVariance(partners: readonly Grouped[], s2: number): number {
  let [between, extra, weight] = [0, 0, 0]
  for (const { whole, practices } of partners) {
    if (practices.length < 2) continue
    for (const group of practices) between += group.n * square(meanOf(group) - meanOf(whole))
    extra += practices.length - 1
    weight += whole.n - sumOfSquaredSizes(practices) / whole.n
  }
  return weight === 0 ? 0 : Math.max(0, (between - s2 * extra) / weight)
}
