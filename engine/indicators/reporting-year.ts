/** The year that a day of counting (peildatum) reports on, and the days that it looks at. */
import type { Day } from '../kernel/calendar.ts'

/** A peildatum of 1 January belongs to the year before. */
export const reportingYearOf = (countedOn: Day): number =>
  Number(countedOn.slice(0, 4)) - (countedOn.endsWith('-01-01') ? 1 : 0)

/** The last day of a reporting year: what is so then is so on the peildatum, 1 January. */
export const lastDayOf = (year: number): Day => `${year}-12-31` as Day

/** The first day of so many whole months up to and including the last day of a year. */
export function firstDayOf(year: number, months: number): Day {
  const back = 12 * (year + 1) - months
  return `${Math.floor(back / 12)}-${String((back % 12) + 1).padStart(2, '0')}-01` as Day
}
