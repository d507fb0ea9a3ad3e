/** Days as people write them ('2025-01-01', Europe/Amsterdam, no time of day) and as arithmetic needs them (epoch days). */

/** A calendar day as ISO text; compares as it stands. A text becomes one where it is looked at (`isDay`), or is made of whole numbers (`dayOf`). */
export type Day = `${number}-${number}-${number}`
/** Days since 1970-01-01, as an integer. */
export type EpochDay = number

/** Later than any day: "never died", "still enrolled". Fits an Int32Array. */
export const NEVER: EpochDay = 2147483647

const DAY_MS = 86_400_000
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

export const isLeapYear = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0

/** Whether the text is a day that exists, as YYYY-MM-DD, in the years 1800 to 2199. */
export function isDay(text: string): text is Day {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const [year, month, date] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))]
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || date < 1) return false
  return date <= (month === 2 && isLeapYear(year) ? 29 : (daysInMonth[month - 1] ?? 0))
}

/** Days since 1970-01-01 of an ISO day. */
export const epochDayOf = (day: Day): EpochDay => Date.parse(`${day}T00:00:00Z`) / DAY_MS

/** The ISO day of days since 1970-01-01. */
export const dayOf = (epochDay: EpochDay): Day => new Date(epochDay * DAY_MS).toISOString().slice(0, 10) as Day

/** The same calendar day `years` later (or earlier, negative); 29 February becomes 28 February in a common year. */
export function addYears(day: Day, years: number): Day {
  const year = Number(day.slice(0, 4)) + years
  const monthDay = day.slice(5)
  const moved = `${String(year).padStart(4, '0')}-${monthDay === '02-29' && !isLeapYear(year) ? '02-28' : monthDay}`
  return moved as Day
}

const amsterdam = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' })

/** The calendar day of a moment that a system wrote down with its time zone. UTC is the clock of no partner: such a moment falls on the day
 *  of Europe/Amsterdam; with any other offset, or none, its writer saw the calendar, and the day is as written, whether it exists or not.
 *  @param moment ISO 8601, to the second or finer
 *  @example dayOfMoment('2025-03-31T22:30:00Z') = '2025-04-01' */
export function dayOfMoment(moment: string): string {
  const written = moment.slice(0, 10)
  // Amsterdam is two hours ahead at most: only late evenings can be another day
  if (!/T2[23].*(Z|[+-]00:00)$/.test(moment) || !isDay(written) || !Number.isFinite(Date.parse(moment))) return written
  return amsterdam.format(Date.parse(moment))
}

/** Half-open in the engine: [since, until), in epoch days. A contract's YAML writes the inclusive last day. */
export interface Period {
  readonly since: EpochDay
  readonly until: EpochDay
}

/** The period that a contract writes as inclusive `start` and `end`. */
export const periodOf = (range: { readonly start: Day; readonly end: Day }): Period => ({
  since: epochDayOf(range.start),
  until: epochDayOf(range.end) + 1,
})

/** Quarter days (1 January, 1 April, 1 July, 1 October) within [since, until), in order. */
export function quarterDaysIn(period: Period): EpochDay[] {
  const days: EpochDay[] = []
  for (let year = Number(dayOf(period.since).slice(0, 4)); ; year++)
    for (const month of ['01', '04', '07', '10']) {
      const day = epochDayOf(`${year}-${month}-01` as Day)
      if (day >= period.until) return days
      if (day >= period.since) days.push(day)
    }
}
