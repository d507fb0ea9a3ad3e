/** The cells of a HIS extract as the interface writes them: Dutch dates, decimal commas, words and days for nothing. */
import { dayIn } from '../../cells/dates.ts'
import { isBound, plainDecimal, whyNoNumber } from '../../cells/numbers.ts'
import { isNothing } from '../../cells/text.ts'
import type { TableRow } from '../../files/table-rows.ts'
import type { Layout } from './layout.ts'

export interface HisCells {
  /** blank where it stands for nothing */
  text(row: TableRow, column: string): string
  /** YYYY-MM-DD, blank for a day that stands for none; as it stands where it is no date: the import rejects it */
  day(row: TableRow, column: string): string
  /** with a decimal point; as it stands where it is no number */
  number(row: TableRow, column: string): HisNumber
  /** gp, specialist or none; blank where nobody is named */
  mainPractitioner(row: TableRow, column: string): string
}

export interface HisNumber {
  readonly value: string
  /** why it is no value that can be used; blank if it may be one */
  readonly unusable: string
}

export function cellsOf({ missing, missingDays, mainPractitioners }: Layout): HisCells {
  const text = (row: TableRow, column: string): string => {
    const written = column === '' ? '' : row(column)
    return missing.has(written.toLowerCase()) || isNothing(written) ? '' : written
  }
  return {
    text,
    day(row, column) {
      const written = text(row, column)
      // the layout of the extract is Dutch: the day stands first
      const day = dayIn(written, 'day_first') ?? written
      return missingDays.has(day) ? '' : day
    },
    number(row, column) {
      const written = text(row, column)
      const value = plainDecimal(written, ',')
      if (value !== undefined || written === '') return { value: value ?? '', unusable: '' }
      if (isBound(written)) return { value: written, unusable: 'a bound (< or >), not a value' }
      const isEither = whyNoNumber(written, ',').endsWith('the sign may part thousands or decimals')
      return { value: written, unusable: isEither ? 'a number whose point may part thousands or decimals' : '' }
    },
    mainPractitioner(row, column) {
      const word = text(row, column)
      return mainPractitioners.get(word.toLowerCase()) ?? word
    },
  }
}
