/** From a number back to its rows: everything known about one patient, each row with its file and line. */
import { sql } from 'kysely'
import type { Day } from '../engine/calendar.ts'
import type { AssessedPatient } from '../engine/patient-receipt.ts'
import type { Store } from './database.ts'

/** One row as it stands in the store, and where it came from. */
export interface SourcedRow {
  /** the file of interface.md 1 without its ending: `observations` */
  readonly table: string
  readonly file: string
  /** 1-based; the header is line 1 */
  readonly line: number
  readonly deliveredOn: Day
  readonly values: Readonly<Record<string, string | number | null>>
}

const tables = [
  ['patients', 'patient_state'],
  ['enrolments', 'enrolment'],
  ['observations', 'observation'],
  ['conditions', 'condition_episode'],
  ['medications', 'medication'],
  ['claims', 'claim'],
] as const

/** The rows of a patient as known on a day, table by table, in the order of their lines. */
export async function rowsOfPatient(
  store: Pick<Store, 'db'>,
  { regionId, asOf, patientId }: { readonly regionId: number; readonly asOf: Day; readonly patientId: string },
): Promise<SourcedRow[]> {
  const rows: SourcedRow[] = []
  for (const [table, source] of tables) {
    const known = sql.raw(`${source}_known`)
    const found = await sql<Omit<SourcedRow, 'table'>>`
      select f.name as file, t.line, d.delivered_on as "deliveredOn",
        to_jsonb(t) - array['region_id', 'patient_key', 'measure_id', 'delivery_id', 'source_file_id', 'line']
          || case when ${source} = 'observation'
               then jsonb_build_object('measure', (select key from measure_key where measure_id = (to_jsonb(t) ->> 'measure_id')::int))
               else '{}' end as values
      from ${known}(${regionId}, ${asOf}) t
      join patient p using (patient_key)
      join delivery d on d.delivery_id = t.delivery_id
      left join source_file f on f.source_file_id = t.source_file_id
      where p.region_id = ${regionId} and p.patient_id = ${patientId}
      order by d.delivered_on, t.delivery_id, t.source_file_id, t.line`.execute(store.db)
    rows.push(...found.rows.map((row) => ({ table, ...row })))
  }
  return rows
}

/** Which rows of a run's contract year: one partner's patients, or one of them; in pages. */
export interface AssessedOrder {
  readonly runId: string
  readonly partnerId: string
  readonly patientId?: string | undefined
  /** patients after this one */
  readonly after?: string | undefined
  /** patients at most */
  readonly limit?: number | undefined
}

/** What was expected of a partner's patients in the contract year and what happened, by patient_id and measure. */
export async function assessedPatientsOf(
  store: Pick<Store, 'pool'>,
  { runId, partnerId, patientId, after, limit }: AssessedOrder,
): Promise<AssessedPatient[]> {
  const { rows } = await store.pool.query<AssessedPatient>(
    `with asked as (
       select patient_key from assessment
        where run_id = $1 and partner_id = $2 and years_before = 0
          and ($3::text is null or patient_id = $3) and ($4::text is null or patient_id > $4 collate "C")
        group by patient_key, patient_id
        order by patient_id collate "C" limit $5)
     select patient_id, practice_id, insurer, measure, index_on, target_on, exposure_days, status::text, baseline,
        mean, sd, q05, q50, q95, realised, realised_on, expected_value, realised_value, gain,
        measured_probability, imputed_gain, contribution, model_id
       from assessment join asked using (patient_key)
      where run_id = $1 and years_before = 0
      order by patient_id collate "C", measure collate "C"`,
    [runId, partnerId, patientId ?? null, after ?? null, limit ?? null],
  )
  return rows
}
