/** A region in the OMOP Common Data Model 5.4: its tables as CSV, with our ids among the source values. What the model has no place for
 *  (who is a member of whom, AGB codes, a claim's id and half a visit, promises) travels beside it as CSV. */
import { join } from 'node:path'
import { readCodes } from '../../vocabulary/codes.ts'
import { columnsOf, type OmopTable } from '../../interchange/omop/columns.ts'
import { cell } from '../../settlements/outputs.ts'
import { writeCsv } from '../facts/csv.ts'
import { readFacts, type FactName } from '../facts/facts.ts'
import { GrowingFile } from '../facts/growing-file.ts'
import { OmopRows, type Put } from './rows.ts'
import type { ExportOf, Written } from '../facts/order.ts'

/** People and places before facts: their keys are assigned as they are written. */
const names: readonly FactName[] = [
  'partners',
  'patients',
  'enrolments',
  'observations',
  'conditions',
  'medications',
  'claims',
]

/** @returns rows by file */
export async function writeOmop(of: ExportOf): Promise<Written[]> {
  const files = new OmopFiles(of)
  const rows = new OmopRows(await readCodes(of.programmes, null), of.asOf, files.put)
  for (const name of names)
    await readFacts(
      of.client,
      of,
      name,
      (row) => rows.take(name, row),
      () => files.breathe(),
    )
  rows.finish()
  return [...(await files.close()), ...(await writeCsv(of, ['partners', 'claims', 'quality']))]
}

class OmopFiles {
  private readonly files = new Map<OmopTable, GrowingFile>()

  constructor(private readonly of: ExportOf) {}

  put: Put = (table, cells) =>
    this.file(table).add(
      `${columnsOf(table)
        .map((column) => cell(String(cells[column] ?? '')))
        .join(',')}\n`,
    )

  async breathe(): Promise<void> {
    for (const file of this.files.values()) await file.breathe()
  }

  async close(): Promise<Written[]> {
    const written: Written[] = []
    for (const [table, file] of this.files) written.push({ file: this.nameOf(table), rows: await file.close() })
    return written
  }

  private file(table: OmopTable): GrowingFile {
    const known = this.files.get(table)
    if (known) return known
    const file = new GrowingFile(join(this.of.dir, this.nameOf(table)), `${columnsOf(table).join(',')}\n`)
    this.files.set(table, file)
    return file
  }

  private nameOf = (table: OmopTable): string => `${table}.csv${this.of.gzip ? '.gz' : ''}`
}
