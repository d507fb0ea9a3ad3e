/** A delimited table as people export it: header in either case or none, comma, semicolon or tab, quoted or not, gzipped or not. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import { blocksOf, longestRecord, tooLong, unreadable } from './csv-blocks.ts'
import { plainRecords, quotedRecords } from './csv-records.ts'
import { headerLineIn, isBlankRow } from './header.ts'
import type { HeaderLine } from './header.ts'
import { cleaned } from '../cells/text.ts'

/** A row: a column's text, by its name in lower case; blank if the file has no such column. */
export interface TableRow {
  (column: string): string
  /** whether the file has the column */
  has(column: string): boolean
}
export type OnRow = (row: TableRow, line: number) => void

export interface TableFile {
  readonly path: string
  /** its name in messages */
  readonly name: string
}

/** Columns of a table that may come without a header. */
export interface Standard {
  readonly columns: readonly string[]
  readonly table: string
  /** the standard that defines them */
  readonly by: string
}

export interface Reading {
  readonly onRow: OnRow
  /** a row with another number of fields than the header */
  readonly malformed: (line: number) => void
  /** names that its header has, in lower case: lines above it are passed over */
  readonly wanted?: readonly string[] | undefined
  readonly flush: () => Promise<void>
  readonly bytesRead?: ((bytes: number) => void) | undefined
}

/** Reads a table from front to back.
 *  @param standard null: the first line is a header, whatever it says
 *  @throws Refusal `unreadable_file`, `missing_column` */
export async function readRows(file: TableFile, standard: Standard | null, reading: Reading): Promise<void> {
  let reader: TableReader | undefined
  for await (const { text, line } of blocksOf(file.path, file.name, reading.bytesRead)) {
    reader ??= new TableReader(file, standard, headerLineIn(text, reading.wanted ?? []), reading)
    reader.take(text, line)
    await reading.flush()
  }
  reader?.end()
}

class TableReader {
  private columns: ReadonlyMap<string, number> | undefined
  private width = 0
  private readonly fields: string[] = []
  private rest = ''
  private restLine = 1
  private current: readonly string[] = []

  constructor(
    private readonly file: TableFile,
    private readonly standard: Standard | null,
    private readonly header: HeaderLine,
    private readonly reading: Reading,
  ) {}

  take(text: string, line: number): void {
    // what is separated by tabs is not quoted: a quote there is part of a name
    if (this.header.delimiter === '\t' || (this.rest === '' && !text.includes('"'))) {
      plainRecords(text, line, this.header.delimiter, this.fields, this.record)
      return
    }
    const whole = this.rest + text
    const opened = quotedRecords(whole, this.rest === '' ? line : this.restLine, this.header.delimiter, this.record)
    this.rest = whole.slice(opened.rest)
    this.restLine = opened.line
    if (this.rest.length > longestRecord) throw tooLong(this.file.name, this.restLine)
  }

  end(): void {
    if (this.rest !== '')
      throw unreadable(this.file.name, this.restLine, 'a quote is opened here that the file never closes.')
  }

  private readonly cell: TableRow = Object.assign(
    (column: string): string => {
      const at = this.columns?.get(column)
      return at === undefined ? '' : cleaned(unquoted(this.current[at] ?? ''))
    },
    { has: (column: string): boolean => this.columns?.has(column) ?? false },
  )

  private readonly record = (fields: readonly string[], count: number, line: number, malformed: boolean): void => {
    if (line < this.header.line || isBlankRow(fields, 0, count)) return
    if (!this.columns && this.takeHeader(fields.slice(0, count))) return
    this.current = fields
    const fits = count === this.width || (count > this.width && isBlankRow(fields, this.width, count))
    if (malformed || !fits) this.reading.malformed(line)
    else this.reading.onRow(this.cell, line)
  }

  /** @returns whether the first record is a header; if not, the standard's own columns are meant */
  private takeHeader(fields: readonly string[]): boolean {
    const { file, standard } = this
    const names = fields.map((field) => cleaned(unquoted(field)).toLowerCase())
    const isHeader = standard === null || names.filter((name) => standard.columns.includes(name)).length >= 2
    if (!isHeader && fields.length !== standard.columns.length)
      throw new Refusal(
        'missing_column',
        `${file.name}, line 1: no header, and ${fields.length} fields where ${standard.table} has ${standard.columns.length} in ${standard.by}; put the names of the columns in the first line.`,
        { file: file.name },
      )
    this.columns = new Map((isHeader ? names : standard.columns).map((name, at) => [name, at]))
    this.width = fields.length
    return isHeader
  }
}

const unquoted = (text: string): string =>
  text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text
