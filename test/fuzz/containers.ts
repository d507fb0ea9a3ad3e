/** The tables of a region in containers that a changed byte does not break: nothing in them is compressed. */
import { parse } from 'csv-parse/sync'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { utils, write } from 'xlsx'

export type Files = Readonly<Record<string, Buffer>>

const tablesIn = (csv: Files): (readonly [table: string, rows: string[][]])[] =>
  Object.entries(csv)
    .filter(([name]) => name.endsWith('.csv'))
    .map(([name, bytes]) => [name.replace(/\.csv$/, ''), parse(bytes)] as const)

/** One workbook, its parts stored as they are, its texts shared by the sheets. */
export function workbookOf(csv: Files): Files {
  const tables = tablesIn(csv)
  const workbook = {
    SheetNames: tables.map(([table]) => table),
    Sheets: Object.fromEntries(tables.map(([table, rows]) => [table, utils.aoa_to_sheet(rows.map(withNumbers))])),
  }
  return { 'dataset.xlsx': write(workbook, { type: 'buffer', bookSST: true, compression: false }) as Buffer }
}

const withNumbers = (cells: string[]) => cells.map((cell) => (/^[1-9]\d*(\.\d+)?$/.test(cell) ? Number(cell) : cell))

/** A file of Parquet for each table, its pages as they are. */
export const parquetOf = (csv: Files): Files =>
  Object.fromEntries(
    tablesIn(csv).map(([table, [header = [], ...rows]]) => [
      `${table}.parquet`,
      Buffer.from(
        parquetWriteBuffer({
          codec: 'UNCOMPRESSED',
          columnData: header.map((name, at) => ({ name, type: 'STRING', data: rows.map((row) => row[at] ?? '') })),
        }),
      ),
    ]),
  )
