/** The rows of a sheet, as a stream: each cell as the spreadsheet shows it. */
import { unescaped } from './escapes.ts'
import type { NumberFormat } from './number-formats.ts'
import { numberShown } from './number-formats.ts'
import type { SourceRow } from './table.ts'
import { xmlParts } from './xml-events.ts'
import { unreadable, type ZipArchive } from './zip-archive.ts'

/** Cells share their texts and formats with the other sheets of a workbook. */
export interface Shared {
  readonly texts: readonly string[]
  /** by style */
  readonly formats: readonly NumberFormat[]
}

/** As far to the right as a spreadsheet goes. */
const mostColumns = 16_384

/** @throws Refusal `unreadable_file` */
export async function* sheetRows(
  archive: ZipArchive,
  part: string,
  shared: Shared,
): AsyncGenerator<readonly SourceRow[]> {
  const reader = new SheetReader(archive.name, part, shared)
  for await (const _ of xmlParts(archive, part, reader)) {
    const rows = reader.take()
    if (rows.length > 0) yield rows
  }
}

class SheetReader {
  private rows: SourceRow[] = []
  private cells: string[] = []
  private line = 0
  private column = 0
  private type = ''
  private style = ''
  private value = ''
  /** inside the element whose text is the cell's */
  private reading = false
  /** inside of how a text is pronounced, which is no part of it */
  private phonetic = false

  constructor(
    private readonly file: string,
    private readonly part: string,
    private readonly shared: Shared,
  ) {}

  take(): SourceRow[] {
    return this.rows.splice(0)
  }

  readonly open = (name: string, attribute: (name: string) => string): void => {
    if (name === 'row') {
      this.line = Number(attribute('r')) || this.line + 1
      this.cells = []
      this.column = 0
    } else if (name === 'c') {
      this.column = columnOf(attribute('r')) ?? this.column
      if (this.column >= mostColumns) throw unreadable(this.file, `${this.part} has more than ${mostColumns} columns`)
      this.type = attribute('t')
      this.style = attribute('s')
      this.value = ''
    } else if (name === 'rPh') this.phonetic = true
    else if (name === 'v' || (name === 't' && !this.phonetic)) this.reading = true
  }

  readonly text = (text: string): void => {
    if (this.reading) this.value += text
  }

  readonly close = (name: string): void => {
    if (name === 'v' || name === 't') this.reading = false
    else if (name === 'rPh') this.phonetic = false
    else if (name === 'c') {
      if (this.value !== '') {
        while (this.cells.length < this.column) this.cells.push('')
        this.cells[this.column] = this.shown()
      }
      this.column++
    } else if (name === 'row' && this.cells.some((cell) => cell.trim() !== ''))
      this.rows.push({ cells: this.cells, line: this.line })
  }

  private shown(): string {
    const { type, value } = this
    if (type === 's') {
      const text = this.shared.texts[Number(value)]
      if (text === undefined)
        throw unreadable(this.file, `${this.part} names a text ${value.slice(0, 20)} that is not there`)
      return text
    }
    if (type === 'b') return value === '1' ? 'true' : 'false'
    if (type === 'd') return value.replace(/T00:00(:00(\.0+)?)?Z?$/, '')
    if (type !== '' && type !== 'n') return unescaped(value)
    return (this.shared.formats[Number(this.style)] ?? numberShown)(value)
  }
}

/** The column of a cell, from 0: B12 is 1. Undefined where the cell says none. */
function columnOf(reference: string): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference)?.[0]
  if (letters === undefined) return undefined
  let column = 0
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64
  return column - 1
}
