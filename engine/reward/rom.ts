/** Routine outcome monitoring: what changed in treatment, set against how long it took. */
import { epochDayOf, type Day } from '../kernel/calendar.ts'
import { meanOf, type Mean } from './mean.ts'
import { LEAST_SHOWN, type Reward } from './reward.ts'

export interface Treatment {
  readonly patient: string
  readonly partner: string
  readonly opened: Day
  /** null: still open */
  readonly closed: Day | null
  readonly setting: string
  /** how many disciplines took part; null: not said */
  readonly disciplines: number | null
  readonly epa: boolean
}

export interface Score {
  readonly patient: string
  readonly on: Day
  readonly value: number
}

export interface RomResult {
  /** treatments closed in the year, and of those the ones with a score at both ends */
  readonly closed: number
  readonly scored: number
  /** better is positive; null: fewer than ten, which are not shown */
  readonly change: Mean | null
  readonly days: Mean | null
  /** change for a hundred days of treatment: of the means; null with them */
  readonly changePer100Days: number | null
}

/** First score in a treatment less its last, or the other way round where higher is better, over the treatments that closed in the year. */
export function romOf(
  treatments: readonly Treatment[],
  scores: readonly Score[],
  { better }: Reward['rom'],
  year: number,
): RomResult {
  const closed = treatments.filter((each) => each.closed !== null && each.closed.startsWith(`${year}-`))
  const courses = closed.flatMap(({ patient, opened, closed: end }) => {
    const own = scores
      .filter((score) => score.patient === patient && score.on >= opened && score.on <= end!)
      .sort((a, b) => (a.on < b.on ? -1 : 1))
    if (own.length < 2 || own[0]!.on === own.at(-1)!.on) return []
    const fall = own[0]!.value - own.at(-1)!.value
    return [{ change: better === 'lower' ? fall : -fall, days: epochDayOf(end!) - epochDayOf(opened) }]
  })
  const shown = courses.length >= LEAST_SHOWN
  const change = shown ? meanOf(courses.map((each) => each.change)) : null
  const days = shown ? meanOf(courses.map((each) => each.days)) : null
  return {
    closed: closed.length,
    scored: courses.length,
    change,
    days,
    changePer100Days: change && days && days.mean > 0 ? (100 * change.mean) / days.mean : null,
  }
}
