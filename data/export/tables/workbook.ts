/** The tables of interface.md 1 as a workbook (.xlsx), a sheet for each: what a spreadsheet opens, and nothing in it that it would run. */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { PRIVATE_FILE } from '../../files/private-file.ts'
import { columnKind, type ColumnKind } from '../facts/column-kinds.ts'
import { FACT_NAMES, factColumns, readFacts } from '../facts/facts.ts'
import type { ExportOf, Written } from '../facts/order.ts'
import {
  CONTENT_TYPES,
  relationsOf,
  RELATIONS,
  sheetEnd,
  sheetRow,
  sheetStart,
  STYLES,
  workbookOf,
} from './workbook-xml.ts'

const WORKBOOK = 'dataset.xlsx'

/** A sheet has 1,048,576 rows; a table of more goes on in another sheet: observations (2). */
const mostRows = 1_048_576
// characters that wait in memory before they are written
const piece = 1 << 18
/** The same facts are the same bytes: no moment of writing among them. */
const entry = { mtime: new Date(1980, 0, 1), forceDosTimestamp: true, mode: 0o100644 }

/** @param most rows of a sheet, its header among them
 *  @returns rows by sheet; Excel compresses itself, so that `gzip` asks for nothing */
export async function writeWorkbook(of: ExportOf, most = mostRows): Promise<Written[]> {
  const workbook = new Workbook(join(of.dir, WORKBOOK))
  let rows = 0
  for (const name of FACT_NAMES) {
    const columns = factColumns(name)
    const kinds = columns.map((column) => columnKind(name, column))
    let sheet = workbook.sheet(name, columns)
    await readFacts(
      of.client,
      of,
      name,
      (row) => {
        if (sheet.rows === most) sheet = workbook.sheet(name, columns)
        sheet.add(row, kinds)
        rows++
      },
      () => sheet.breathe(),
    )
  }
  await workbook.close()
  return [{ file: WORKBOOK, rows }]
}

class Workbook {
  private readonly zip = new ZipFile()
  private readonly written: Promise<void>
  private readonly names: string[] = []
  private open: Sheet | null = null

  constructor(path: string) {
    this.written = pipeline(this.zip.outputStream, createWriteStream(path, { mode: PRIVATE_FILE }))
    // reported by close()
    this.written.catch(() => undefined)
  }

  /** Begins a sheet, and ends the one before. */
  sheet(table: string, columns: readonly string[]): Sheet {
    this.open?.end()
    const before = this.names.filter((name) => name === table || name.startsWith(`${table} (`)).length
    this.names.push(before === 0 ? table : `${table} (${before + 1})`)
    this.open = new Sheet(columns)
    this.zip.addReadStream(this.open.xml, `xl/worksheets/sheet${this.names.length}.xml`, entry)
    return this.open
  }

  async close(): Promise<void> {
    this.open?.end()
    const parts = {
      '[Content_Types].xml': CONTENT_TYPES(this.names.length),
      '_rels/.rels': RELATIONS,
      'xl/workbook.xml': workbookOf(this.names),
      'xl/_rels/workbook.xml.rels': relationsOf(this.names.length),
      'xl/styles.xml': STYLES,
    }
    for (const [name, xml] of Object.entries(parts)) this.zip.addBuffer(Buffer.from(xml), name, entry)
    this.zip.end()
    await this.written
  }
}

class Sheet {
  readonly xml = new PassThrough()
  private text: string
  /** the header among them */
  rows = 1

  constructor(columns: readonly string[]) {
    this.text = sheetStart(columns)
  }

  add(row: readonly string[], kinds: readonly ColumnKind[]): void {
    this.text += sheetRow(kinds, row, ++this.rows)
  }

  /** Writes if much is waiting; resolves when more may come. */
  async breathe(): Promise<void> {
    if (this.text.length >= piece && !this.flush()) await once(this.xml, 'drain')
  }

  end(): void {
    this.text += sheetEnd
    this.flush()
    this.xml.end()
  }

  private flush(): boolean {
    const { text } = this
    this.text = ''
    return this.xml.write(text)
  }
}
