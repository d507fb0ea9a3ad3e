/** The tables of interface.md 1 as JSON Lines: an object for each row, a key for each cell that is not blank, numbers digit for digit. */
import { join } from 'node:path'
import { columnKind } from '../facts/column-kinds.ts'
import { FACT_NAMES, factColumns, readFacts, type FactRow } from '../facts/facts.ts'
import { GrowingFile } from '../facts/growing-file.ts'
import { asWritten, jsonOf } from '../facts/json-decimals.ts'
import type { ExportOf, Written } from '../facts/order.ts'

/** @returns rows by file */
export async function writeJsonLines(of: ExportOf): Promise<Written[]> {
  const written: Written[] = []
  for (const name of FACT_NAMES) {
    const columns = factColumns(name)
    const numbers = columns.map((column) => ['amount', 'number', 'year'].includes(columnKind(name, column)))
    const file = `${name}.jsonl${of.gzip ? '.gz' : ''}`
    const out = new GrowingFile(join(of.dir, file))
    await readFacts(
      of.client,
      of,
      name,
      (row) => out.add(`${jsonOf(recordOf(row, columns, numbers))}\n`),
      () => out.breathe(),
    )
    written.push({ file, rows: await out.close() })
  }
  return written
}

function recordOf(row: FactRow, columns: readonly string[], numbers: readonly boolean[]): Record<string, string> {
  const record: Record<string, string> = {}
  row.forEach((text, at) => {
    if (text !== '') record[columns[at]!] = numbers[at] ? asWritten(text) : text
  })
  return record
}
