/** What is said of a file of a dataset: its columns, how each cell is read, the table that it fills, and what makes a row of it one row. */
import { ABSENT } from './cells.ts'
import type { Cell, Cells } from './cells.ts'
import type { FastCell, FastCells } from './fast-cells.ts'
import type { ColumnType } from './row-writer.ts'

export interface FactFile {
  readonly file: string
  readonly required: boolean
  readonly columns: { readonly required: readonly string[]; readonly optional: readonly string[] }
  readonly table: string
  /** the columns that the table takes from the file, with their types */
  readonly payload: Readonly<Record<string, ColumnType>>
  /** what a later delivery replaces together: columns of the payload, or derived from it */
  readonly key: readonly string[]
  /** the column named in the fault when a key has more than one row; null: a key may have several */
  readonly unique: string | null
  /** how many leading columns of the payload distinguish the rows of a file: a valid row with a new combination of them
   *  can be stored before the rest of the file is read. null: validity depends on the whole file */
  readonly distinguishing: number | null
  /** one cell per column of the payload, in its order */
  cells(cells: Cells): readonly Cell[]
  /** the fast path of the same cells, for files with many rows; null where the import as it is asked for has none */
  fastCells?(cells: Cells, fastCells: FastCells): readonly FastCell[] | null
  /** two days of the payload, by position, of which the second may not precede the first; and the second's column in the file */
  readonly order: readonly [since: number, until: number, column: string] | null
  /** positions of the days that the delivery date defaults to */
  readonly days: readonly number[]
  /** of those, the positions of days that may be still to come */
  readonly planned?: readonly number[]
  /** positions of the patient and of a day that must lie in the patient's life, for it would pay */
  readonly lived?: readonly [patient: number, day: number]
  /** columns that the database derives from the payload, by their expression: they may be part of the key */
  readonly derived?: Readonly<Record<string, string>>
}

/** Whether two days stand in the wrong order; a year counts as its first day. */
export const outOfOrder = (since: string, until: string): boolean =>
  since !== ABSENT && until !== ABSENT && until < since

/** Where in a row its days and its patient stand, by position in the payload; -1: nowhere. Plain numbers of one shape for every file, so that
 *  what the compiler made of one file's rows serves the next one's. */
export interface Places {
  readonly columns: number
  /** how many leading columns distinguish the rows of the file */
  readonly distinguishing: number
  /** two days of which the second may not precede the first */
  readonly since: number
  readonly until: number
  readonly lifePatient: number
  readonly lifeDay: number
  /** the one day of a row, which has happened; -1: it has more of them, or none */
  readonly onlyDay: number
  readonly days: Int32Array
  /** by place in `days`: 1 where the day may be still to come */
  readonly planned: Uint8Array
}

export function placesOf({ payload, distinguishing, order, lived, days, planned = [] }: FactFile): Places {
  const types = Object.values(payload)
  // of a year and a day the cells themselves see the order
  const period = order !== null && types[order[0]] === 'date' ? order : null
  return {
    columns: types.length,
    distinguishing: distinguishing ?? types.length,
    since: period?.[0] ?? -1,
    until: period?.[1] ?? -1,
    lifePatient: lived?.[0] ?? -1,
    lifeDay: lived?.[1] ?? -1,
    onlyDay: days.length === 1 && planned.length === 0 ? (days[0] ?? -1) : -1,
    days: Int32Array.from(days),
    planned: Uint8Array.from(days, (place) => (planned.includes(place) ? 1 : 0)),
  }
}
