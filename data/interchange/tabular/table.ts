/** A table of the interface in another container than CSV: a sheet, a file of JSON Lines or of Parquet. Its cells are those that CSV would have. */

export interface SourceRow {
  /** as texts; shorter than the header where the rest is blank */
  readonly cells: readonly string[]
  /** in the source, from 1: a row of a sheet, a line, the place of a row in its file */
  readonly line: number
  /** what stands there instead of a row, shortened; undefined for a row */
  readonly broken?: string
}

export interface SourceTable {
  /** patients, observations and so on, in lower case */
  readonly table: string
  /** what messages and rejects.csv call the file */
  readonly file: string
  /** the sheet; blank where the file says enough */
  readonly where: string
  /** on disk, of what the rows are read from */
  readonly bytes: number
  /** the header, where the container has one of its own; null where a row of the table is it */
  readonly columns: readonly string[] | null
  /** From front to back, some rows at a time. @throws Refusal `unreadable_file` */
  readonly rows: () => AsyncIterable<readonly SourceRow[]>
}

export interface TabularSource {
  readonly tables: readonly SourceTable[]
  /** files and sheets that are no table of the interface */
  readonly ignored: readonly string[]
  readonly files: number
  readonly close: () => Promise<void>
}

/** Nothing of a row is longer than this, in bytes or characters. */
export const longestRow = 1 << 20

/** A cell that is a list or a record; no column of the interface is. */
export const NESTED = '[…]'
