/** The tables of interface.md 1 as Apache Parquet: for notebooks and engines that read columns. */
import { join } from 'node:path'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { type Day, epochDayOf } from '../../../engine/kernel/calendar.ts'
import { columnKind, type ColumnKind } from '../facts/column-kinds.ts'
import { FACT_NAMES, factColumns, readFacts } from '../facts/facts.ts'
import type { ExportOf, Written } from '../facts/order.ts'

// what 64 bits hold of a decimal
const amountDigits = 18
// rows of a group: a few MB in memory, and what a reader takes at once
const groupRows = 100_000

/** @returns rows by file */
export async function writeParquet(of: ExportOf): Promise<Written[]> {
  const written: Written[] = []
  for (const name of FACT_NAMES) {
    const columns = factColumns(name)
    const file = `${name}.parquet`
    const table = new ParquetTable(
      join(of.dir, file),
      columns.map((column) => [column, columnKind(name, column)]),
    )
    const rows = await readFacts(
      of.client,
      of,
      name,
      (row) => table.add(row),
      () => table.breathe(),
    )
    await table.close()
    written.push({ file, rows })
  }
  return written
}

type Value = string | number | bigint | null

class ParquetTable {
  private readonly writer: ParquetWriter
  private group: Value[][]

  constructor(
    path: string,
    private readonly columns: readonly (readonly [name: string, kind: ColumnKind])[],
  ) {
    this.group = columns.map(() => [])
    this.writer = new ParquetWriter({
      writer: fileWriter(path),
      createdBy: 'gezondheidswinst',
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(([name, kind]) => ({ name, repetition_type: 'OPTIONAL' as const, ...TYPES[kind] })),
      ],
    })
  }

  add(row: readonly string[]): void {
    row.forEach((text, column) => this.group[column]!.push(valueOf(this.columns[column]![1], text)))
  }

  async breathe(): Promise<void> {
    if (this.group[0]!.length >= groupRows) await this.flush()
  }

  async close(): Promise<void> {
    await this.flush()
    await this.writer.finish()
  }

  private async flush(): Promise<void> {
    const { group } = this
    const rowGroupSize = group[0]!.length
    if (rowGroupSize === 0) return
    this.group = this.columns.map(() => [])
    await this.writer.write({
      columnData: this.columns.map(([name], column) => ({ name, data: group[column]! })),
      rowGroupSize,
    })
  }
}

/** Days are counted from 1970; a blank is a null. */
const TYPES = {
  amount: { type: 'INT64', converted_type: 'DECIMAL', precision: amountDigits, scale: 2 },
  number: { type: 'DOUBLE' },
  year: { type: 'INT32' },
  day: { type: 'INT32', converted_type: 'DATE' },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
} as const satisfies Record<ColumnKind, unknown>

function valueOf(kind: ColumnKind, text: string): Value {
  if (text === '') return null
  // the writer takes a bigint for the decimal's digits: cents
  if (kind === 'amount') return BigInt(text.replace('.', ''))
  if (kind === 'number' || kind === 'year') return Number(text)
  return kind === 'day' ? epochDayOf(text as Day) : text
}
