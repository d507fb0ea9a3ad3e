/** The header of a delimited file: where it stands, what parts its columns, and what they are called. */
import { columnsNamed } from '../cells/header-names.ts'
import type { Renamed } from '../cells/header-names.ts'
import { cleaned } from '../cells/text.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { quotedRecords } from './csv-records.ts'

export type Delimiter = ',' | ';' | '\t' | '|'

export interface Header {
  /** in the words of the interface, in the order of the file; what nobody knows in lower case */
  readonly columns: readonly string[]
  /** `;` goes with decimal commas */
  readonly delimiter: Delimiter
  /** the line it stands in, from 1 */
  readonly line: number
  /** columns that the file calls otherwise */
  readonly renamed: readonly Renamed[]
  /** lines of text above it that were passed over */
  readonly above: number
}

/** What a file must have for a line of it to be its header. */
export interface Wanted {
  /** of the interface, partners.csv and so on: whose columns may have other names */
  readonly table: string
  readonly columns: readonly string[]
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|']
const mostLinesAbove = 20

/** The delimiter that a line has more of than of the others, quotes aside; the comma if none. */
function delimiterOf(line: string): Delimiter {
  const bare = line.replaceAll(/"[^"]*"/g, '')
  const count = (delimiter: string) => bare.split(delimiter).length
  return DELIMITERS.reduce((most, each) => (count(each) > count(most) ? each : most))
}

/** The delimiter that the first line of a spreadsheet's export may declare: sep=; */
function declaredDelimiter(line: string): Delimiter | undefined {
  const found = /^"?sep=(.|\\t)"?\r?$/i.exec(line)?.[1]
  return DELIMITERS.find((each) => each === (found === '\\t' ? '\t' : found))
}

/** Finds the header among the first lines of a file: the first line that names every column that is wanted, under whatever delimiter; else
 *  the first line, so that what is missing can be said.
 *  @throws Refusal `double_column` */
export function headerIn(text: string, name: string, { table, columns: wanted }: Wanted): Header {
  const lines = text.split('\n', mostLinesAbove + 1)
  const declared = declaredDelimiter(lines[0] ?? '')
  const first = declared ? 1 : 0
  for (const [at, line] of lines.entries()) {
    if (at < first || at > mostLinesAbove) continue
    for (const delimiter of declared ? [declared] : DELIMITERS) {
      const named = columnsNamed(table, fieldsOf(line, delimiter))
      if (!wanted.every((column) => named.columns.includes(column))) continue
      return checked({ ...named, delimiter, line: at + 1, above: at - first }, name)
    }
  }
  const line = lines[first] ?? ''
  const delimiter = declared ?? delimiterOf(line)
  return checked({ ...columnsNamed(table, fieldsOf(line, delimiter)), delimiter, line: first + 1, above: 0 }, name)
}

/** Where a header stands, of a file whose columns are its own. */
export type HeaderLine = Pick<Header, 'delimiter' | 'line'>

/** The first of the first lines that names every column that is wanted, in lower case; else the first line.
 *  @param wanted blank: the first line, whatever it says */
export function headerLineIn(text: string, wanted: readonly string[]): HeaderLine {
  const lines = text.split('\n', mostLinesAbove + 1)
  const declared = declaredDelimiter(lines[0] ?? '')
  const first = declared ? 1 : 0
  if (wanted.length > 0)
    for (const [at, line] of lines.entries())
      for (const delimiter of declared ? [declared] : DELIMITERS) {
        const names = fieldsOf(line, delimiter).map((name) => cleaned(name).toLowerCase())
        if (at >= first && wanted.every((name) => names.includes(name))) return { delimiter, line: at + 1 }
      }
  return { delimiter: declared ?? delimiterOf(lines[first] ?? ''), line: first + 1 }
}

/** Whether nothing stands in the fields from one to another: spreadsheets write such rows, and such ends of rows. */
export function isBlankRow(fields: readonly string[], from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (cleaned(fields[at] ?? '') !== '') return false
  return true
}

function fieldsOf(line: string, delimiter: Delimiter): string[] {
  let found: string[] = []
  quotedRecords(line, 1, delimiter, (fields, count) => (found = fields.slice(0, count)))
  return found.length > 0 ? found : line.split(delimiter)
}

function checked(header: Header, name: string): Header {
  const names = new Set<string>()
  const double = header.columns.find((column) => column !== '' && names.size === names.add(column).size)
  if (double === undefined) return header
  throw new Refusal(
    'double_column',
    `${name}, line ${header.line}: column ${double.slice(0, 40)} stands there twice; keep one.`,
    { file: name, column: double },
  )
}
