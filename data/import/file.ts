/** One file of a dataset, from its bytes to the facts. */
import type { ClientBase } from 'pg'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { readCsv } from '../files/csv.ts'
import type { DatasetFile } from './dataset-files.ts'
import { nextId } from '../region/delivery.ts'
import type { DeliveryPlan, FinishedFile } from '../region/delivery.ts'
import { Faults } from './rows/faults.ts'
import type { FactFile } from './rows/fact-files.ts'
import type { Known } from './rows/import-context.ts'
import { rejectOverlaps, settlePartners, settlePatients } from './people.ts'
import { append, rejectContradictions, rejectDuplicates } from './reconcile.ts'
import type { Rejects } from './rows/rejects.ts'
import { rejectRuled } from './rulings-in-force.ts'
import { Seen } from './duplicate-filter.ts'
import { createStage, Stage } from './stage.ts'
import type { Straight } from './stage.ts'

export interface Surroundings {
  readonly plan: DeliveryPlan
  readonly known: Known
  readonly rejects: Rejects
  readonly maxRejects: number
  readonly deliveredRows?: ReadonlyMap<string, number> | undefined
  readonly bytesRead: (bytes: number) => void
}

export interface ImportedFile extends FinishedFile {
  /** rows that were new or told otherwise than before */
  readonly appended: number
}

/** Imports one file; what it may refer to was imported before it.
 *  @throws Refusal `citizen_numbers`, `too_many_rejects`, and those of reading */
export async function importFile(client: ClientBase, file: DatasetFile, around: Surroundings): Promise<ImportedFile> {
  const { plan, known } = around
  const faults = new Faults(file.name, around.rejects)
  const origin = { ...plan, sourceFileId: await nextId(client, 'source_file') }
  const straight = plan.latest === null && file.fact.apart !== null ? origin : null
  await createStage(client, file.fact)
  const stage = await readInto(client, file, faults, around, straight)
  refuseCitizenNumbers(file, known)
  if (stage.suspects > 0) await rejectDuplicates(client, file.fact, faults, straight)
  if (stage.suspects > 0 || !straight) await rejectContradictions(client, file.fact, faults, straight)
  await rejectRuled(client, file.fact, plan.regionId, faults)
  const fact = await settlePeople(client, file.fact, plan.regionId, faults, known)
  refuseTooMany(file, stage.rows, faults, around)
  const appended = (straight ? stage.sent : 0) + (await append(client, fact, origin))
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
  { fact, path, name, bytes }: DatasetFile,
  faults: Faults,
  { known, bytesRead }: Surroundings,
  straight: Straight | null,
): Promise<Stage> {
  let stage: Stage | undefined
  try {
    await readCsv(
      path,
      name,
      (header) => {
        const seen = new Seen(rowsAbout(bytes, path))
        return (stage = new Stage(client, fact, header, faults, known, seen, straight))
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

async function settlePeople(
  client: ClientBase,
  fact: FactFile,
  regionId: number,
  faults: Faults,
  known: Known,
): Promise<FactFile> {
  if (fact.table === 'partner') await settlePartners(client, fact, regionId, faults, known)
  if (fact.table === 'enrolment') await rejectOverlaps(client, fact, faults, known)
  return fact.table === 'patient_state' ? settlePatients(client, fact, regionId, known) : fact
}

function refuseCitizenNumbers({ fact, name }: DatasetFile, { bsn, patients }: Known): void {
  if (fact.table !== 'patient_state' || patients.pseudonymous || !bsn.alarmed) return
  const { candidates, passed } = bsn.found
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
  { maxRejects, rejects, deliveredRows }: Surroundings,
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
