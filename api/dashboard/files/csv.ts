/** A table as CSV for spreadsheets (RFC 4180), in the two ways that the import reads as well. */
import type { Lang } from '../../report/words/format.ts'
import { plainNumber, type Sheet, type SheetColumn, type Value } from './sheet.ts'

/** What a spreadsheet takes for the mark of UTF-8. */
const MARK = '\uFEFF'

/** Dutch spreadsheets expect `;` and decimal commas. The last row is the total, where there is one. */
export function csvOf({ columns, rows, total }: Sheet, lang: Lang): Buffer {
  const separator = lang === 'nl' ? ';' : ','
  const written = (column: SheetColumn, value: Value): string => {
    const number = plainNumber(column, value)
    if (number !== null) return lang === 'nl' ? number.replace('.', ',') : number
    return quoted(harmless(String(value ?? '')))
  }
  const lines = [
    columns.map(({ head }) => quoted(head)),
    ...[...rows, ...(total ? [total] : [])].map((row) => columns.map((column, i) => written(column, row[i] ?? null))),
  ]
  return Buffer.from(MARK + lines.map((cells) => `${cells.join(separator)}\r\n`).join(''), 'utf8')
}

const quoted = (text: string): string => (/[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** A text that a spreadsheet would take for a formula gets an apostrophe in front, as if a person had typed it. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
