/** A region as known on a day, out of the store: in the formats that others read, each of which `winst import` reads back to the same facts. */
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDay, type Day } from '../../engine/kernel/calendar.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { measuresOf } from '../../engine/contract/programme-rules.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { makePrivateDirectory, PRIVATE_FILE } from '../files/private-file.ts'
import type { Store } from '../postgres/database.ts'
import { readContract } from '../region/contracts.ts'
import { writeCsv } from './facts/csv.ts'
import { writeDeclarations } from './declarations.ts'
import { writeFhir } from './fhir/fhir.ts'
import { writeJsonLines } from './tables/json-lines.ts'
import { writeOmop } from './omop/omop.ts'
import type { ExportOf, Written } from './facts/order.ts'
import { writeParquet } from './tables/parquet.ts'
import { writeResearch } from './omop/research.ts'
import { writeWorkbook } from './tables/workbook.ts'
import { readRun } from '../runs/runs.ts'
import { definitionsOf, regionProgrammes } from '../region/region-programmes.ts'
import { inTransaction } from '../postgres/transaction.ts'

const writers = {
  csv: (of: ExportOf) => writeCsv(of),
  jsonl: writeJsonLines,
  parquet: writeParquet,
  xlsx: (of: ExportOf) => writeWorkbook(of),
  fhir: writeFhir,
  omop: writeOmop,
  declarations: writeDeclarations,
} as const

export type ExportFormat = keyof typeof writers
export const EXPORT_FORMATS = Object.keys(writers) as readonly ExportFormat[]

export interface ExportOrder {
  readonly regionId: number
  readonly asOf: Day
  readonly format: ExportFormat
  /** made if it is not there; it must be empty */
  readonly dir: string
  /** texts gzipped; Parquet and workbooks are compressed anyway */
  readonly gzip: boolean
}

/** Writes every table of a region. Same facts, same bytes.
 *  @returns rows by file  @throws Refusal `directory_not_empty` */
export async function exportRegion(store: Pick<Store, 'pool'>, order: ExportOrder): Promise<Written[]> {
  const { regionId, asOf, format, dir, gzip } = order
  invariant(isDay(asOf), 'an export is as of a day')
  return await written(store, { regionId, asOf, dir, gzip }, async (of) => {
    const files = await writers[format](of)
    const own = format === 'declarations' ? [] : await definitionsOf(of.client, regionId, asOf)
    return [...files, ...(await writeProgrammes(dir, own))]
  })
}

/** Writes the expectations and gains of a settlement in the shape of OMOP, for researchers.
 *  @returns rows by file  @throws Refusal `unknown_run`, `directory_not_empty` */
export async function exportResearch(
  store: Pick<Store, 'pool' | 'db'>,
  { settlementId, dir, gzip }: { readonly settlementId: string; readonly dir: string; readonly gzip: boolean },
): Promise<Written[]> {
  const run = await readRun(store, settlementId)
  const { contract } = await readContract(store, run.contractSha256)
  return await written(store, { ...run, dir, gzip }, (of) => writeResearch(of, run, contract.contract))
}

async function written(
  store: Pick<Store, 'pool'>,
  { regionId, asOf, dir, gzip }: Omit<ExportOrder, 'format'>,
  write: (of: ExportOf) => Promise<Written[]>,
): Promise<Written[]> {
  await emptyDirectory(dir)
  const files = await inTransaction(
    store,
    async ({ client }) => {
      // millions of rows are put in order; a quarter of a gigabyte keeps most regions off the disk
      await client.query(`set local enable_nestloop = off; set local work_mem = '256MB'`)
      const programmes = await regionProgrammes(client, regionId, asOf)
      return await write({ client, regionId, asOf, dir, gzip, programmes, unitOf: unitsOf(programmes) })
    },
    'repeatable read',
  )
  // A writer of Parquet opens its files by itself.
  for (const { file } of files) await chmod(join(dir, file), PRIVATE_FILE)
  return files
}

/** An export is whole or it is not: nothing of another one may stand between its files. */
async function emptyDirectory(dir: string): Promise<void> {
  await makePrivateDirectory(dir)
  const there = await readdir(dir)
  if (there.length === 0) return
  throw new Refusal('directory_not_empty', `${dir} holds ${there[0]} already; give an empty directory, or a new one.`, {
    dir,
  })
}

function unitsOf(programmes: ReadonlyMap<string, Programme>): ReadonlyMap<string, string> {
  return new Map([...measuresOf(programmes)].map(([key, { unit }]) => [key, unit]))
}

/** What the region itself defines goes along; JSON is YAML. */
async function writeProgrammes(
  dir: string,
  definitions: readonly { readonly programme: Programme; readonly json: string }[],
): Promise<Written[]> {
  if (definitions.length > 0) await mkdir(join(dir, 'programmes'))
  for (const { programme, json } of definitions)
    await writeFile(join(dir, 'programmes', `${programme.programme}.yaml`), `${json}\n`)
  return definitions.map(({ programme }) => ({ file: `programmes/${programme.programme}.yaml`, rows: 1 }))
}
