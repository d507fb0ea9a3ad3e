/** Tables as a workbook, a sheet each: amounts, numbers and days are that, so that a spreadsheet can go on with them. */
import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node'
import { isNumeric, plainNumber, type Sheet, type SheetColumn, type Value } from './sheet.ts'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** What a sheet of a workbook may be called. */
const nameOf = (caption: string, at: number): string =>
  `${at + 1} ${caption.replaceAll(/[\\/?*[\]:']/g, ' ')}`.slice(0, 31).trim()

export async function xlsxOf(sheets: readonly Sheet[]): Promise<Buffer> {
  const all = sheets.map((sheet, at) => ({
    data: dataOf(sheet),
    sheet: nameOf(sheet.caption, at),
    columns: sheet.columns.map((column, i) => ({ width: widthOf(sheet, column, i) })),
    stickyRowsCount: 1,
  }))
  return await writeXlsxFile(all).toBuffer()
}

function dataOf({ columns, rows, total }: Sheet): SheetData {
  const heads = columns.map((column): Cell => ({
    value: column.head,
    fontWeight: 'bold',
    wrap: true,
    align: isNumeric(column) ? 'right' : 'left',
    bottomBorderStyle: 'thin',
  }))
  const body = rows.map((row) => columns.map((column, i) => cellOf(column, row[i] ?? null)))
  if (!total) return [heads, ...body]
  const sums = columns.map((column, i): Cell => {
    const cell = cellOf(column, total[i] ?? null)
    return cell === null ? null : { ...cell, fontWeight: 'bold', topBorderStyle: 'thin' }
  })
  return [heads, ...body, sums]
}

function cellOf(column: SheetColumn, value: Value) {
  const number = plainNumber(column, value)
  if (number !== null) return { value: Number(number), type: Number, format: formatOf(column) }
  if (value === null || value === '') return null
  if (column.kind === 'day') return { value: new Date(`${value}T00:00:00Z`), type: Date, format: 'yyyy-mm-dd' }
  return { value: String(value), type: String }
}

function formatOf({ kind, decimals = 2 }: SheetColumn): string {
  if (kind === 'cents') return '€ #,##0.00;-€ #,##0.00'
  if (kind === 'share') return '0%'
  if (kind === 'count') return '#,##0'
  return decimals === 0 ? '#,##0' : `#,##0.${'0'.repeat(decimals)}`
}

/** Wide enough for most of what stands in it, in letters. */
function widthOf({ rows }: Sheet, { kind, head }: SheetColumn, at: number): number {
  if (kind !== 'text') return Math.max(14, Math.min(24, head.length + 2))
  const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, String(row[at] ?? '').length), head.length)
  return Math.min(48, longest + 2)
}
