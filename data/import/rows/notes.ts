/** Notes on cells that deviate from the interface and were read: reported once per column, with their number. */
import type { DateOrder } from '../../cells/dates.ts'
import type { DecimalSign } from '../../cells/numbers.ts'

export interface Note {
  /** notes of one kind in one column are one row of warnings.csv */
  readonly kind: string
  readonly reason: (count: number) => string
}

export const nothing: Note = { kind: 'nothing', reason: (count) => `read as nothing in ${count} cells` }

export const otherDate: Note = {
  kind: 'date',
  reason: (count) => `written otherwise than YYYY-MM-DD; read in ${count} cells, the year being told apart`,
}

const orders: Readonly<Record<DateOrder, string>> = {
  iso: 'YYYY-MM-DD',
  day_first: 'day, month, year',
  month_first: 'month, day, year',
  serial: 'days that a spreadsheet counts',
}

export const dateOrder = (order: DateOrder): Note => ({
  kind: 'order',
  reason: () => `read as ${orders[order]}, as all dates of the column are written so`,
})

export const decimalSign = (sign: DecimalSign): Note => ({
  kind: 'sign',
  reason: () => `read with a decimal ${sign === ',' ? 'comma' : 'point'}, as all numbers of the column are written so`,
})

export const yearOfDate: Note = { kind: 'year', reason: (count) => `read as the year alone in ${count} cells` }

export const word = (meaning: string): Note => ({
  kind: `word ${meaning}`,
  reason: (count) => `read as ${meaning} in ${count} cells`,
})

export const lostZero = (example: string): Note => ({
  kind: 'zero',
  reason: (count) => `read as ${example} in ${count} cells: a leading zero was lost throughout the column`,
})

export const postcode = (example: string): Note => ({
  kind: 'postcode',
  reason: (count) => `read as ${example} in ${count} cells: the first four digits`,
})
