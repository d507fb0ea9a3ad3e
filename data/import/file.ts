/** One file of a dataset, from its bytes to the facts. */
import type { ClientBase } from 'pg'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { readCsv } from '../files/csv.ts'
import type { DatasetFile } from './dataset-files.ts'
import { nextId } from '../region/delivery.ts'
import type { DeliveryPlan, FinishedFile } from '../region/delivery.ts'
import type { Header } from '../files/header.ts'
import type { Origin } from '../files/origins.ts'
import { surveyOf } from './rows/column-survey.ts'
import type { ColumnForms } from './rows/column-survey.ts'
import { Faults } from './rows/faults.ts'
import { decimalSign } from './rows/notes.ts'
import { NOBODY } from './rows/rejects.ts'
import type { FactFile } from './rows/fact-file.ts'
import type { ImportContext } from './rows/import-context.ts'
import { rejectChainFaults } from './chain-rows.ts'
import { rejectOverlaps, resolvePartners, resolvePatients } from './people.ts'
import { append, rejectContradictions, rejectDuplicates } from './reconcile.ts'
import type { Rejects } from './rows/rejects.ts'
import { rejectContraryToRulings } from './rulings-in-force.ts'
import { DuplicateFilter } from './duplicate-filter.ts'
import { Stage } from './stage.ts'
import { createStage } from './staging-table.ts'
import type { DirectTarget } from './staging-table.ts'

export interface DeliveryInProgress {
  readonly plan: DeliveryPlan
  readonly context: ImportContext
  readonly rejects: Rejects
  readonly maxRejects: number
  readonly deliveredRows?: ReadonlyMap<string, number> | undefined
  readonly lostPatients: readonly LostPatient[]
  readonly bytesRead: (bytes: number) => void
}

/** A patient of a converted source without a row, as required data are missing. */
export interface LostPatient {
  readonly id: string
  /** without a birth date, say */
  readonly why: string
  readonly origin: Origin
}

export interface ImportedFile extends FinishedFile {
  /** rows of warnings.csv */
  readonly warnings: number
  /** rows that were new or changed */
  readonly appended: number
  /** the most frequent fault */
  readonly commonest: string
}

/** Imports one file; what it may refer to was imported before it.
 *  @throws Refusal `citizen_numbers`, `too_many_rejects`, and those of reading */
export async function importFile(
  client: ClientBase,
  file: DatasetFile,
  delivery: DeliveryInProgress,
): Promise<ImportedFile> {
  const { plan, context } = delivery
  const faults = new Faults(file.name, delivery.rejects, file.header, (id) => context.patients.storedId(id))
  tellHeader(file, faults)
  if (file.fact.table === 'patient_state') loseAtSource(delivery, faults)
  const origin = { ...plan, sourceFileId: await nextId(client, 'source_file') }
  const direct = plan.latest === null && file.fact.distinguishing !== null ? origin : null
  await createStage(client, file.fact)
  const stage = await readInto(client, file, faults, delivery, direct)
  faults.at(null)
  refuseCitizenNumbers(file, context)
  if (stage.possibleDuplicates > 0) await rejectDuplicates(client, file.fact, faults, direct)
  if (stage.possibleDuplicates > 0 || !direct) await rejectContradictions(client, file.fact, faults, direct)
  await rejectContraryToRulings(client, file.fact, plan.regionId, faults)
  const fact = await resolvePeople(client, file.fact, plan, faults, context)
  refuseTooMany(file, stage.rows, faults, delivery)
  const appended = (direct ? stage.sent : 0) + (await append(client, fact, origin))
  faults.tellNotes()
  if (stage.rows === 0 && file.fact.required && faults.lost === 0)
    faults.warn(file.header.line, '', '', 'no rows; the file has a header and nothing else', NOBODY)
  if (stage.credits > 0) await tellLoneCredits(client, plan, faults)
  await faults.flush()
  return {
    sourceFileId: origin.sourceFileId,
    name: file.name,
    // A person whom the source told without what a row needs was delivered too.
    rows: stage.rows + faults.lost,
    rejected: faults.rejectedRows + faults.lost,
    warnings: faults.warnings,
    appended,
    commonest: faults.commonest,
  }
}

/** What of the header is not as the interface has it. */
function tellHeader({ header }: DatasetFile, faults: Faults): void {
  if (header.above > 0) faults.warn(header.line, '', '', `lines above the header passed over: ${header.above}`, NOBODY)
  for (const { column, written } of header.renamed)
    faults.warn(header.line, '', '', `header ${written} read as ${column}`, NOBODY)
}

function tellSigns({ columns, delimiter, line }: Header, forms: ColumnForms, faults: Faults): void {
  const own = delimiter === ';' ? ',' : '.'
  for (const column of columns) {
    const sign = forms.sign(column)
    if (sign !== own) faults.warn(line, column, '', decimalSign(sign).reason(0), NOBODY)
  }
}

/** Patients without a row: reported as rejects of this file, as all their other rows are rejected with them. */
function loseAtSource({ rejects, context, lostPatients }: DeliveryInProgress, faults: Faults): void {
  for (const { id, why, origin } of lostPatients) {
    const patient = context.patients.storedId(id)
    const reason = `the source tells this patient ${why}`
    rejects.addAt(
      origin,
      { file: 'patients.csv', line: 0, column: 'patient_id', value: patient, reason },
      {
        partner: '',
        patient,
      },
    )
    const place = `${origin.file}, line ${origin.line}`
    context.lost.patients.set(patient, place)
    context.lost.reasons.set(place, reason)
    faults.lose('patient_id', reason)
  }
}

/** Credits of claims that the region does not have: they count, and stand alone. */
async function tellLoneCredits(
  client: ClientBase,
  { regionId, deliveryId }: DeliveryPlan,
  faults: Faults,
): Promise<void> {
  const { rows } = await client.query<{ line: number; claim_id: string; partner: string; patient: string }>(
    `select c.line, c.claim_id, c.partner_id as partner, p.patient_id as patient
       from claim c join patient p using (region_id, patient_key)
      where c.region_id = $1 and c.delivery_id = $2 and c.is_credit
        and not exists (select from claim o where o.region_id = $1 and o.claim_id = c.claim_id and not o.is_credit)
      order by c.line`,
    [regionId, deliveryId],
  )
  for (const { line, claim_id, partner, patient } of rows)
    faults.warn(line, 'claim_id', claim_id, `a credit of ${claim_id}, which is not in the region`, { partner, patient })
}

async function readInto(
  client: ClientBase,
  { fact, path, name, bytes, header }: DatasetFile,
  faults: Faults,
  { context, bytesRead }: DeliveryInProgress,
  direct: DirectTarget | null,
): Promise<Stage> {
  const forms = await surveyOf(path, name, fact.file, header)
  tellSigns(header, forms, faults)
  let stage: Stage | undefined
  try {
    await readCsv(
      path,
      name,
      header,
      () => {
        const duplicates = new DuplicateFilter(rowsAbout(bytes, path))
        return (stage = new Stage(client, fact, header, faults, context, duplicates, direct, forms))
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
  plan: DeliveryPlan,
  faults: Faults,
  context: ImportContext,
): Promise<FactFile> {
  if (fact.table === 'partner') await resolvePartners(client, fact, plan.regionId, faults, context)
  if (fact.table === 'enrolment') await rejectOverlaps(client, fact, faults, context)
  await rejectChainFaults(client, fact, faults)
  return fact.table === 'patient_state' ? resolvePatients(client, fact, plan, context) : fact
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
  const { commonest } = faults
  const rejectedRows = faults.rejectedRows + faults.lost
  const rows = Math.max(staged, deliveredRows?.get(name) ?? 0)
  if (rejectedRows <= maxRejects * rows) return
  throw new Refusal(
    'too_many_rejects',
    `${name}: ${rejectedRows} of ${rows} rows rejected, more than --max-rejects ${maxRejects} allows; nothing is kept. Most often, ${commonest}. Every fault stands in ${rejects.path}.`,
    { file: name, rows, rejected: rejectedRows, maxRejects },
  )
}
