/** The source rows of a patient as known on a day, each with its file and line. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import type { AssessedPatient } from '../../engine/explain/patient-receipt.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction } from '../postgres/transaction.ts'

/** One row of the store, and its origin. */
export interface SourcedRow {
  /** the file of interface.md 1 without its ending: `observations` */
  readonly table: string
  readonly file: string
  /** 1-based; the header is line 1 */
  readonly line: number
  readonly deliveredOn: Day
  readonly values: Readonly<Record<string, string | number | boolean | null>>
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
  rows.push(...(await rulingsOf(store, { regionId, asOf, patientId })))
  return rows
}

/** Rulings about a patient up to a day, which explain rows without a file and removed rows. */
async function rulingsOf(
  store: Pick<Store, 'db'>,
  { regionId, asOf, patientId }: { readonly regionId: number; readonly asOf: Day; readonly patientId: string },
): Promise<SourcedRow[]> {
  const { rows } = await sql<Omit<SourcedRow, 'table'>>`
    select f.name as file, 1 as line, y.delivered_on as "deliveredOn", jsonb_strip_nulls(jsonb_build_object(
        'kind', v.kind, 'partner_id', v.partner_id, 'measure', k.key, 'observed_on', v.observed_on, 'value', v.value,
        'ruled_by', r.ruled_by)) as values
      from ruling r join dispute d using (dispute_id) join dispute_preview v using (preview_id)
      join patient w using (patient_key) left join measure_key k using (measure_id)
      join delivery y on y.delivery_id = r.delivery_id join source_file f on f.delivery_id = y.delivery_id
     where w.region_id = ${regionId} and w.patient_id = ${patientId} and y.delivered_on <= ${asOf}
     order by r.seq`.execute(store.db)
  return rows.map((row) => ({ table: 'rulings', ...row }))
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

/** A settlement that a patient counts in, and the partner for whom. */
interface CountedIn {
  readonly settlementId: string
  readonly partnerId: string
}

/** For whom a patient counts in the contract year of each settlement, the latest settlement first: a member of a care group counts for the group. */
export async function settlementsOfPatient(
  store: Pick<Store, 'db'>,
  { regionId, patientId }: { readonly regionId: number; readonly patientId: string },
): Promise<CountedIn[]> {
  const { rows } = await sql<CountedIn>`
    select s.settlement_id as "settlementId", p.partner_id as "partnerId"
      from patient w join settlement s using (region_id) join run r using (run_id)
      cross join lateral (select distinct e.partner_no from measure_key k
        join expectation e on e.run_key = r.run_key and e.measure_id = k.measure_id and e.years_before = 0 and e.patient_key = w.patient_key) c
      join run_partner p on p.run_id = s.run_id and p.partner_no = c.partner_no
     where w.region_id = ${regionId} and w.patient_id = ${patientId}
     order by s.as_of desc, s.seq desc, p.partner_id collate "C"`.execute(store.db)
  return rows
}

/** What was expected of a partner's patients in the contract year and what happened, by patient_id, measure and index date. */
export async function assessedPatientsOf(
  store: Pick<Store, 'pool'>,
  { runId, partnerId, patientId, after, limit }: AssessedOrder,
): Promise<AssessedPatient[]> {
  return await inTransaction(store, async ({ client }) => {
    // What row-level security leaves cannot be foreseen, nor what a run holds that was written a moment ago: without
    // this order of the tables, all partners meet all insurers first (30 s where 0.15 s will do).
    await client.query(
      'set local enable_nestloop = off; set local enable_mergejoin = off; set local join_collapse_limit = 1',
    )
    const { rows } = await client.query<AssessedPatient>(
      `with asked as materialized (
         select r.run_id, e.run_key as asked_run, e.patient_key as asked_patient, p.partner_no as asked_partner, w.patient_id
           from run r
           join run_partner p on p.run_id = r.run_id and p.partner_id = $2
           join expectation e on e.run_key = r.run_key and e.partner_no = p.partner_no and e.years_before = 0
           join patient w using (patient_key)
          where r.run_id = $1 and ($3::text is null or w.patient_id = $3) and ($4::text is null or w.patient_id > $4 collate "C")
          group by r.run_id, e.run_key, e.patient_key, p.partner_no, w.patient_id
          order by w.patient_id collate "C" limit $5)
       select a.patient_id, g.partner_id as practice_id, i.insurer, k.key as measure, e.index_on, e.target_on, e.exposure_days,
          h.status::text, h.baseline, e.mean, e.sd, e.q05, e.q25, e.q50, e.q75, e.q95, h.realised, h.realised_on, e.expected_value,
          h.realised_value, h.gain, c.measured_probability, c.imputed_gain, c.contribution, m.model_id
         from asked a
         join expectation e on e.run_key = a.asked_run and e.years_before = 0 and e.patient_key = a.asked_patient and e.partner_no = a.asked_partner
         join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
         left join gain c using (run_key, measure_id, years_before, patient_key, index_no)
         join measure_key k using (measure_id)
         join run_partner g on g.run_id = a.run_id and g.partner_no = e.practice_no
         join run_insurer i on i.run_id = a.run_id and i.insurer_no = e.insurer_no
         left join run_model m on m.run_id = a.run_id and m.measure = k.key and m.years_elapsed = e.years_elapsed
        order by a.patient_id collate "C", k.key collate "C", e.index_no`,
      [runId, partnerId, patientId ?? null, after ?? null, limit ?? null],
    )
    return rows
  })
}
