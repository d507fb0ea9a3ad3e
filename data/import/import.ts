/** Imports a dataset directory into the store, in full or not at all (interface.md 1). */
import { createHash } from 'node:crypto'
import type { Day } from '../../engine/kernel/calendar.ts'
import { programmesOf } from '../../engine/contract/programme-rules.ts'
import type { RefusalCode } from '../../engine/kernel/refusal-codes.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import { contentSha256Of, digestsOf, findFiles, unknownColumnsOf } from './dataset-files.ts'
import type { DatasetFile, UnknownColumn } from './dataset-files.ts'
import { deliveredGiven, enterRegion, findDelivery, recordDelivery } from '../region/delivery.ts'
import type { EarlierDelivery } from '../region/delivery.ts'
import { FACT_FILES } from './rows/fact-files.ts'
import { importFiles, lostOf } from './delivery-files.ts'
import type { ImportProgress, Lost } from './delivery-files.ts'
import type { ImportedFile, LostPatient } from './file.ts'
import { practicesOf } from './practices.ts'
import { Rejects, restoreRejects } from './rows/rejects.ts'
import type { StoredIssues } from './rows/rejects.ts'
import { mappingIn, readCodes } from '../vocabulary/codes.ts'
import type { Codes } from '../vocabulary/codes.ts'
import type { Origins } from '../files/origins.ts'
import { builtInProgrammes, datasetProgrammes } from '../region/programme-files.ts'
import type { ProgrammeFile } from '../region/programme-files.ts'
import { appendDocuments, datasetDocuments, type RegionDocument } from '../constants/region-documents.ts'
import { recordServers } from '../region/servers.ts'
import { appendDefinitions, programmesWith } from '../region/region-programmes.ts'
import { inTransaction } from '../postgres/transaction.ts'

export interface ImportOrder {
  readonly dir: string
  readonly region: string
  /** YYYY-MM-DD; default: the latest date in the data */
  readonly delivered?: string | undefined
  /** rejected share of any one file above which nothing is kept; default 0.05 */
  readonly maxRejects?: number | undefined
  /** with it every patient id becomes its HMAC-SHA256; an empty key is refused */
  readonly pseudonymKey?: string | undefined
  /** where rejects.csv goes */
  readonly rejectsPath: string
  /** of converted tables: the source of each row, for rejects.csv */
  readonly origins?: Origins | undefined
  /** of a FHIR source: the servers that it is of */
  readonly servers?: readonly string[] | undefined
  /** of a converted source: patients who have no row */
  readonly lostPatients?: readonly LostPatient[] | undefined
  /** of converted tables: how much the source delivered for each, the denominator of its rejected share */
  readonly deliveredRows?: ReadonlyMap<string, number> | undefined
}

export interface ImportResult {
  readonly region: string
  readonly regionId: number
  readonly deliveryId: number
  readonly deliveredOn: Day
  /** false: the same directory was imported before, and nothing changed */
  readonly imported: boolean
  readonly files: readonly FileCount[]
  readonly unknownColumns: readonly UnknownColumn[]
  readonly rejectsPath: string
  readonly warningsPath: string
  readonly lost: Lost
}

/** Rows of one file: rows = accepted + rejected; of the accepted, `unchanged` say what was known already. */
export interface FileCount {
  readonly file: string
  readonly rows: number
  readonly accepted: number
  readonly rejected: number
  readonly unchanged: number
  /** rows of warnings.csv */
  readonly warnings: number
}

const DEFAULT_MAX_REJECTS = 0.05

/** Imports a directory as one delivery of a region, in one transaction.
 *  @throws Refusal, in which case nothing is kept: `missing_directory`, `missing_file`, `missing_column`, `unreadable_file`,
 *    `empty_file`, `citizen_numbers`, `too_many_rejects`, `nothing_left`, `older_delivery`, `invalid_programme` and others, with a sentence each */
export async function importDataset(
  store: Store,
  order: ImportOrder,
  progress: (state: ImportProgress) => void = () => undefined,
): Promise<ImportResult> {
  const maxRejects = shareOf(order.maxRejects ?? DEFAULT_MAX_REJECTS)
  const given = deliveredGiven(order.delivered)
  const pseudonymKey = keyOf(order.pseudonymKey)
  const files = await findFiles(order.dir)
  refuseBsnColumns(files, pseudonymKey)
  // Read while programmes and codes are: nothing else here waits for the disk.
  const reading = digestsOf(files)
  reading.catch(() => undefined) // it is awaited where it is needed
  const datasetOwn = await datasetProgrammes(order.dir)
  const documents = await datasetDocuments(order.dir)
  const codes = await readCodes(programmesOf(await builtInProgrammes(), datasetOwn), await mappingIn(order.dir))
  const rejects = await Rejects.open(order.rejectsPath, order.origins)
  try {
    const result = await inTransaction(store, async ({ client }) => {
      const regionId = await enterRegion(client, order.region)
      const programmes = await programmesWith(client, regionId, datasetOwn)
      const sha256 = contentSha256Of(await reading, await choicesOf(datasetOwn, documents, codes, pseudonymKey))
      const shared = {
        region: order.region,
        regionId,
        unknownColumns: unknownColumnsOf(files),
        rejectsPath: order.rejectsPath,
        warningsPath: rejects.warningsPath,
      }
      const before = await findDelivery(client, regionId, sha256, given)
      if (before) return { ...shared, ...repeated(before), issues: before }

      const work = { client, files, order, maxRejects, programmes, codes, pseudonymKey, rejects, progress }
      const { plan, context, done, deliveredOn } = await importFiles(work, regionId, given)
      const practices = (patients: ReadonlySet<string>) => practicesOf(client, regionId, patients, files, pseudonymKey)
      await rejects.complete(practices)
      await recordDelivery(client, plan, deliveredOn, sha256, await rejects.gzipped(), done)
      await recordServers(client, regionId, plan.deliveryId, order.servers ?? [])
      await context.unitUsage.record(client, plan.deliveryId)
      await appendDefinitions(client, regionId, plan.deliveryId, datasetOwn)
      await appendDocuments(client, regionId, plan.deliveryId, documents)
      return {
        ...shared,
        deliveryId: plan.deliveryId,
        deliveredOn,
        imported: true,
        files: done.map(countOf),
        lost: await lostOf(client, regionId, context),
        issues: null,
      }
    })
    return await finish(store, result, rejects)
  } catch (error) {
    // both files are kept when they explain why the import failed
    if (error instanceof Refusal && KEEPS_REJECTS.includes(error.code)) await rejects.keep()
    else await rejects.discard()
    throw error
  }
}

const KEEPS_REJECTS: readonly RefusalCode[] = ['too_many_rejects', 'nothing_left']

/** After the commit: rejects.csv and warnings.csv in place, and fresh statistics for the planner. */
async function finish(
  store: Store,
  { issues: earlier, ...result }: ImportResult & { readonly issues: StoredIssues | null },
  rejects: Rejects,
): Promise<ImportResult> {
  if (earlier === null) {
    await rejects.keep()
    await gatherStatistics(store)
  } else {
    await rejects.discard()
    await restoreRejects(result.rejectsPath, earlier)
  }
  return result
}

/** A third of the usual sample: until autovacuum gathers its own statistics, the planner needs little more than row counts. */
const gatherStatistics = (store: Store): Promise<void> =>
  inTransaction(store, async ({ client }) => {
    await client.query('set local default_statistics_target = 30')
    await client.query(`analyze ${FACT_FILES.map(({ table }) => `${table}, superseded_${table}`).join(', ')}`)
  })

function shareOf(maxRejects: number): number {
  if (maxRejects >= 0 && maxRejects <= 1) return maxRejects
  throw new Refusal('invalid_max_rejects', `--max-rejects ${maxRejects}: not a share; it should lie between 0 and 1.`)
}

function keyOf(pseudonymKey: string | undefined): string | null {
  if (pseudonymKey === '')
    throw new Refusal('no_pseudonym_key', '--pseudonymise needs a key; put it in WINST_PSEUDONYM_KEY.')
  return pseudonymKey ?? null
}

function refuseBsnColumns(files: readonly DatasetFile[], pseudonymKey: string | null): void {
  if (pseudonymKey !== null) return
  for (const { name, header } of files)
    if (header.columns.includes('bsn'))
      throw new Refusal(
        'citizen_numbers',
        `${name}, line 1: column bsn. Citizen numbers are never stored: leave the column out, or import with --pseudonymise and a key in WINST_PSEUDONYM_KEY.`,
        { file: name, column: 'bsn' },
      )
}

/** Everything besides the files' bytes that determines the stored rows. */
const choicesOf = async (
  datasetOwn: readonly ProgrammeFile[],
  documents: readonly RegionDocument[],
  codes: Codes,
  pseudonymKey: string | null,
): Promise<unknown> => ({
  layout: 2,
  codes: codes.documents,
  builtIn: await builtInProgrammes(),
  own: datasetOwn.map(({ document }) => document),
  ...(documents.length > 0 && { documents }),
  pseudonyms:
    pseudonymKey === null ? null : createHash('sha256').update(`winst pseudonym key ${pseudonymKey}`).digest('hex'),
})

const countOf = ({ name, rows, rejected, warnings, appended }: ImportedFile): FileCount => ({
  file: name,
  rows,
  accepted: rows - rejected,
  rejected,
  unchanged: rows - rejected - appended,
  warnings,
})

const nobody: Lost = { patients: 0, practices: 0, patientsAt: [], practicesAt: [] }

const repeated = ({ deliveryId, deliveredOn, files }: EarlierDelivery) => ({
  deliveryId,
  deliveredOn,
  imported: false,
  lost: nobody,
  files: files.map(({ name, rows, rejected }) => ({
    file: name,
    rows,
    accepted: rows - rejected,
    rejected,
    unchanged: rows - rejected,
    warnings: 0,
  })),
})
