/** One table in the import's work directory: CSV with the header of its source, and the origin of every row. */
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { columnsNamed } from '../../cells/header-names.ts'
import { guarded } from '../../files/formulas.ts'
import { OriginWriter } from '../../files/origins.ts'
import { PRIVATE_FILE } from '../../files/private-file.ts'
import type { SourceRow } from './table.ts'

/** Columns of free text, whose apostrophe before a formula the import takes off again. */
const texts = new Set(['name', 'evidence'])

// characters that wait in memory before they are written
const piece = 1 << 20

export class CsvTable {
  private pending: string[] = []
  private size = 0
  /** characters of all rows */
  written = 0

  private constructor(
    private readonly csv: FileHandle,
    private readonly origins: OriginWriter,
    private readonly width: number,
    private readonly isText: readonly boolean[],
  ) {}

  /** @param file of the interface, patients.csv and so on
   *  @param header as the source writes it */
  static async open(dir: string, file: string, header: readonly string[]): Promise<CsvTable> {
    const csv = await open(join(dir, file), 'w', PRIVATE_FILE)
    await csv.appendFile(`${header.map(cellOf).join(',')}\n`)
    const isText = columnsNamed(file, header).columns.map((column) => texts.has(column))
    return new CsvTable(csv, await OriginWriter.open(dir, file), header.length, isText)
  }

  add({ cells, line }: SourceRow, file: string, where: string): void {
    const fields = cells.map((cell, at) => cellOf(this.isText[at] ? guarded(cell) : cell))
    while (fields.length < this.width) fields.push('')
    // empty cells beyond the header are none; full ones are for the import to reject
    while (fields.length > this.width && fields.at(-1)?.trim() === '') fields.pop()
    this.push(fields.join(','))
    this.origins.add({ file, line, where })
  }

  /** A row that is none: the import rejects it by the number of its fields, and shows this. */
  addBroken(shown: string, line: number, file: string): void {
    this.push(cellOf(shown) + ','.repeat(this.width))
    this.origins.add({ file, line, where: '' })
  }

  async breathe(): Promise<void> {
    if (this.size >= piece) await this.flush()
  }

  async close(): Promise<void> {
    await this.flush()
    await this.csv.close()
    await this.origins.close()
  }

  private push(line: string): void {
    this.pending.push(`${line}\n`)
    this.size += line.length + 1
    this.written += line.length + 1
  }

  private async flush(): Promise<void> {
    await this.csv.appendFile(this.pending.join(''))
    await this.origins.flush()
    this.pending = []
    this.size = 0
  }
}

/** One line per row, whatever a source puts into a cell: so that a row's line is its number. */
function cellOf(text: string): string {
  const plain = text.replace(/[\r\n\0]+/g, ' ')
  return /[",;\t]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
