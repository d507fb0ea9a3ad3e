/** The partners of a synthetic region, how many patients each draws, and what was planted with them. */
import { addYears, epochDayOf, type EpochDay } from '../../engine/kernel/calendar.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { CONTRACT_PERIOD, defaultEffects, type SyntheticEffects } from './effects.ts'
import { MEASURE_MODELS, totalSdOf } from './measures.ts'

/** The streams of random numbers, by purpose: what one draws leaves all others as they were. */
export const STREAM = { region: 1, person: 2, course: 3, dirt: 4, care: 5 } as const

/** What a partner does to a measure from a day on. */
export interface Shift {
  readonly measure: number
  readonly from: EpochDay
  readonly shift: number
}

export interface Practice {
  readonly partnerId: string
  readonly groupId: string
  readonly control: boolean
  readonly postcode4: number
  /** the practice's and its care group's own deviation by measure, in the unit */
  readonly level: Float64Array
  /** times between visits, against the average */
  readonly visitGap: number
  readonly shifts: readonly Shift[]
}

export interface Region {
  readonly contractPartners: readonly string[]
  readonly controlPartners: readonly string[]
  readonly practices: readonly Practice[]
  /** upper bounds in (0, 1] of each practice's part of the patients, ascending */
  readonly cumulative: Float64Array
  readonly trend: Float64Array
  readonly trendFrom: EpochDay
  readonly termYears: number
  /** the days that the files cover, both included */
  readonly firstDay: EpochDay
  readonly lastDay: EpochDay
}

export const LABORATORY = 'dc01'
export const HOSPITAL = 'h01'

const groupPatients = 300 // patients of an average contract partner
const practicePatients = 100 // patients of an average practice in one programme
const controlShare = 0.25

/** The region for a number of patients: care groups p01, p02, …, controls p90, p91, …, and their practices.
 *  @throws Refusal `invalid_effects` if an effect names a partner that the region does not have */
export function regionOf(patients: number, seed: number, asked: SyntheticEffects | undefined): Region {
  const contract = Math.min(40, Math.max(2, Math.round((patients * (1 - controlShare)) / groupPatients)))
  const controls = Math.min(10, Math.max(2, Math.floor(contract / 5)))
  const contractPartners = Array.from({ length: contract }, (_, i) => `p${String(i + 1).padStart(2, '0')}`)
  const controlPartners = Array.from({ length: controls }, (_, i) => `p${90 + i}`)
  const effects = asked ?? defaultEffects(contractPartners)
  const random = randomOf(seed, STREAM.region)
  const groups = [...contractPartners, ...controlPartners].map((groupId) => ({
    groupId,
    control: controlPartners.includes(groupId),
    weight: Math.exp(0.35 * random.normal()),
    hidden: MEASURE_MODELS.map((model) => effects.hiddenCaseMixSd * totalSdOf(model) * random.normal()),
  }))
  const weightOf = (control: boolean): number =>
    groups.filter((group) => group.control === control).reduce((sum, group) => sum + group.weight, 0)
  const total = { control: weightOf(true), contract: weightOf(false) }
  const practices: (Practice & { share: number })[] = []
  for (const group of groups) {
    const share = group.control
      ? (controlShare * group.weight) / total.control
      : ((1 - controlShare) * group.weight) / total.contract
    const count = Math.max(1, Math.round((share * patients) / practicePatients))
    for (let i = 0; i < count; i++)
      practices.push({
        partnerId: `pr${String(practices.length + 1).padStart(4, '0')}`,
        groupId: group.groupId,
        control: group.control,
        postcode4: 2300 + random.below(600),
        level: Float64Array.from(
          MEASURE_MODELS,
          (model, m) => (group.hidden[m] ?? 0) + model.practiceSd * random.normal(),
        ),
        visitGap: Math.exp(0.08 * random.normal()),
        shifts: [],
        share: share / count,
      })
  }
  return {
    contractPartners,
    controlPartners,
    practices: withShifts(practices, effects),
    cumulative: cumulativeOf(practices.map(({ share }) => share)),
    trend: Float64Array.from(MEASURE_MODELS, ({ key }) => effects.trend[key] ?? 0),
    trendFrom: epochDayOf(CONTRACT_PERIOD.start),
    termYears: effects.termYears,
    // the last year of a term is expected from readings that many years before their result
    firstDay: epochDayOf(addYears('2021-01-01', 1 - effects.termYears)),
    lastDay: epochDayOf(addYears('2026-05-31', effects.termYears - 1)),
  }
}

function withShifts(practices: readonly Practice[], { effects }: SyntheticEffects): Practice[] {
  for (const [i, { partner }] of effects.entries())
    if (practices.every(({ partnerId, groupId }) => partnerId !== partner && groupId !== partner))
      throw new Refusal(
        'invalid_effects',
        `effects[${i}].partner is ${JSON.stringify(partner)}; this region has no such care group or practice: name one of ${[...new Set(practices.map(({ groupId }) => groupId))].join(', ')}, or a practice.`,
      )
  const shifts = effects.map(({ partner, measure, from, shift }) => ({
    partner,
    measure: MEASURE_MODELS.findIndex(({ key }) => key === measure),
    from: epochDayOf(from),
    shift,
  }))
  return practices.map((practice) => ({
    ...practice,
    shifts: shifts.filter(({ partner }) => partner === practice.partnerId || partner === practice.groupId),
  }))
}

function cumulativeOf(shares: readonly number[]): Float64Array {
  const bounds = new Float64Array(shares.length)
  let sum = 0
  for (const [i, share] of shares.entries()) bounds[i] = sum += share
  bounds[shares.length - 1] = 1
  return bounds
}

/** The practice whose part of (0, 1) holds x. */
export function practiceAt({ cumulative }: Region, x: number): number {
  let [lo, hi] = [0, cumulative.length - 1]
  while (lo < hi) {
    const middle = (lo + hi) >> 1
    if ((cumulative[middle] ?? 1) < x) lo = middle + 1
    else hi = middle
  }
  return lo
}

/** What a practice adds to a reading of a measure on a day, for a patient enrolled since another. */
export function shiftOf(practice: Practice, measure: number, on: EpochDay, enrolledOn: EpochDay): number {
  let sum = 0
  for (const shift of practice.shifts)
    if (shift.measure === measure && on > Math.max(shift.from, enrolledOn)) sum += shift.shift
  return sum
}
