/** Converts cells of a HIS extract to the interface's notation: Dutch dates, decimal commas, words for a missing value. */
import type { TableRow } from '../../files/table-rows.ts'
import type { Layout } from './layout.ts'

export interface HisCells {
  /** blank where it stands for nothing */
  text(row: TableRow, column: string): string
  /** YYYY-MM-DD; as it stands where it is no date: the import says so */
  day(row: TableRow, column: string): string
  /** with a decimal point; as it stands where it is no number */
  number(row: TableRow, column: string): string
  /** gp, specialist or none; blank where nobody is named */
  mainPractitioner(row: TableRow, column: string): string
}

export function cellsOf({ missing, mainPractitioners }: Layout): HisCells {
  const text = (row: TableRow, column: string): string => {
    const written = column === '' ? '' : row(column)
    return missing.has(written.toLowerCase()) ? '' : written
  }
  return {
    text,
    day: (row, column) => dayOf(text(row, column)),
    number: (row, column) => text(row, column).replace(/^([+-]?\d*),(\d+)$/, '$1.$2'),
    mainPractitioner(row, column) {
      const word = text(row, column)
      return mainPractitioners.get(word.toLowerCase()) ?? word
    },
  }
}

/** dd-mm-yyyy, d/m/yyyy, yyyymmdd and YYYY-MM-DD, a time after them or not. */
function dayOf(written: string): string {
  const date = written.replace(/[ T]\d{1,2}:.*$/, '')
  const dutch = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(date)
  if (dutch) return `${dutch[3]}-${dutch[2]?.padStart(2, '0')}-${dutch[1]?.padStart(2, '0')}`
  const plain = /^(\d{4})(\d{2})(\d{2})$/.exec(date)
  return plain ? plain.slice(1).join('-') : date
}
