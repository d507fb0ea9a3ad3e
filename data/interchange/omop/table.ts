/** A table of the CDM as people export it: names and headers in either case, comma or tab, gzipped or not, or without a header. */
import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../../engine/refusal.ts'
import { blocksOf, longestRecord, tooLong, unreadable } from '../csv-blocks.ts'
import { plainRecords, quotedRecords } from '../csv-records.ts'
import { columnsOf, OMOP_TABLES } from './columns.ts'
import type { OmopTable } from './columns.ts'

export interface OmopFile {
  readonly table: OmopTable
  readonly path: string
  readonly name: string
  readonly bytes: number
}

/** A row: a column's text, blank if the file has no such column. */
export type OmopRow = (column: string) => string
export type OnRow = (row: OmopRow, line: number) => void

const ending = /\.(csv|tsv|txt)(\.gz)?$/i

/** @throws Refusal `missing_directory`, `missing_file`, `two_files` */
export async function omopFilesIn(dir: string): Promise<{ files: Map<OmopTable, OmopFile>; ignored: string[] }> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => {
    throw new Refusal('missing_directory', `${dir} is no directory; give the one with PERSON.csv and the rest.`, {
      dir,
    })
  })
  const names = entries
    .filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, '/').length))
    .sort()
  const files = new Map<OmopTable, OmopFile>()
  const ignored: string[] = []
  for (const name of names) {
    const table = OMOP_TABLES.find((each) => each === basename(name).replace(ending, '').toUpperCase())
    const before = table && files.get(table)
    if (!table || !ending.test(name)) ignored.push(name)
    else if (before)
      throw new Refusal('two_files', `${dir} has both ${before.name} and ${name}; keep one of them.`, { table })
    else files.set(table, { table, path: join(dir, name), name, bytes: (await stat(join(dir, name))).size })
  }
  if (!files.has('PERSON'))
    throw new Refusal('missing_file', `${dir} has no PERSON.csv; an OMOP dataset needs it.`, { dir, files: ['PERSON'] })
  return { files, ignored }
}

/** Reads a table from front to back. Rows with another number of fields than the header are told apart.
 *  @throws Refusal `unreadable_file`, `missing_column` */
export async function readOmop(
  file: OmopFile,
  onRow: OnRow,
  malformed: (line: number) => void,
  breathe: () => Promise<void>,
  bytesRead?: (bytes: number) => void,
): Promise<void> {
  let reader: TableReader | undefined
  for await (const { text, line } of blocksOf(file.path, file.name, bytesRead)) {
    reader ??= new TableReader(file, delimiterOf(text), onRow, malformed)
    reader.take(text, line)
    await breathe()
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
    private readonly file: OmopFile,
    private readonly delimiter: string,
    private readonly onRow: OnRow,
    private readonly malformed: (line: number) => void,
  ) {}

  take(text: string, line: number): void {
    // what is separated by tabs is not quoted: a quote there is part of a name
    if (this.delimiter === '\t' || (this.rest === '' && !text.includes('"'))) {
      plainRecords(text, line, this.delimiter, this.fields, this.record)
      return
    }
    const whole = this.rest + text
    const opened = quotedRecords(whole, this.rest === '' ? line : this.restLine, this.delimiter, this.record)
    this.rest = whole.slice(opened.rest)
    this.restLine = opened.line
    if (this.rest.length > longestRecord) throw tooLong(this.file.name, this.restLine)
  }

  end(): void {
    if (this.rest !== '')
      throw unreadable(this.file.name, this.restLine, 'a quote is opened here that the file never closes.')
  }

  private readonly cell: OmopRow = (column) => {
    const at = this.columns?.get(column)
    return at === undefined ? '' : unquoted(this.current[at] ?? '').trim()
  }

  private readonly record = (fields: readonly string[], count: number, line: number, malformed: boolean): void => {
    if (!this.columns && this.takeHeader(fields.slice(0, count))) return
    this.current = fields
    if (malformed || count !== this.width) this.malformed(line)
    else this.onRow(this.cell, line)
  }

  /** @returns whether the first record is a header; if not, the standard's own columns are meant */
  private takeHeader(fields: readonly string[]): boolean {
    const standard = columnsOf(this.file.table)
    const names = fields.map((field) => unquoted(field).trim().toLowerCase())
    const isHeader = names.filter((name) => standard.includes(name)).length >= 2
    if (!isHeader && fields.length !== standard.length)
      throw new Refusal(
        'missing_column',
        `${this.file.name}, line 1: no header, and ${fields.length} fields where ${this.file.table} has ${standard.length} in OMOP CDM 5.4; put the names of the columns in the first line.`,
        { file: this.file.name },
      )
    this.columns = new Map((isHeader ? names : standard).map((name, at) => [name, at]))
    this.width = fields.length
    return isHeader
  }
}

const unquoted = (text: string): string =>
  text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/\n|$/)).replaceAll(/"[^"]*"/g, '')
  const count = (delimiter: string) => line.split(delimiter).length
  return ['\t', ';'].find((each) => count(each) > count(',') && count(each) > 1) ?? ','
}
