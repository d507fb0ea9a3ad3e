import { afterAll, expect, test } from 'vitest'
import { deliver } from '../../support/regions/deliver.ts'
import { liveStore } from '../../support/services/live.ts'

const store = await liveStore()
afterAll(() => store.close())

const regionId = await deliver(store, 'here', '2025-01-01', {
  patients: [['a', 1950, 'm']],
  partners: [['p', 'P', 'gp_practice']],
})
const elsewhere = await deliver(store, 'elsewhere', '2025-01-01', { patients: [['b', 1950, 'm']] })
const keyOf = async (region: number) =>
  (await store.pool.query('select patient_key from patient where region_id = $1', [region])).rows[0]
    .patient_key as number

/** Stays of one patient, written in one statement each list. */
const stays = (key: number, delivery: number, ...rows: readonly (readonly [string, string | null])[]) =>
  store.pool.query(
    `insert into enrolment (region_id, patient_key, programme, partner_id, started_on, ended_on, delivery_id, source_file_id, line)
     select $1, $2, 'dm2', 'p', started_on, ended_on, $3, 1, 1 from unnest($4::date[], $5::date[]) s (started_on, ended_on)`,
    [regionId, key, delivery, rows.map(([since]) => since), rows.map(([, until]) => until)],
  )

test('the database refuses stays that overlap, within a statement and across, and takes those that touch or are empty', async () => {
  const key = await keyOf(regionId)
  const overlap = { code: '23P01' }
  await expect(stays(key, 100, ['2023-01-01', '2024-01-01'], ['2023-12-31', null])).rejects.toMatchObject(overlap)
  await stays(key, 101, ['2023-01-01', '2024-01-01'], ['2024-01-01', null], ['2023-06-01', '2023-06-01'])
  await expect(stays(key, 101, ['2022-01-01', '2023-01-02'])).rejects.toMatchObject(overlap)
  await expect(stays(key, 101, ['2030-01-01', null])).rejects.toMatchObject(overlap)
  await stays(key, 101, ['2022-01-01', '2023-01-01'])
  await stays(key, 102, ['2023-01-01', null]) // another delivery may tell otherwise
})

test('the database refuses people whom the region does not have', async () => {
  const unknown = { code: '23503' }
  await expect(stays(2_000_000_000, 103, ['2023-01-01', null])).rejects.toMatchObject(unknown)
  await expect(stays(await keyOf(elsewhere), 103, ['2023-01-01', null])).rejects.toMatchObject(unknown)
  const state = `insert into patient_state (region_id, patient_key, birth_year, sex, delivery_id, source_file_id, line) values ($1, $2, 1950, 'm', 103, 1, 1)`
  await expect(store.pool.query(state, [regionId, 2_000_000_000])).rejects.toMatchObject(unknown)
  const patient = `insert into patient (region_id, patient_id, shard) values ($1, 'x', 0)`
  await expect(store.pool.query(patient, [2_000_000_000])).rejects.toMatchObject(unknown)
})
