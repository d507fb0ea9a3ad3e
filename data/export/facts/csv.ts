/** The tables of interface.md 1 as CSV: what `winst import` reads. */
import { join } from 'node:path'
import { guarded } from '../../files/formulas.ts'
import { cell } from '../../settlements/outputs.ts'
import { FACT_NAMES, factColumns, readFacts, type FactName } from './facts.ts'
import { GrowingFile } from './growing-file.ts'
import type { ExportOf, Written } from './order.ts'

/** Writes tables into the directory; all of them, or those named (what another format cannot carry travels beside it).
 *  @returns rows by file */
export async function writeCsv(of: ExportOf, names: readonly FactName[] = FACT_NAMES): Promise<Written[]> {
  const written: Written[] = []
  for (const name of names) {
    const file = `${name}.csv${of.gzip ? '.gz' : ''}`
    const out = new GrowingFile(join(of.dir, file), `${factColumns(name).join(',')}\n`)
    await readFacts(
      of.client,
      of,
      name,
      (row) => out.add(`${row.map((text) => cell(guarded(text))).join(',')}\n`),
      () => out.breathe(),
    )
    written.push({ file, rows: await out.close() })
  }
  return written
}
