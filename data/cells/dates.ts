/** Dates as people and programs write them: what each can only mean, and what a whole column shows of the rest. */
import { dayOf, dayOfMoment, epochDayOf, isDay } from '../../engine/kernel/calendar.ts'
import type { Day } from '../../engine/kernel/calendar.ts'

/** How the dates of a column are read that have no meaning of their own. */
export type DateOrder = 'iso' | 'day_first' | 'month_first' | 'serial'

const clock = /[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|[+-]\d{2}:?\d{2})?$/
const monthNames = [
  ['jan', 'januari', 'january'],
  ['feb', 'februari', 'february'],
  ['mrt', 'maart', 'mar', 'march'],
  ['apr', 'april'],
  ['mei', 'may'],
  ['jun', 'juni', 'june'],
  ['jul', 'juli', 'july'],
  ['aug', 'augustus', 'august'],
  ['sep', 'sept', 'september'],
  ['okt', 'oktober', 'oct', 'october'],
  ['nov', 'november'],
  ['dec', 'december'],
]
const monthOf = new Map(monthNames.flatMap((names, at) => names.map((name) => [name, at + 1] as const)))

const isoText = (year: string, month: string | number, date: string): string =>
  `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`

/** The day of a date that can mean only one, as YYYY-MM-DD, whether it exists or not: with the year first, as eight digits, with a month in
 *  letters; a time after it or not. Undefined where the order of day and month is a guess, or where it is no date. */
export function certainDay(text: string): string | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  const written = text.replace(clock, '')
  if (written !== text && /^\d{4}-\d{2}-\d{2}$/.test(written)) return text[10] === 'T' ? dayOfMoment(text) : written
  const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(written) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(written)
  if (yearFirst) return isoText(yearFirst[1] ?? '', yearFirst[2] ?? '', yearFirst[3] ?? '')
  const named = /^(\d{1,2})[- .]{1,2}([a-z]{3,9})\.?[- ](\d{4})$/i.exec(written)
  const month = named && monthOf.get((named[2] ?? '').toLowerCase())
  return month ? isoText(named[3] ?? '', month, named[1] ?? '') : undefined
}

/** A date of two numbers and a year after them. */
function yearLast(
  text: string,
): { readonly first: string; readonly second: string; readonly year: string } | undefined {
  const found = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text.replace(clock, ''))
  return found ? { first: found[1] ?? '', second: found[2] ?? '', year: found[3] ?? '' } : undefined
}

const serialEpoch = epochDayOf('1899-12-30')
const [firstSerial, lastSerial] = [epochDayOf('1954-01-01') - serialEpoch, epochDayOf('2099-12-31') - serialEpoch]

/** The day that a spreadsheet counts by a number, from 1954 to 2099; undefined for any other text. */
function serialDay(text: string): Day | undefined {
  if (!/^\d{5}(?:\.\d+)?$/.test(text)) return undefined
  const serial = Math.floor(Number(text))
  return serial >= firstSerial && serial <= lastSerial ? dayOf(serialEpoch + serial) : undefined
}

/** The day that a text means in a column of that order, as YYYY-MM-DD, whether it exists or not; undefined where it means none. */
export function dayIn(text: string, order: DateOrder): string | undefined {
  const certain = certainDay(text)
  if (certain !== undefined || order === 'iso') return certain
  if (order === 'serial') return serialDay(text)
  const parts = yearLast(text)
  if (!parts) return undefined
  const { first, second, year } = parts
  return order === 'day_first' ? isoText(year, second, first) : isoText(year, first, second)
}

/** Why a text is no day, and what it may be: for a reject. */
export function whyNoDay(text: string): string {
  const certain = certainDay(text)
  if (certain !== undefined) return isDay(certain) ? 'not a date YYYY-MM-DD' : whyNot(certain)
  const serial = serialDay(text)
  if (serial !== undefined) return `not a date YYYY-MM-DD; probably ${serial}, as a spreadsheet counts days`
  const parts = yearLast(text)
  if (!parts) return 'not a date YYYY-MM-DD'
  const days = [isoText(parts.year, parts.second, parts.first), isoText(parts.year, parts.first, parts.second)]
  const meant = [...new Set(days.filter(isDay))]
  if (meant.length === 0) return 'no such day'
  return meant.length === 2
    ? `not a date YYYY-MM-DD; day or month first: ${meant.join(' or ')}`
    : `not a date YYYY-MM-DD; probably ${meant.join('')}`
}

function whyNot(certain: string): string {
  const year = Number(certain.slice(0, 4))
  return year < firstYear || year > lastYear ? `a year outside ${firstYear} to ${lastYear}` : 'no such day'
}
const [firstYear, lastYear] = [1800, 2199] // those of isDay

/** What the dates of one column show of their order. */
export class DateEvidence {
  private certain = 0
  private dayFirst = 0
  private monthFirst = 0
  private either = 0
  private serial = 0

  see(text: string): void {
    if (certainDay(text) !== undefined) this.certain++
    else if (serialDay(text) !== undefined) this.serial++
    else {
      const parts = yearLast(text)
      if (!parts) return
      const [first, second] = [Number(parts.first), Number(parts.second)]
      if (first > 12 && second <= 12) this.dayFirst++
      else if (second > 12 && first <= 12) this.monthFirst++
      else if (first <= 12) this.either++
    }
  }

  /** The one order in which every date of the column can be read; iso where there is none. */
  get order(): DateOrder {
    const { certain, dayFirst, monthFirst, either, serial } = this
    if (certain > 0) return 'iso'
    if (serial > 0) return dayFirst + monthFirst + either === 0 ? 'serial' : 'iso'
    if (dayFirst > 0) return monthFirst === 0 ? 'day_first' : 'iso'
    return monthFirst > 0 ? 'month_first' : 'iso'
  }

  /** Whether the column is read as iso whatever is seen from now on. */
  get isIso(): boolean {
    return this.certain > 0
  }

  /** Dates that have no meaning of their own. */
  get uncertain(): number {
    return this.dayFirst + this.monthFirst + this.either + this.serial
  }
}

/** The year of a birth, of a year alone or of a date in any order: its only number of four digits. */
export function birthYearIn(text: string): string | undefined {
  if (/^\d{4}(?:\.0)?$/.test(text)) return text.slice(0, 4)
  const certain = certainDay(text)
  if (certain !== undefined) return isDay(certain) ? certain.slice(0, 4) : undefined
  const parts = yearLast(text)
  if (parts) return parts.year
  const month = /^(\d{4})[-/](\d{1,2})$/.exec(text)
  return month?.[1]
}
