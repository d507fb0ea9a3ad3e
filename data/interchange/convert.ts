/** Imports another format: converted to the tables of the interface, then imported as those. */
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { programmesOf } from '../../engine/contract/programme-rules.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { importDataset } from '../import/import.ts'
import type { LostPatient } from '../import/file.ts'
import { serversOf } from '../region/servers.ts'
import type { ImportProgress } from '../import/delivery-files.ts'
import type { ImportOrder, ImportResult } from '../import/import.ts'
import { builtInProgrammes, datasetProgrammes } from '../region/programme-files.ts'
import { readCodes } from '../vocabulary/codes.ts'
import type { Codes } from '../vocabulary/codes.ts'
import type { Derived } from './mapping/enrolments.ts'
import { convertFhir } from './fhir/convert.ts'
import { fhirFilesAt } from './fhir/resources.ts'
import { convertHis, hisFilesIn } from './his/convert.ts'
import { convertOmop } from './omop/convert.ts'
import { omopFilesIn } from './omop/table.ts'
import { Origins } from '../files/origins.ts'
import { regularIn } from '../files/regular-file.ts'
import { DERIVED, TABLES, Tables } from './mapping/tables.ts'
import type { Table } from './mapping/tables.ts'
import { Tally } from './mapping/tally.ts'
import { convertTabular, TABULAR_FORMATS, type TabularFormat } from './tabular/convert.ts'
import type { Fates, Unmapped } from './mapping/tally.ts'

const MAPPED_FORMATS = ['fhir', 'omop', 'his'] as const
type MappedFormat = (typeof MAPPED_FORMATS)[number]
export type Format = MappedFormat | TabularFormat
export const FORMATS: readonly Format[] = [...MAPPED_FORMATS, ...TABULAR_FORMATS]

/** The account of a conversion: every resource or row of the source is counted under one fate. */
export interface Conversion {
  readonly format: Format
  readonly files: number
  /** files in the directory that are not of the format */
  readonly ignored: readonly string[]
  /** tables of the interface that accompanied the source as CSV and replaced its own */
  readonly beside: readonly string[]
  readonly read: readonly Fates[]
  readonly unmapped: readonly Unmapped[]
  /** enrolments that the source does not state, derived from the first diagnosis and the most frequent contact */
  readonly derived: readonly Derived[]
  readonly notes: Readonly<Record<string, number>>
}

export type ConvertedResult = ImportResult & { readonly conversion: Conversion }

/** Imports a directory or a file of another format: all of it or nothing, rejects reported by their place in the source.
 *  @throws Refusal as `importDataset` does, with the conversion among its facts, and `truncated_file`, `unreadable_file`, `invalid_mapping` */
export async function importConverted(
  store: Store,
  format: Format,
  order: ImportOrder,
  progress: (state: ImportProgress) => void = () => undefined,
): Promise<ConvertedResult> {
  const workDirectory = await mkdtemp(join(tmpdir(), 'winst-'))
  const origins = new Origins(workDirectory)
  try {
    const regionServers = await serversOf(store, order.region)
    const { conversion, delivered, servers, lostPatients } = await convert(
      format,
      order.dir,
      workDirectory,
      progress,
      regionServers,
    )
    try {
      const result = await importDataset(
        store,
        { ...order, dir: workDirectory, origins, deliveredRows: delivered, lostPatients, servers },
        progress,
      )
      await copyDerivedList(workDirectory, dirname(order.rejectsPath))
      return { ...result, conversion }
    } catch (error) {
      // the conversion may explain the refusal
      if (error instanceof Refusal) throw new Refusal(error.code, error.message, { ...error.facts, conversion })
      throw error
    }
  } finally {
    origins.close()
    await rm(workDirectory, { recursive: true, force: true })
  }
}

interface Converted {
  readonly conversion: Conversion
  readonly delivered: ReadonlyMap<string, number>
  /** FHIR servers that the source is of */
  readonly servers: readonly string[]
  readonly lostPatients: readonly LostPatient[]
}

/** Writes the tables of the interface into a directory.
 *  @returns the account of it, and for each table how many rows or resources the source delivered for it */
export async function convert(
  format: Format,
  source: string,
  into: string,
  progress: (state: ImportProgress) => void = () => undefined,
  regionServers: readonly string[] = [],
): Promise<Converted> {
  const home = (await stat(source).catch(() => null))?.isDirectory() === false ? dirname(source) : source
  const single = home !== source
  const beside = single ? [] : await copyAccompanyingTables(home, into)
  const tally = new Tally()
  if (isTabular(format)) {
    const report = (file: string, bytesRead: number, bytesTotal: number) => progress({ file, bytesRead, bytesTotal })
    const done = await convertTabular(format, { source, into, beside, tally, progress: report })
    const conversion = accountOf(format, { ...done, derived: [] }, beside, tally)
    return { conversion, delivered: new Map(), servers: [], lostPatients: [] }
  }
  const own = single ? [] : await datasetProgrammes(home)
  const mapping = join(home, 'mapping.yaml')
  const codes = await readCodes(
    programmesOf(await builtInProgrammes(), own),
    !single && (await stat(mapping).catch(() => null)) ? (await regularIn(home, 'mapping.yaml')).path : null,
  )
  const tables = await Tables.open(
    into,
    (Object.keys(TABLES) as Table[]).filter((table) => !beside.some((name) => name.startsWith(table))),
  )
  try {
    const work = { codes, tally, dir: into, tables, regionServers }
    const done: Done = await readers[format](source, work, progress)
    const conversion = accountOf(format, done, beside, tally)
    const { servers = [], lostPatients = [] } = done
    return { conversion, delivered: deliveredFor(tally), servers, lostPatients }
  } finally {
    await tables.close()
  }
}

const isTabular = (format: Format): format is TabularFormat => (TABULAR_FORMATS as readonly Format[]).includes(format)

function accountOf(
  format: Format,
  { files, ignored, derived }: Done,
  beside: readonly string[],
  tally: Tally,
): Conversion {
  return {
    format,
    files,
    ignored: ignored.filter((name) => !isAccompanying(name, beside)),
    beside,
    read: tally.table,
    unmapped: tally.list,
    // enrolments that accompany the source replace derived ones
    derived: beside.some((name) => name.startsWith('enrolments.csv')) ? [] : derived,
    notes: tally.notes,
  }
}

interface Work {
  readonly codes: Codes
  readonly tally: Tally
  readonly dir: string
  readonly tables: Tables
  readonly regionServers: readonly string[]
}

interface Done {
  readonly files: number
  readonly ignored: readonly string[]
  readonly derived: readonly Derived[]
  readonly servers?: readonly string[]
  readonly lostPatients?: readonly LostPatient[]
}

async function fromFhir(source: string, work: Work, progress: (state: ImportProgress) => void): Promise<Done> {
  const files = await fhirFilesAt(source)
  const bytesRead = reportOf(files.read, progress)
  const converted = await convertFhir({ ...work, files, bytesRead }, work.tables)
  return { files: files.read.length, ignored: files.ignored, ...converted }
}

async function fromOmop(source: string, work: Work, progress: (state: ImportProgress) => void): Promise<Done> {
  const { files, ignored } = await omopFilesIn(source)
  const bytesRead = reportOf([...files.values()], progress)
  const derived = await convertOmop({ ...work, files, bytesRead }, work.tables)
  return { files: files.size, ignored, derived }
}

async function fromHis(source: string, work: Work, progress: (state: ImportProgress) => void): Promise<Done> {
  const files = await hisFilesIn(source)
  await convertHis({ ...work, files, bytesRead: reportOf(files.read, progress) }, work.tables)
  return { files: files.read.length, ignored: files.ignored, derived: [] }
}

const readers = { fhir: fromFhir, omop: fromOmop, his: fromHis } as const satisfies Record<MappedFormat, unknown>

function reportOf(files: readonly { readonly bytes: number }[], progress: (state: ImportProgress) => void) {
  const bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let bytesRead = 0
  return (file: string, bytes: number) => progress({ file, bytesRead: (bytesRead += bytes), bytesTotal })
}

/** Writes the list of derived enrolments next to rejects.csv, replacing an earlier one. */
async function copyDerivedList(workDirectory: string, out: string): Promise<void> {
  await rm(join(out, DERIVED), { force: true })
  const names = await readdir(workDirectory)
  if (names.includes(DERIVED)) await copyFile(join(workDirectory, DERIVED), join(out, DERIVED))
}

/** Copies CSV tables of the interface and programmes that accompany the source, for what the format cannot express. */
async function copyAccompanyingTables(home: string, into: string): Promise<string[]> {
  const names: string[] = await readdir(home).catch(() => [])
  const tables = [...Object.keys(TABLES), 'quality.csv'].flatMap((table) => [table, `${table}.gz`])
  const beside = names.filter((name) => tables.includes(name)).sort()
  for (const name of beside) await copyFile((await regularIn(home, name)).path, join(into, name))
  if (names.includes('programmes')) await copyProgrammes(home, into)
  return beside
}

async function copyProgrammes(home: string, into: string): Promise<void> {
  await mkdir(join(into, 'programmes'))
  for (const { file } of await datasetProgrammes(home)) {
    const name = join('programmes', basename(file))
    await copyFile((await regularIn(home, name)).path, join(into, name))
  }
}

const isAccompanying = (name: string, beside: readonly string[]): boolean =>
  beside.includes(name) || name === 'mapping.yaml' || name === 'programmes' || name.startsWith('programmes/')

/** The denominator of a table's rejected share: everything of its kind that was delivered, with or without a row. */
function deliveredFor(tally: Tally): ReadonlyMap<string, number> {
  const kinds: Readonly<Partial<Record<Table, readonly string[]>>> = {
    'partners.csv': ['Organization', 'CARE_SITE', 'PROVIDER'],
    'patients.csv': ['Patient', 'PERSON', 'row'],
    'enrolments.csv': ['EpisodeOfCare', 'CarePlan', 'EPISODE'],
    'observations.csv': ['Observation', 'QuestionnaireResponse', 'MEASUREMENT', 'OBSERVATION', 'reading'],
    'conditions.csv': ['Condition', 'CONDITION_OCCURRENCE', 'episode'],
    'medications.csv': ['MedicationRequest', 'MedicationStatement', 'DRUG_EXPOSURE'],
    'claims.csv': ['Claim', 'ExplanationOfBenefit', 'COST'],
  }
  return new Map(
    Object.entries(kinds).map(([table, of]) => [table, of.reduce((sum, kind) => sum + tally.read(kind), 0)]),
  )
}
