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
  /** the fast path of the same cells, for files with many rows */
  fastCells?(cells: Cells, fastCells: FastCells): readonly FastCell[]
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
export const outOfOrder = (since: string, until: string): boolean => until !== ABSENT && until < since
