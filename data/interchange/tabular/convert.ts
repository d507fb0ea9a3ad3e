/** Tables of the interface in another container to those tables as CSV, cell by cell: what a cell means is the import's affair. */
import { stat } from 'node:fs/promises'
import { columnsNamed } from '../../cells/header-names.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { FactFile } from '../../import/rows/fact-file.ts'
import { FACT_FILES } from '../../import/rows/fact-files.ts'
import { KEPT, type Tally } from '../mapping/tally.ts'
import { CsvTable } from './csv-table.ts'
import { jsonLinesAt } from './json-lines.ts'
import { parquetAt } from './parquet.ts'
import type { SourceRow, SourceTable, TabularSource } from './table.ts'
import { workbooksAt } from './workbook.ts'

const readers = { jsonl: jsonLinesAt, parquet: parquetAt, xlsx: workbooksAt } as const

export type TabularFormat = keyof typeof readers
export const TABULAR_FORMATS = Object.keys(readers) as readonly TabularFormat[]

export interface TabularOrder {
  readonly source: string
  /** where the CSV goes */
  readonly into: string
  /** tables that lie beside the source as CSV, and are taken instead */
  readonly beside: readonly string[]
  readonly tally: Tally
  readonly progress: (file: string, bytesRead: number, bytesTotal: number) => void
}

/** A header stands among the first rows of a sheet, below its titles. */
const mostRowsAbove = 20

/** What is written may be so many times what was read, once it is large: a table compresses ten- or twentyfold, a decompression bomb a thousandfold. */
const mostExpansion = 200
const large = 64 << 20

/** @throws Refusal `missing_file`, `missing_column`, `two_files`, `unreadable_file` */
export async function convertTabular(
  format: TabularFormat,
  order: TabularOrder,
): Promise<{ readonly files: number; readonly ignored: readonly string[] }> {
  const source = await readers[format](order.source)
  try {
    const wanted = FACT_FILES.filter(({ file }) => !order.beside.some((name) => name.startsWith(file)))
    refuseMissing(source, wanted, order)
    const { size } = await stat(order.source)
    const total = source.tables.reduce((sum, { bytes }) => sum + bytes, 0) || size
    let read = 0
    for (const fact of wanted) {
      const parts = source.tables.filter(({ table }) => `${table}.csv` === fact.file)
      if (parts.length > 0) await convertTable(fact, parts, order)
      for (const { file, bytes } of parts) order.progress(file, (read += bytes), total)
    }
    const isTable = ({ table }: SourceTable) => FACT_FILES.some(({ file }) => file === `${table}.csv`)
    const strangers = source.tables.filter((each) => !isTable(each)).map(({ file, where }) => placeOf(file, where))
    return { files: source.files, ignored: [...source.ignored, ...strangers].sort() }
  } finally {
    await source.close()
  }
}

/** One table, of one part or of several that have the same header. */
async function convertTable(fact: FactFile, parts: readonly SourceTable[], order: TabularOrder): Promise<void> {
  let table: CsvTable | null = null
  let header: readonly string[] = []
  try {
    for (const part of parts) {
      for await (const { found, rows } of headed(fact, part)) {
        if (table === null) table = await CsvTable.open(order.into, fact.file, (header = found))
        if (found.join() !== header.join()) throw otherHeader(part, parts[0] ?? part)
        for (const row of rows) {
          if (row.broken === undefined) table.add(row, part.file, part.where)
          else table.addBroken(row.broken, row.line, part.file)
          order.tally.add(part.table, row.broken === undefined ? KEPT : 'no row')
        }
        await table.breathe()
        refuseBomb(table.written, parts)
      }
    }
  } finally {
    await table?.close()
  }
}

/** The rows of a part, with its header: its own, or the first row that names every column that is needed. */
async function* headed(
  fact: FactFile,
  part: SourceTable,
): AsyncGenerator<{ readonly found: readonly string[]; readonly rows: readonly SourceRow[] }> {
  const { required } = fact.columns
  const names = (cells: readonly string[]) => {
    const { columns } = columnsNamed(fact.file, cells)
    return required.every((column) => columns.includes(column))
  }
  // a file without a row has no keys either
  let found = part.columns?.length === 0 ? required : part.columns
  if (found !== null && !names(found)) throw missingColumn(fact, part, found)
  if (found !== null) yield { found, rows: [] }
  const above: (readonly string[])[] = []
  for await (const batch of part.rows()) {
    let rows = batch
    if (found === null) {
      const at = rows.findIndex(({ cells }) => names(cells))
      above.push(...rows.slice(0, at < 0 ? rows.length : at).map(({ cells }) => cells))
      if (at < 0 ? above.length > mostRowsAbove : at > mostRowsAbove) break
      if (at < 0) continue
      found = trimmed(rows[at]?.cells ?? [])
      rows = rows.slice(at + 1)
    }
    yield { found, rows }
  }
  // an empty sheet is no table, unless one is needed
  if (found === null && (fact.required || above.length > 0)) throw missingColumn(fact, part, above[0] ?? [])
}

/** Without the empty cells after its last. */
function trimmed(cells: readonly string[]): readonly string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '')
  return cells.slice(0, last + 1)
}

function refuseMissing(source: TabularSource, wanted: readonly FactFile[], { source: path }: TabularOrder): void {
  const missing = wanted
    .filter(({ required, file }) => required && !source.tables.some(({ table }) => `${table}.csv` === file))
    .map(({ file }) => file.replace(/\.csv$/, ''))
  if (missing.length === 0) return
  const found = source.tables.map(({ table }) => table.slice(0, 40)).slice(0, 20)
  throw new Refusal(
    'missing_file',
    `${path} has no table ${missing.join(', ')}; found are ${found.join(', ') || 'none'}. A sheet or a file is called as the table is.`,
    { files: missing },
  )
}

function missingColumn({ file, columns }: FactFile, part: SourceTable, found: readonly string[]): Refusal {
  const named = columnsNamed(file, found).columns
  const missing = columns.required.filter((column) => !named.includes(column))
  const shown = found.map((name) => name.slice(0, 40)).slice(0, 20)
  return new Refusal(
    'missing_column',
    `${placeOf(part.file, part.where)}: missing column ${missing.join(', ')}; found are ${shown.join(', ') || 'none'}.`,
    { file: part.file, columns: missing },
  )
}

const otherHeader = (part: SourceTable, first: SourceTable): Refusal =>
  new Refusal(
    'two_files',
    `${placeOf(part.file, part.where)} and ${placeOf(first.file, first.where)} are of one table and have not the same columns; keep one of them.`,
    { file: part.file },
  )

function refuseBomb(written: number, parts: readonly SourceTable[]): void {
  const read = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  if (written < large || written < mostExpansion * read) return
  const file = parts[0]?.file ?? ''
  throw new Refusal(
    'unreadable_file',
    `${file} expands to more than ${mostExpansion} times its size, which no table of ours does.`,
    { file },
  )
}

const placeOf = (file: string, where: string): string => (where === '' ? file : `${file}, sheet ${where}`)
