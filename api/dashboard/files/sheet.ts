/** A table of a page, of which files are made: the kind of each column says how its cells are written everywhere. */
import { decimalOf, decimalText, roundedTo } from '../../../engine/kernel/decimal.ts'
import type { Format } from '../../report/words/format.ts'

/** `cents`: whole eurocents. `count`: whole. `share`: of one, written in percent. `day`: YYYY-MM-DD. */
export type Kind = 'text' | 'cents' | 'count' | 'number' | 'signed' | 'share' | 'day'

export interface SheetColumn {
  readonly head: string
  readonly kind: Kind
  /** of a number; left out: 2 */
  readonly decimals?: number
}

/** null: there is none. A text in a column of numbers stands as it is: fewer than 10. */
export type Value = string | number | null
export type Values = readonly Value[]

export interface Sheet {
  /** what the table shows, in one line */
  readonly caption: string
  readonly columns: readonly SheetColumn[]
  /** a value for each column; the first heads its row */
  readonly rows: readonly Values[]
  /** the control row: sums of the columns, with the word for it in the first */
  readonly total?: Values
}

export const column = (head: string, kind: Kind = 'text', decimals?: number): SheetColumn =>
  decimals === undefined ? { head, kind } : { head, kind, decimals }

export const isNumeric = ({ kind }: SheetColumn): boolean => kind !== 'text' && kind !== 'day'

/** A cell as people read it. */
export function cellText({ kind, decimals = 2 }: SheetColumn, value: Value, format: Format): string {
  if (value === null) return kind === 'text' ? '' : '–'
  if (typeof value === 'string') return kind === 'day' ? format.day(value) : value
  if (kind === 'cents') return format.cents(value)
  if (kind === 'share') return format.percent(value)
  if (kind === 'signed') return format.signed(value, decimals)
  return format.number(value, kind === 'count' ? 0 : decimals)
}

/** The same cell as a decimal with a point, rounded as it is read; null for what is no number. */
export function plainNumber({ kind, decimals = 2 }: SheetColumn, value: Value): string | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null
  if (kind === 'cents') return decimalText({ digits: BigInt(value), exponent: -2 })
  return decimalText(roundedTo(decimalOf(value), kind === 'count' ? 0 : decimals))
}

/** The sum of a column, for its control row; texts and what is not there add nothing. */
export const totalOf = (rows: readonly Values[], at: number): number =>
  rows.reduce((sum, row) => {
    const value = row[at]
    return sum + (typeof value === 'number' ? value : 0)
  }, 0)
