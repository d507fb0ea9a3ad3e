/** A partner's mean contribution and its standard error, with practices as clusters (method.md 4.1). */
import { MEASURED } from '../assessment/assessment.ts'
import { squared } from '../kernel/squared.ts'

/** Columns along the partners of the region; NaN where a partner has no statistics. */
export interface PartnerMeans {
  /** patients that contribute */
  readonly contributions: Int32Array
  /** g_p = mean of A */
  readonly mean: Float64Array
  /** standard error of g_p; NaN with fewer than two contributions, and for everybody where none vary within a practice */
  readonly se: Float64Array
  /** s2: variance within practices, pooled over all partners */
  readonly patientVariance: number
  /** sigma2: variance between practices, pooled over the partners with two practices or more */
  readonly practiceVariance: number
}

/** Sums per group in the order of the rows; a group whose values are all the same has variance exactly 0. */
interface Groups {
  readonly count: Int32Array
  readonly mean: Float64Array
  /** sum of squares about the mean */
  readonly squares: Float64Array
}

/** g_p and se_p of every partner of one outcome and year: se^2 = s2 / n + sigma2 * sum (n_g / n)^2, the second term from two practices up.
 *
 *  Both variances are pooled over all the partners: s2 = sum of within-practice squares / sum of (n_p - m_p), and over those with m >= 2
 *  sigma2 = max(0, (sum n_g (A_g - g_p)^2 - s2 * sum (m_p - 1)) / sum (n_p - sum_g n_g^2 / n_p)). A partner's own variance follows its own
 *  mean where values are skewed, and weights made of it would pay for that.
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
  const patientVariance = patientVarianceOf(whole, practices)
  const practiceVariance = practiceVarianceOf(whole, practices, patientVariance)
  const se = new Float64Array(partners).fill(NaN)
  for (let p = 0; p < partners; p++) {
    const [n, m] = [whole.count[p]!, practices.number[p]!]
    if (n < 2 || patientVariance === 0) continue
    const ofPractices = m < 2 ? 0 : practiceVariance * (practices.squaredSizes[p]! / (n * n))
    se[p] = Math.sqrt(patientVariance / n + ofPractices)
  }
  return { contributions: whole.count, mean: whole.mean, se, patientVariance, practiceVariance }
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

/** s2; 0 where no practice has two patients. */
function patientVarianceOf(whole: Groups, practices: Practices): number {
  let [within, freedom] = [0, 0]
  for (let p = 0; p < whole.count.length; p++) {
    within += practices.within[p]!
    freedom += whole.count[p]! - practices.number[p]!
  }
  return freedom === 0 ? 0 : within / freedom
}

/** sigma2; 0 where no partner has two practices. */
function practiceVarianceOf(whole: Groups, practices: Practices, patientVariance: number): number {
  let [between, spread, scale] = [0, 0, 0]
  for (let p = 0; p < whole.count.length; p++) {
    const [n, m] = [whole.count[p]!, practices.number[p]!]
    if (m < 2) continue
    between += practices.between[p]!
    spread += m - 1
    scale += n - practices.squaredSizes[p]! / n
  }
  return scale === 0 ? 0 : Math.max(0, (between - patientVariance * spread) / scale)
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
