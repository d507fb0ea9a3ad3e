/** A small table as one file in memory: CSV, Apache Parquet, Apache Arrow. Same rows, same bytes. */
import { parquetWriteBuffer } from 'hyparquet-writer'

export const SMALL_FORMATS = ['csv', 'parquet', 'arrow'] as const
export type SmallFormat = (typeof SMALL_FORMATS)[number]

export type ColumnType = 'text' | 'count' | 'number'

export interface SmallTable {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  /** a value for each column; null: none */
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** The bytes of the table. Columns of counts are whole numbers of 32 bits, numbers doubles, texts UTF-8. */
export async function smallTable(table: SmallTable, format: SmallFormat): Promise<Uint8Array> {
  if (format === 'csv') return csvOf(table)
  return format === 'parquet' ? parquetOf(table) : await arrowOf(table)
}

function csvOf({ columns, rows }: SmallTable): Uint8Array {
  const lines = [columns.map(({ name }) => name), ...rows].map((cells) => cells.map(quoted).join(','))
  return new TextEncoder().encode(lines.map((line) => `${line}\r\n`).join(''))
}

function quoted(value: string | number | null): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const PARQUET_TYPES = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  count: { type: 'INT32' },
  number: { type: 'DOUBLE' },
} as const satisfies Record<ColumnType, unknown>

function parquetOf({ columns, rows }: SmallTable): Uint8Array {
  const bytes = parquetWriteBuffer({
    columnData: columns.map(({ name }, at) => ({ name, data: rows.map((row) => row[at]!) })),
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({
        name,
        repetition_type: 'OPTIONAL' as const,
        ...PARQUET_TYPES[type],
      })),
    ],
  })
  return new Uint8Array(bytes)
}

async function arrowOf({ columns, rows }: SmallTable): Promise<Uint8Array> {
  // Loaded with the first table that is asked for in it.
  const { Float64, Int32, Table, tableToIPC, Utf8, vectorFromArray } = await import('apache-arrow')
  const typeOf = { text: () => new Utf8(), count: () => new Int32(), number: () => new Float64() } as const
  const vectors = columns.map(({ name, type }, at) => [
    name,
    vectorFromArray(
      rows.map((row) => row[at] ?? null),
      typeOf[type](),
    ),
  ])
  return tableToIPC(new Table(Object.fromEntries(vectors)), 'file')
}
