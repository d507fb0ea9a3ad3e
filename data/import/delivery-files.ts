/** Every file of a delivery, in order, with what they share; begun anew where lone dates turn out to be in the future. */
import type { ClientBase } from 'pg'
import { measuresOf } from '../../engine/contract/programme-rules.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { BsnDetector } from '../files/bsn.ts'
import { readSuspicions } from '../profile/suspicions.ts'
import { deliveredOnOf, planDelivery } from '../region/delivery.ts'
import type { DeliveryPlan } from '../region/delivery.ts'
import type { Codes } from '../vocabulary/codes.ts'
import type { DatasetFile } from './dataset-files.ts'
import { importFile } from './file.ts'
import type { ImportedFile, LostPatient } from './file.ts'
import { practicesOf } from './practices.ts'
import { Patients } from './rows/import-context.ts'
import type { ImportContext, StoredMeasure } from './rows/import-context.ts'
import { DatedRows } from './rows/dated-rows.ts'
import { Lifetimes } from './rows/lifetimes.ts'
import type { Rejects } from './rows/rejects.ts'
import { UnitUsage } from './rows/unit-usage.ts'

/** Whom the delivery was to bring, and whose own row was rejected: everything about them fell too. */
export interface Lost {
  readonly patients: number
  readonly practices: number
  /** where the first of them stand, and why they are gone */
  readonly patientsAt: readonly string[]
  readonly practicesAt: readonly string[]
}

export interface ImportProgress {
  readonly file: string
  /** of all files of the dataset, on disk */
  readonly bytesRead: number
  readonly bytesTotal: number
}

export interface Work {
  readonly client: ClientBase
  readonly files: readonly DatasetFile[]
  readonly order: {
    readonly deliveredRows?: ReadonlyMap<string, number> | undefined
    readonly lostPatients?: readonly LostPatient[] | undefined
  }
  readonly maxRejects: number
  readonly programmes: ReadonlyMap<string, Programme>
  readonly codes: Codes
  readonly pseudonymKey: string | null
  readonly rejects: Rejects
  readonly progress: (state: ImportProgress) => void
}

interface FilesImported {
  readonly plan: DeliveryPlan
  readonly context: ImportContext
  readonly done: readonly ImportedFile[]
  readonly deliveredOn: Day
}

/** Imports every file. Where nobody gave the day of the delivery and dates stand alone beyond the latest that does not, it begins anew with
 *  that day, for they are in the future. */
export async function importFiles(work: Work, regionId: number, given: Day | null): Promise<FilesImported> {
  const { client } = work
  const plan = await planDelivery(client, regionId)
  await client.query('savepoint before_files')
  const { context, done } = await importWith(work, plan, given)
  const { delivered } = context.datedRows
  if (given === null && delivered === '') await refuseWithoutDates(work, plan, done)
  const deliveredOn = deliveredOnOf(plan, given, delivered)
  if (given !== null || !context.datedRows.isAfter(deliveredOn)) return { plan, context, done, deliveredOn }
  await client.query('rollback to savepoint before_files')
  await work.rejects.restart()
  return { plan, deliveredOn, ...(await importWith(work, plan, deliveredOn)) }
}

/** Where so little is left that no date has others near it, why it was rejected is the cause to tell.
 *  @throws Refusal `nothing_left` */
async function refuseWithoutDates(work: Work, plan: DeliveryPlan, done: readonly ImportedFile[]): Promise<void> {
  const { client, files, rejects, pseudonymKey } = work
  // Files come in the order in which one refers to another: the first with faults is where they began.
  const root = done.find(({ rejected }) => rejected > 0)
  if (root === undefined) return
  await rejects.complete((patients) => practicesOf(client, plan.regionId, patients, files, pseudonymKey))
  throw new Refusal(
    'nothing_left',
    `${root.name}: ${root.rejected} of ${root.rows} rows rejected, and no date in what is left has others near it; nothing is kept. Most often, ${root.commonest}. Every fault stands in ${rejects.path}.`,
    { file: root.name, rows: root.rows, rejected: root.rejected },
  )
}

async function importWith(
  work: Work,
  plan: DeliveryPlan,
  delivered: Day | null,
): Promise<Pick<FilesImported, 'context' | 'done'>> {
  const { client, files, order, maxRejects, rejects, pseudonymKey } = work
  const context = await openContext(client, work, delivered)
  const report = progressOf(files, work.progress)
  const done: ImportedFile[] = []
  try {
    for (const file of files)
      done.push(
        await importFile(client, file, {
          plan,
          context,
          rejects,
          maxRejects,
          deliveredRows: order.deliveredRows,
          lostPatients: order.lostPatients ?? [],
          bytesRead: report(file),
        }),
      )
  } catch (error) {
    if (error instanceof Refusal && error.code === 'too_many_rejects')
      await rejects.complete((patients) => practicesOf(client, plan.regionId, patients, files, pseudonymKey))
    throw error
  }
  return { context, done }
}

/** Patients and practices that the delivery was to bring, and that the region does not have; patients who are in no programme because every
 *  enrolment of theirs was rejected, too. */
export async function lostOf(
  client: ClientBase,
  regionId: number,
  { lost, patients, partners }: ImportContext,
): Promise<Lost> {
  const { rows: placed } = await client.query<{ patient_id: string }>(
    `select distinct p.patient_id from patient p join enrolment e on e.region_id = p.region_id and e.patient_key = p.patient_key
     where p.region_id = $1 and p.patient_id = any ($2)`,
    [regionId, [...lost.unplaced.keys()]],
  )
  const enrolled = new Set(placed.map(({ patient_id }) => patient_id))
  const unplaced = [...lost.unplaced].filter(([id]) => !enrolled.has(id))
  const rowless = [...lost.patients].filter(([id]) => patients.keyOfStored(id) < 0)
  const gone = [...new Map([...unplaced, ...rowless])]
  const practices = [...lost.partners].filter(([id]) => !partners.has(id))
  const because = (place: string) => `${place}: ${lost.reasons.get(place) ?? 'rejected'}`
  const shown = (places: readonly (readonly [string, string])[]) =>
    places.slice(0, mostShown).map(([, place]) => because(place))
  return {
    patients: gone.length,
    practices: practices.length,
    patientsAt: shown(gone),
    practicesAt: practices.slice(0, mostShown).map(([id, place]) => `${id} (${because(place)})`),
  }
}

const mostShown = 5

async function openContext(
  client: ClientBase,
  { programmes, codes, pseudonymKey }: Work,
  delivered: Day | null,
): Promise<ImportContext> {
  const measures = measuresOf(programmes)
  const keys = [...measures.keys()]
  await client.query(
    `insert into measure_key (key) select key from unnest($1::text[]) with ordinality as m (key, place)
     where not exists (select from measure_key k where k.key = m.key) order by place on conflict (key) do nothing`,
    [keys],
  )
  const { rows } = await client.query<{ measure_id: number; key: string }>('select measure_id, key from measure_key')
  const storedMeasures = new Map<string, StoredMeasure>()
  for (const { measure_id, key } of rows) {
    const measure = measures.get(key)
    if (measure) storedMeasures.set(key, { id: measure_id, measure })
  }
  return {
    patients: new Patients(pseudonymKey),
    partners: new Set(),
    programmes: new Set(programmes.keys()),
    measures: storedMeasures,
    bsn: new BsnDetector(),
    suspicions: await readSuspicions(),
    unitUsage: new UnitUsage(),
    codes,
    lifetimes: new Lifetimes(),
    lost: { patients: new Map(), partners: new Map(), unplaced: new Map(), reasons: new Map() },
    datedRows: new DatedRows(),
    delivered,
  }
}

function progressOf(files: readonly DatasetFile[], progress: (state: ImportProgress) => void) {
  const bytesTotal = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let bytesRead = 0
  return ({ name }: DatasetFile) =>
    (bytes: number) => {
      bytesRead += bytes
      progress({ file: name, bytesRead, bytesTotal })
    }
}
