/** A table of a page as CSV, XLSX and PDF. */
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { read, utils } from 'xlsx'
import { csvOf } from '../../../api/dashboard/files/csv.ts'
import { pdfOf } from '../../../api/dashboard/files/pdf.ts'
import { column, totalOf, type Sheet } from '../../../api/dashboard/files/sheet.ts'
import { xlsxOf } from '../../../api/dashboard/files/xlsx.ts'
import { formatOf } from '../../../api/report/words/format.ts'

const rows = [
  ['=1+1; "praktijk"', 80_089, 60, 0.8333, -1.2345, '2025-03-01'],
  ['p02', -10_400, 'minder dan 10', null, 0.5, null],
] as const
const sheet: Sheet = {
  caption: 'Betaling / partner',
  columns: [
    column('Partner'),
    column('Betaling', 'cents'),
    column('Patiënten', 'count'),
    column('Gemeten', 'share'),
    column('Winst', 'signed', 3),
    column('Op', 'day'),
  ],
  rows,
  total: ['Totaal', totalOf(rows, 1), totalOf(rows, 2), null, null, null],
}

describe('a table as a file', () => {
  test('CSV in Dutch has decimal commas, in English points; the total is its last row', () => {
    const options = { bom: true, relax_column_count: false } as const
    const dutch = parse(csvOf(sheet, 'nl'), { ...options, delimiter: ';' })
    expect(dutch).toEqual([
      ['Partner', 'Betaling', 'Patiënten', 'Gemeten', 'Winst', 'Op'],
      [`'=1+1; "praktijk"`, '800,89', '60', '0,83', '-1,235', '2025-03-01'],
      ['p02', '-104,00', 'minder dan 10', '', '0,500', ''],
      ['Totaal', '696,89', '60', '', '', ''],
    ])
    expect(csvOf(sheet, 'nl').subarray(0, 3).toString('hex')).toBe('efbbbf')
    const english = parse(csvOf(sheet, 'en'), options)
    expect(english[1]).toEqual([`'=1+1; "praktijk"`, '800.89', '60', '0.83', '-1.235', '2025-03-01'])
  })

  test('XLSX has amounts, numbers and days, not their texts', async () => {
    const book = read(await xlsxOf([sheet]), { cellDates: true, UTC: true })
    expect(book.SheetNames).toEqual(['1 Betaling   partner'])
    const cells = utils.sheet_to_json(book.Sheets[book.SheetNames[0]!]!, { header: 1, blankrows: false, UTC: true })
    expect(cells.slice(1)).toEqual([
      ['=1+1; "praktijk"', 800.89, 60, 0.83, -1.235, new Date('2025-03-01T00:00:00Z')],
      ['p02', -104, 'minder dan 10', undefined, 0.5],
      ['Totaal', 696.89, 60],
    ])
  })

  test('the same PDF has the same bytes', async () => {
    const pdf = {
      title: 'Afrekening',
      blocks: [{ text: 'U ontvangt', look: 'lead' as const }, { sheet }],
      foot: 'vrijgegeven',
      pageOf: (page: number, pages: number) => `${page} van ${pages}`,
      day: '2026-06-01',
    }
    const bytes = await pdfOf(pdf, formatOf('nl'))
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(await pdfOf(pdf, formatOf('nl'))).toEqual(bytes)
  })
})
