/** What the cells of a column are, for formats that tell numbers and days from texts. */
import type { FactName } from './facts.ts'

/** `amount`: euros and cents, a decimal of two places; `number`: a measured value or a quantity. */
export type ColumnKind = 'amount' | 'number' | 'year' | 'day' | 'text'

/** @param table the value of an observation is a number, that of a gate may be a word */
export function columnKind(table: FactName, column: string): ColumnKind {
  if (column === 'amount_eur') return 'amount'
  if (column === 'quantity' || (column === 'value' && table === 'observations')) return 'number'
  if (column === 'birth_year') return 'year'
  return column.endsWith('_on') ? 'day' : 'text'
}
