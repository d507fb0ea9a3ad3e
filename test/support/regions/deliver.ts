/** Rows straight into the store, as an import would write them: for tests of what reads them. */
import { createHash } from 'node:crypto'
import type { Store } from '../../../data/postgres/database.ts'
import { shardOf } from '../../../engine/panel/shard.ts'

/** A region's rows, each in the order of interface.md 1; null where a column is left out. */
export interface Delivered {
  readonly partners?: readonly (readonly [id: string, name: string, kind: string, memberOf?: string])[]
  readonly patients?: readonly (readonly [
    id: string,
    birthYear: number,
    sex: string,
    insurer?: string | null,
    diedOn?: string | null,
  ])[]
  readonly enrolments?: readonly (readonly [
    patient: string,
    programme: string,
    partner: string,
    startedOn: string,
    endedOn?: string | null,
    endReason?: string | null,
    mainPractitioner?: string | null,
  ])[]
  readonly observations?: readonly (readonly [
    patient: string,
    measure: string,
    on: string,
    value: number,
    partner?: string,
  ])[]
  readonly conditions?: readonly (readonly [
    patient: string,
    system: string,
    code: string,
    onset: string,
    resolved?: string,
  ])[]
  readonly medications?: readonly (readonly [patient: string, atc: string, since: string, until?: string])[]
  readonly claims?: readonly (readonly [
    id: string,
    patient: string,
    partner: string,
    on: string,
    code: string,
    quantity: number,
    cents: number,
  ])[]
  readonly quality?: readonly (readonly [partner: string, gate: string, value: string, period?: string])[]
}

/** Delivers the rows on a day; what an earlier delivery said about the same keys is superseded.
 *  @returns the region's id */
export async function deliver(store: Store, region: string, deliveredOn: string, rows: Delivered): Promise<number> {
  const { pool } = store
  const insert = async (sql: string, values: readonly unknown[]) => (await pool.query(sql, [...values])).rows[0]
  await insert('insert into region (name) values ($1) on conflict do nothing', [region])
  const { region_id } = await insert('select region_id from region where name = $1', [region])
  const content = createHash('sha256')
    .update(JSON.stringify([deliveredOn, rows]))
    .digest('hex')
  const { delivery_id } = await insert(
    'insert into delivery (region_id, delivered_on, content_sha256) values ($1, $2, $3) returning delivery_id',
    [region_id, deliveredOn, content],
  )
  const fileOf = async (name: string, count: number): Promise<number> =>
    (
      await insert(
        'insert into source_file (delivery_id, name, rows, rejected) values ($1, $2, $3, 0) returning source_file_id',
        [delivery_id, name, count],
      )
    ).source_file_id
  const ids = (rows.patients ?? []).map(([id]) => id)
  await insert(
    'insert into patient (region_id, patient_id, shard) select $1, * from unnest($2::text[], $3::int[]) on conflict do nothing',
    [region_id, ids, ids.map(shardOf)],
  )
  for (const measure of new Set((rows.observations ?? []).map((row) => row[1])))
    await insert('insert into measure_key (key) values ($1) on conflict do nothing', [measure])
  const patients = new Map<string, number>(
    (await pool.query('select patient_id, patient_key from patient where region_id = $1', [region_id])).rows.map(
      (row) => [row.patient_id, row.patient_key],
    ),
  )
  const measures = new Map<string, number>(
    (await pool.query('select key, measure_id from measure_key')).rows.map((row) => [row.key, row.measure_id]),
  )
  const put = async (file: string, table: string, columns: string, key: string, lines: readonly unknown[][]) => {
    if (lines.length === 0) return
    const source = await fileOf(file, lines.length)
    const values = lines.flatMap((line, at) => [region_id, delivery_id, source, at + 2, ...line])
    const width = values.length / lines.length
    const place = (at: number) =>
      `(${Array.from({ length: width }, (_, each) => `$${at * width + each + 1}`).join(', ')})`
    await insert(
      `insert into ${table} (region_id, delivery_id, source_file_id, line, ${columns}) values ${lines.map((_, at) => place(at)).join(', ')}`,
      values,
    )
    const same = key.split(', ').map((name) => `older.${name} is not distinct from newer.${name}`)
    await pool.query(
      `insert into superseded_${table} (region_id, ${key}, delivery_id, by_delivery_id)
       select distinct older.region_id, ${key
         .split(', ')
         .map((name) => `older.${name}`)
         .join(', ')}, older.delivery_id, newer.delivery_id
         from ${table} older join ${table} newer on older.region_id = newer.region_id and ${same.join(' and ')}
        where newer.delivery_id = $1 and older.delivery_id < $1 on conflict do nothing`,
      [delivery_id],
    )
  }
  const pad = (row: readonly unknown[], length: number) => Array.from({ length }, (_, at) => row[at] ?? null)
  const key = (id: string) => patients.get(id)
  await put(
    'partners.csv',
    'partner',
    'partner_id, name, kind, member_of',
    'partner_id',
    (rows.partners ?? []).map((row) => pad(row, 4)),
  )
  await put(
    'patients.csv',
    'patient_state',
    'patient_key, birth_year, sex, insurer, died_on',
    'patient_key',
    (rows.patients ?? []).map(([id, ...row]) => [key(id), ...pad(row, 4)]),
  )
  await put(
    'enrolments.csv',
    'enrolment',
    'patient_key, programme, partner_id, started_on, ended_on, end_reason, main_practitioner',
    'patient_key, programme',
    (rows.enrolments ?? []).map(([id, ...row]) => [key(id), ...pad(row, 6)]),
  )
  await put(
    'observations.csv',
    'observation',
    'patient_key, measure_id, observed_on, value, partner_id',
    'patient_key, measure_id, observed_on',
    (rows.observations ?? []).map(([id, measure, ...row]) => [key(id), measures.get(measure), ...pad(row, 3)]),
  )
  await put(
    'conditions.csv',
    'condition_episode',
    'patient_key, code_system, code, onset_on, resolved_on',
    'patient_key, code_system, code, onset_on',
    (rows.conditions ?? []).map(([id, ...row]) => [key(id), ...pad(row, 4)]),
  )
  await put(
    'medications.csv',
    'medication',
    'patient_key, atc, started_on, ended_on',
    'patient_key, atc, started_on',
    (rows.medications ?? []).map(([id, ...row]) => [key(id), ...pad(row, 3)]),
  )
  await put(
    'claims.csv',
    'claim',
    'claim_id, patient_key, partner_id, performed_on, code, quantity, amount_cents',
    'claim_id',
    (rows.claims ?? []).map(([id, patient, ...row]) => [id, key(patient), ...row]),
  )
  await put(
    'quality.csv',
    'quality',
    'partner_id, gate, value, period',
    'partner_id, gate, period',
    (rows.quality ?? []).map((row) => pad(row, 4)),
  )
  return region_id
}
