/** What a spreadsheet shows for the number in a cell: a day, a number of fifteen digits, one with leading zeros. */
import { dayOf, epochDayOf } from '../../../engine/kernel/calendar.ts'

export type NumberFormat = (written: string) => string

/** Formats by number that every spreadsheet has: dates and times (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are those of East Asia). */
const builtInDates = [14, 15, 16, 17, 22, ...range(27, 36), ...range(50, 58)]

/** @param code of a format of the workbook's own; undefined for one that is built in
 *  @param from1904 whether days are counted from 1904, as on old Macs */
export function numberFormatOf(id: number, code: string | undefined, from1904: boolean): NumberFormat {
  if (code === undefined ? builtInDates.includes(id) : isDate(code)) return (written) => dayShown(written, from1904)
  const zeros = /^0+$/.exec(code ?? '')?.[0].length ?? 0
  return zeros > 1 ? (written) => numberShown(written).padStart(zeros, '0') : numberShown
}

/** Whether a format has a part of a date, outside of quotes, colours and escaped characters. */
function isDate(code: string): boolean {
  const bare = code.replaceAll(/"[^"]*"|\[[^\]]*\]|\\.|_.|\*./g, '')
  return !/general/i.test(bare) && /[yd]|m+[^a-z]*[yd]/i.test(bare)
}

/** Spreadsheets calculate in doubles and show fifteen digits: 0.1 + 0.2 is 0.3. */
export function numberShown(written: string): string {
  const number = Number(written)
  return written.trim() === '' || !Number.isFinite(number) ? written : String(Number(number.toPrecision(15)))
}

const secondsOfDay = 86_400
/** Day 1 is 1 January 1900, and 29 February 1900, which never was, is day 60; from there on the count is one ahead. */
const before1900 = epochDayOf('1899-12-31')
const before1904 = epochDayOf('1904-01-01')
const leapDay = 60

/** The day, and the time unless it is midnight; a time without a day, or a number that is no day, as it stands. */
function dayShown(written: string, from1904: boolean): string {
  const serial = Number(written)
  if (written.trim() === '' || !(serial >= 1 && serial < 2_958_466)) return numberShown(written)
  const seconds = Math.round(serial * secondsOfDay)
  const days = Math.floor(seconds / secondsOfDay)
  const day = from1904 ? before1904 + days : before1900 + days - (days > leapDay ? 1 : 0)
  const time = new Date((seconds % secondsOfDay) * 1000).toISOString().slice(11, 19)
  return time === '00:00:00' ? dayOf(day) : `${dayOf(day)}T${time}`
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}
