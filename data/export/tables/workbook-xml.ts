/** The XML of a workbook with plain tables. @see ECMA-376, SpreadsheetML */
import { type Day, epochDayOf } from '../../../engine/kernel/calendar.ts'
import type { ColumnKind } from '../facts/column-kinds.ts'

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const packaged = 'http://schemas.openxmlformats.org/package/2006'
const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const numbered = (count: number, each: (number: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at + 1)).join('')

export const CONTENT_TYPES = (sheets: number): string =>
  `${head}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${numbered(sheets, (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}</Types>`

export const RELATIONS = `${head}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

export const relationsOf = (sheets: number): string =>
  `${head}<Relationships xmlns="${packaged}/relationships">${numbered(sheets, (n) => `<Relationship Id="rId${n}" Type="${relation}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${relation}/styles" Target="styles.xml"/></Relationships>`

export const workbookOf = (names: readonly string[]): string =>
  `${head}<workbook xmlns="${main}" xmlns:r="${relation}"><sheets>${names.map((name, at) => `<sheet name="${escaped(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`

/** Styles: 0 as it is, 1 a day (format 164), 2 an amount (format 4: two decimals). */
export const STYLES = `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`
const [DAY, AMOUNT] = [1, 2]

/** With the header, which stays in sight. */
export const sheetStart = (columns: readonly string[]): string =>
  `${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData><row r="1">${columns.map((column, at) => textCell(`${letters(at)}1`, column)).join('')}</row>`

export const sheetEnd = '</sheetData></worksheet>'

export function sheetRow(kinds: readonly ColumnKind[], row: readonly string[], line: number): string {
  const cells = row.map((text, at) => (text === '' ? '' : cellOf(kinds[at]!, text, `${letters(at)}${line}`)))
  return `<row r="${line}">${cells.join('')}</row>`
}

/** Spreadsheets count days from 1900 and hold fifteen digits: what is a day before March 1900, or a longer number, is a text. */
const firstDay = '1900-03-01'
const dayZero = epochDayOf('1899-12-30')
const isPlainNumber = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/
const mostDigits = 15

function cellOf(kind: ColumnKind, text: string, at: string): string {
  if (kind === 'day' && text >= firstDay) return numberCell(at, String(epochDayOf(text as Day) - dayZero), DAY)
  if (kind === 'day' || kind === 'text' || !isPlainNumber.test(text)) return textCell(at, text)
  if (text.replaceAll(/\D/g, '').replace(/^0+/, '').length > mostDigits) return textCell(at, text)
  return numberCell(at, text, kind === 'amount' ? AMOUNT : 0)
}

const numberCell = (at: string, value: string, style: number): string =>
  `<c r="${at}"${style === 0 ? '' : ` s="${style}"`}><v>${value}</v></c>`

const textCell = (at: string, text: string): string =>
  `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`

/** Tables have less than 26 columns. */
const letters = (column: number): string => String.fromCharCode(65 + column)

/** Control characters become a space; what would be read as an escape of one is escaped itself. */
const escaped = (text: string): string =>
  text
    .replaceAll(/_(?=x[\dA-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll(control, ' ')

const control = /[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu
