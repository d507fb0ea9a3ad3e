/** From a number back to its rows: everything known about one patient, each row with its file and line. */
import { sql } from 'kysely'
import type { Day } from '../engine/calendar.ts'
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
