/** One file of a dataset, from its bytes to the facts. */
import type { ClientBase } from 'pg'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { readCsv } from '../files/csv.ts'
import type { DatasetFile } from './dataset-files.ts'
import { nextId } from '../region/delivery.ts'
import type { DeliveryPlan, FinishedFile } from '../region/delivery.ts'
import { Faults } from './rows/faults.ts'
import type { FactFile } from './rows/fact-files.ts'
import type { ImportContext } from './rows/import-context.ts'
import { rejectOverlaps, resolvePartners, resolvePatients } from './people.ts'
import { append, rejectContradictions, rejectDuplicates } from './reconcile.ts'
import type { Rejects } from './rows/rejects.ts'
import { rejectContraryToRulings } from './rulings-in-force.ts'
import { DuplicateFilter } from './duplicate-filter.ts'
import { createStage, Stage } from './stage.ts'
import type { DirectTarget } from './stage.ts'

export interface DeliveryInProgress {
  readonly plan: DeliveryPlan
  readonly context: ImportContext
  readonly rejects: Rejects
  readonly maxRejects: number
  readonly deliveredRows?: ReadonlyMap<string, number> | undefined
  readonly bytesRead: (bytes: number) => void
}

export interface ImportedFile extends FinishedFile {
  /** rows that were new or changed */
  readonly appended: number
}

/** Imports one file; what it may refer to was imported before it.
 *  @throws Refusal `citizen_numbers`, `too_many_rejects`, and those of reading */
export async function importFile(
  client: ClientBase,
  file: DatasetFile,
  delivery: DeliveryInProgress,
): Promise<ImportedFile> {
  const { plan, context } = delivery
  const faults = new Faults(file.name, delivery.rejects)
  const origin = { ...plan, sourceFileId: await nextId(client, 'source_file') }
  const direct = plan.latest === null && file.fact.distinguishing !== null ? origin : null
  await createStage(client, file.fact)
  const stage = await readInto(client, file, faults, delivery, direct)
  refuseCitizenNumbers(file, context)
  if (stage.possibleDuplicates > 0) await rejectDuplicates(client, file.fact, faults, direct)
  if (stage.possibleDuplicates > 0 || !direct) await rejectContradictions(client, file.fact, faults, direct)
  await rejectContraryToRulings(client, file.fact, plan.regionId, faults)
  const fact = await resolvePeople(client, file.fact, plan.regionId, faults, context)
  refuseTooMany(file, stage.rows, faults, delivery)
  const appended = (direct ? stage.sent : 0) + (await append(client, fact, origin))
  await faults.flush()
  return {
    sourceFileId: origin.sourceFileId,
    name: file.name,
    rows: stage.rows,
    rejected: faults.rejectedRows,
    appended,
  }
}

async function readInto(
  client: ClientBase,
  { fact, path, name, bytes, header }: DatasetFile,
  faults: Faults,
  { context, bytesRead }: DeliveryInProgress,
  direct: DirectTarget | null,
): Promise<Stage> {
  let stage: Stage | undefined
  try {
    await readCsv(
      path,
      name,
      header,
      () => {
        const duplicates = new DuplicateFilter(rowsAbout(bytes, path))
        return (stage = new Stage(client, fact, header, faults, context, duplicates, direct))
      },
      bytesRead,
    )
    invariant(stage, 'a file that was read has a header')
    await stage.end()
    return stage
  } catch (error) {
    stage?.abandon()
    throw error
  }
}

/** How many rows a file may have: 30 bytes each, a tenth of that when gzipped. */
const rowsAbout = (bytes: number, path: string): number => bytes / (path.endsWith('.gz') ? 3 : 30)

async function resolvePeople(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  faults: Faults,
  context: ImportContext,
): Promise<FactFile> {
  if (fact.table === 'partner') await resolvePartners(client, fact, regionId, faults, context)
  if (fact.table === 'enrolment') await rejectOverlaps(client, fact, faults, context)
  return fact.table === 'patient_state' ? resolvePatients(client, fact, regionId, context) : fact
}

function refuseCitizenNumbers({ fact, name }: DatasetFile, { bsn, patients }: ImportContext): void {
  if (fact.table !== 'patient_state' || patients.pseudonymous || !bsn.likely) return
  const { candidates, passed } = bsn.counts
  throw new Refusal(
    'citizen_numbers',
    `${name}, column patient_id: ${passed} of ${candidates} nine-digit ids pass the 11-test of citizen numbers (BSN), where chance gives 1 in 11. Citizen numbers are never stored: deliver pseudonyms, or import with --pseudonymise and a key in WINST_PSEUDONYM_KEY.`,
    { file: name, column: 'patient_id', candidates, passed },
  )
}

function refuseTooMany(
  { name }: DatasetFile,
  staged: number,
  faults: Faults,
  { maxRejects, rejects, deliveredRows }: DeliveryInProgress,
): void {
  const { rejectedRows, commonest } = faults
  const rows = Math.max(staged, deliveredRows?.get(name) ?? 0)
  if (rejectedRows <= maxRejects * rows) return
  throw new Refusal(
    'too_many_rejects',
    `${name}: ${rejectedRows} of ${rows} rows rejected, more than --max-rejects ${maxRejects} allows; nothing is kept. Most often, ${commonest}. Every fault stands in ${rejects.path}.`,
    { file: name, rows, rejected: rejectedRows, maxRejects },
  )
}
