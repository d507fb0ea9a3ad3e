/** Length of stay against what is to be expected for the case mix. */
import { epochDayOf, type Day } from '../kernel/calendar.ts'
import { Z95 } from '../kernel/distributions.ts'
import { LEAST_SHOWN } from './reward.ts'

export interface Stay {
  readonly patient: string
  readonly partner: string
  readonly admitted: Day
  /** null: still there */
  readonly discharged: Day | null
  readonly kind: string
  readonly instrument: string
  readonly indication: string
  readonly evaluatedOn: Day | null
}

export interface StayRatio {
  readonly stays: number
  /** days */
  readonly observed: number
  readonly expected: number
  readonly ratio: number
  /** the 95% interval of the ratio */
  readonly low: number
  readonly high: number
}

const daysOf = ({ admitted, discharged }: Stay): number => epochDayOf(discharged!) - epochDayOf(admitted)

const dischargedIn = (stays: readonly Stay[], year: number): Stay[] =>
  stays.filter(({ discharged }) => discharged !== null && discharged.startsWith(`${year}-`))

/** Observed days over those expected: for each stay the mean of its kind and indication over everybody in that year (indirect standardisation). The interval is that of a
 *  mean on the log scale, ratio * exp(-+ 1.96 * sd / (mean * sqrt(n))), sd and mean of observed days.
 *  @returns null for fewer than ten stays, which are not shown */
export function stayRatioOf(stays: readonly Stay[], partner: string, year: number): StayRatio | null {
  const all = dischargedIn(stays, year)
  const own = all.filter((each) => each.partner === partner)
  if (own.length < LEAST_SHOWN) return null
  const cell = ({ kind, indication }: Stay): string => `${kind} ${indication}`
  const cells = new Map<string, { stays: number; days: number }>()
  for (const stay of all) {
    const { stays: n, days } = cells.get(cell(stay)) ?? { stays: 0, days: 0 }
    cells.set(cell(stay), { stays: n + 1, days: days + daysOf(stay) })
  }
  const expectedOf = (stay: Stay): number => {
    const like = cells.get(cell(stay))!
    return like.days / like.stays
  }
  const days = own.map(daysOf)
  const observed = days.reduce((sum, each) => sum + each, 0)
  const expected = own.reduce((sum, each) => sum + expectedOf(each), 0)
  const mean = observed / days.length
  const sd = Math.sqrt(days.reduce((sum, each) => sum + (each - mean) * (each - mean), 0) / (days.length - 1))
  const ratio = observed / expected
  const factor = Math.exp((Z95 * sd) / (mean * Math.sqrt(days.length)))
  return { stays: own.length, observed, expected, ratio, low: ratio / factor, high: ratio * factor }
}

/** The lower 95% bound above 1 two years running. A year that is not shown says nothing. */
export const isStructurallyHigh = (before: StayRatio | null, now: StayRatio | null): boolean =>
  before !== null && now !== null && before.low > 1 && now.low > 1
