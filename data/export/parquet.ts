/** The tables of interface.md 1 as Apache Parquet: for notebooks and engines that read columns. */
import { join } from 'node:path'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { epochDayOf } from '../../engine/kernel/calendar.ts'
import { FACT_NAMES, factColumns, readFacts } from './facts.ts'
import type { ExportOf, Written } from './order.ts'

/** Columns that are numbers; dates are days since 1970, all else is UTF-8. A blank is a null. */
const numbers = new Set(['value', 'quantity', 'amount_eur'])
const years = new Set(['birth_year'])
const isDay = (column: string): boolean => column.endsWith('_on')

// rows of a group: a few MB in memory, and what a reader takes at once
const groupRows = 100_000

/** @returns rows by file */
export async function writeParquet(of: ExportOf): Promise<Written[]> {
  const written: Written[] = []
  for (const name of FACT_NAMES) {
    const columns = factColumns(name)
    const file = `${name}.parquet`
    const table = new ParquetTable(join(of.dir, file), columns)
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

type Value = string | number | null

class ParquetTable {
  private readonly writer: ParquetWriter
  private group: Value[][]

  constructor(
    path: string,
    private readonly columns: readonly string[],
  ) {
    this.group = columns.map(() => [])
    this.writer = new ParquetWriter({
      writer: fileWriter(path),
      createdBy: 'gezondheidswinst',
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map((name) => ({ name, repetition_type: 'OPTIONAL' as const, ...typeOf(name) })),
      ],
    })
  }

  add(row: readonly string[]): void {
    row.forEach((text, column) => this.group[column]!.push(valueOf(this.columns[column]!, text)))
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
      columnData: this.columns.map((name, column) => ({ name, data: group[column]! })),
      rowGroupSize,
    })
  }
}

function typeOf(column: string) {
  if (numbers.has(column)) return { type: 'DOUBLE' as const }
  if (years.has(column)) return { type: 'INT32' as const }
  if (isDay(column)) return { type: 'INT32' as const, converted_type: 'DATE' as const }
  return { type: 'BYTE_ARRAY' as const, converted_type: 'UTF8' as const }
}

function valueOf(column: string, text: string): Value {
  if (text === '') return null
  if (numbers.has(column) || years.has(column)) return Number(text)
  return isDay(column) ? epochDayOf(text) : text
}
