/** A partner's mean contribution and its standard error, with practices as clusters (method.md 4.1). */
import { MEASURED } from '../assessment/assessment.ts'
import { squared } from '../kernel/squared.ts'

/** Columns along the partners of the region; NaN where a partner has no statistics. */
export interface PartnerMeans {
  /** patients that contribute */
  readonly contributions: Int32Array
  /** g_p = mean of A */
  readonly mean: Float64Array
  /** standard error of g_p; NaN with fewer than two contributions or where they do not vary at all */
  readonly se: Float64Array
  /** variance between practices, pooled over the partners with two practices or more */
  readonly practiceVariance: number
}

/** Sums per group in the order of the rows; a group whose values are all the same has variance exactly 0. */
interface Groups {
  readonly count: Int32Array
  readonly mean: Float64Array
  /** sum of squares about the mean */
  readonly squares: Float64Array
}

/** g_p and se_p of every partner of one outcome and year.
 *
 *  One practice, or as many practices as patients: se^2 = variance of A / n. Else se^2 = s^2 / n + sigma2 * sum (n_g / n)^2,
 *  s^2 = within-practice squares / (n - m), and sigma2 = max(0, (sum n_g (A_g - g_p)^2 - s2 * sum (m_p - 1)) /
 *  sum (n_p - sum_g n_g^2 / n_p)) over all partners with m >= 2, s2 = sum of within squares / sum of (n_p - m_p).
 *  @param partner, practice, contribution a value per patient, ascending by patient_id; NaN contributes nothing */
export function partnerMeansOf(
  partner: Int32Array,
  practice: Int32Array,
  contribution: Float64Array,
  partners: number,
): PartnerMeans {
  const whole = groupsOf(partner, contribution, partners)
  const parts = groupsOf(practice, contribution, partners)
  const practices = practicesOf(partner, practice, contribution, whole, parts)
  const practiceVariance = practiceVarianceOf(whole, practices)
  const se = new Float64Array(partners).fill(NaN)
  for (let p = 0; p < partners; p++) {
    const [n, m] = [whole.count[p]!, practices.number[p]!]
    if (n < 2) continue
    const variance =
      m < 2 || n === m
        ? whole.squares[p]! / (n - 1) / n
        : practices.within[p]! / (n - m) / n + practiceVariance * (practices.squaredSizes[p]! / (n * n))
    if (variance > 0) se[p] = Math.sqrt(variance)
  }
  return { contributions: whole.count, mean: whole.mean, se, practiceVariance }
}

/** Partners that stay in all that follows: two contributions or more, and a standard error. */
export const hasStatistics = ({ se }: PartnerMeans, partner: number): boolean => se[partner]! > 0

function groupsOf(group: Int32Array, values: Float64Array, groups: number): Groups {
  const count = new Int32Array(groups)
  const mean = new Float64Array(groups)
  const squares = new Float64Array(groups)
  const least = new Float64Array(groups).fill(Infinity)
  const most = new Float64Array(groups).fill(-Infinity)
  for (let row = 0; row < values.length; row++) {
    const [g, x] = [group[row]!, values[row]!]
    if (Number.isNaN(x)) continue
    count[g]!++
    mean[g]! += x
    if (x < least[g]!) least[g] = x
    if (x > most[g]!) most[g] = x
  }
  for (let g = 0; g < groups; g++) mean[g] = least[g] === most[g] ? least[g]! : mean[g]! / count[g]!
  for (let row = 0; row < values.length; row++) {
    const [g, x] = [group[row]!, values[row]!]
    if (!Number.isNaN(x)) squares[g]! += squared(x - mean[g]!)
  }
  return { count, mean, squares }
}

/** The practices of each partner, added up per partner. */
interface Practices {
  /** m_p */
  readonly number: Int32Array
  readonly within: Float64Array
  /** sum of n_g (A_g - g_p)^2 */
  readonly between: Float64Array
  /** sum of n_g^2 */
  readonly squaredSizes: Float64Array
}

function practicesOf(
  partner: Int32Array,
  practice: Int32Array,
  contribution: Float64Array,
  whole: Groups,
  parts: Groups,
): Practices {
  const partners = whole.count.length
  const owner = new Int32Array(partners).fill(-1)
  for (let row = 0; row < contribution.length; row++)
    if (!Number.isNaN(contribution[row])) owner[practice[row]!] = partner[row]!
  const practices: Practices = {
    number: new Int32Array(partners),
    within: new Float64Array(partners),
    between: new Float64Array(partners),
    squaredSizes: new Float64Array(partners),
  }
  for (let g = 0; g < partners; g++) {
    const p = owner[g]!
    if (p < 0) continue
    const size = parts.count[g]!
    practices.number[p]!++
    practices.within[p]! += parts.squares[g]!
    practices.between[p]! += size * squared(parts.mean[g]! - whole.mean[p]!)
    practices.squaredSizes[p]! += size * size
  }
  return practices
}

/** sigma2; 0 where no partner with two practices or more has more patients than practices. */
function practiceVarianceOf(whole: Groups, practices: Practices): number {
  let [within, freedom, between, spread, scale] = [0, 0, 0, 0, 0]
  for (let p = 0; p < whole.count.length; p++) {
    const [n, m] = [whole.count[p]!, practices.number[p]!]
    if (m < 2) continue
    within += practices.within[p]!
    freedom += n - m
    between += practices.between[p]!
    spread += m - 1
    scale += n - practices.squaredSizes[p]! / n
  }
  return freedom === 0 ? 0 : Math.max(0, (between - (within / freedom) * spread) / scale)
}

/** Standard deviation (n - 1) of the measured gains of the partners asked for; NaN with fewer than two. */
export function residualSdOf(
  status: Uint8Array,
  gain: Float64Array,
  partner: Int32Array,
  included: ReadonlySet<number>,
): number {
  let [count, sum, squares] = [0, 0, 0]
  const counts = (row: number) => status[row] === MEASURED && included.has(partner[row]!)
  for (let row = 0; row < gain.length; row++)
    if (counts(row)) {
      count++
      sum += gain[row]!
    }
  const mean = sum / count
  for (let row = 0; row < gain.length; row++) if (counts(row)) squares += squared(gain[row]! - mean)
  return count < 2 ? NaN : Math.sqrt(squares / (count - 1))
}
