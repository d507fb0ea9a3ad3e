/** Every table there is, found in the catalogue: a table that a migration adds is held to the same without a line here. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asIdentity } from '../../../data/access/request-store.ts'
import type { Role } from '../../../data/access/keys.ts'
import { appendEvent } from '../../../data/audit/audit-events.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { liveStore } from '../../support/services/live.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let store: Store
let noord: SettledRegion
let zuid: SettledRegion
beforeAll(async () => {
  store = await liveStore()
  noord = await settledRegion(store, 'noord')
  zuid = await settledRegion(store, 'zuid')
  for (const { settlement, world } of [noord, zuid]) {
    await releasedByHand(store, settlement.settlement_id)
    await appendEvent(store, {
      regionId: world.run.regionId,
      event: 'look',
      accessPoint: 'GET /v1/test',
      role: 'analyst',
      who: 'ann',
      onBehalfOf: null,
      credential: 'key',
      purpose: 'settlement',
      outcome: 'allowed',
      code: null,
      object: {},
      patients: ['p01-000'],
      everybody: null,
    })
  }
  for (const region of ['noord', 'zuid']) await tokenFor(store, 'analyst', 'ann', region)
})
afterAll(() => store.close())

const ASKERS = [
  ['analyst', 'ann'],
  ['auditor', 'aud'],
  ['administrator', 'ada'],
  ['insurer', '3311'],
  ['partner', 'p01'],
  ['researcher', 'rob'],
] as const satisfies readonly (readonly [Role, string])[]

/** Tables that a request sees all rows of, and why that tells nothing of anybody. */
const OPEN: Readonly<Record<string, string>> = {
  measure_key: 'names of measures, of no region',
  kysely_migration: 'which migrations have run; not granted to requests',
  kysely_migration_lock: 'of the migrator; not granted to requests',
}

interface Table {
  readonly name: string
  readonly guarded: boolean
  readonly granted: boolean
  readonly columns: string[]
}

/** What the catalogue says. */
async function tables(): Promise<Table[]> {
  const { rows } = await store.pool.query<Table>(
    `select c.relname::text as name, c.relrowsecurity as guarded,
        has_any_column_privilege('winst_request', c.oid, 'select') as granted,
        array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
               and has_column_privilege('winst_request', c.oid, a.attnum, 'select')) as columns
       from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by 1`,
  )
  return rows
}

const rowsAs = async (role: Role, subject: string, sql: string, values: readonly unknown[] = []) =>
  await asIdentity(store, { regionId: noord.world.run.regionId, role, subject }, async ({ pool }) => {
    return (await pool.query<Record<string, unknown>>(sql, [...values])).rows
  })

/** Values of the columns by which a row is somebody's, of the other region. */
async function foreignKeys(): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const { regionId, runId, runKey } = zuid.world.run
  const valuesOf = async (sql: string) =>
    (await store.pool.query<{ value: unknown }>(sql, [regionId])).rows.map(({ value }) => value)
  return {
    region_id: [regionId],
    run_id: [runId],
    run_key: [runKey],
    settlement_id: [zuid.settlement.settlement_id],
    patient_key: await valuesOf('select patient_key as value from patient where region_id = $1'),
    delivery_id: await valuesOf('select delivery_id as value from delivery where region_id = $1'),
    key_id: await valuesOf('select key_id as value from access_key where region_id = $1'),
    model_id: await valuesOf('select model_id as value from run_model join run using (run_id) where region_id = $1'),
    contract_sha256: await valuesOf('select contract_sha256 as value from region_contract where region_id = $1'),
  }
}

test('every table is under row-level security, or it is said why not', async () => {
  const bare = (await tables()).filter(({ name, guarded, granted }) => !guarded && (granted || !(name in OPEN)))
  expect(bare.map(({ name }) => name)).toEqual([])
  expect((await tables()).length).toBeGreaterThan(50)
})

test('every table that a request may read has a policy that names who asks', async () => {
  const { rows } = await store.pool.query<{ name: string; policy: string }>(
    `select tablename::text as name, qual as policy from pg_policies where schemaname = 'public' and 'winst_request' = any (roles) and cmd in ('SELECT', 'ALL')`,
  )
  const policies = new Map(rows.map(({ name, policy }) => [name, policy]))
  for (const { name, granted } of await tables()) {
    if (!granted || name in OPEN) continue
    expect(policies.get(name), name).toMatch(/my_|current_identity|select /i)
  }
})

describe('of another region', () => {
  test.each(ASKERS)('%s %s finds no row in any table, by whatever it is asked', async (role, subject) => {
    const foreign = await foreignKeys()
    let asked = 0
    for (const { name, granted, columns } of await tables()) {
      if (!granted) continue
      for (const column of columns.filter((each) => each in foreign)) {
        const rows = await rowsAs(role, subject, `select ${column} from ${name} where ${column} = any ($1) limit 1`, [
          foreign[column],
        ])
        expect(rows, `${name}.${column}`).toEqual([])
        asked++
      }
    }
    expect(asked).toBeGreaterThan(60)
  })
})

describe('of its own region', () => {
  test.each(ASKERS.filter(([role]) => ['administrator', 'insurer', 'researcher'].includes(role)))(
    '%s %s finds no person in any table',
    async (role, subject) => {
      for (const { name, granted, columns } of await tables()) {
        const of = columns.find((each) => ['patient_key', 'patient_id', 'patients'].includes(each))
        if (granted && of) expect(await rowsAs(role, subject, `select 1 from ${name} limit 1`), name).toEqual([])
      }
    },
  )

  test('a partner finds its own patients alone, in every table', async () => {
    const { rows } = await store.pool.query<{ key: number }>(
      `select patient_key as key from patient where region_id = $1 and patient_id not like 'p01-%'`,
      [noord.world.run.regionId],
    )
    const others = rows.map(({ key }) => key)
    for (const { name, granted, columns } of await tables())
      if (granted && columns.includes('patient_key'))
        expect(
          await rowsAs('partner', 'p01', `select 1 from ${name} where patient_key = any ($1) limit 1`, [others]),
          name,
        ).toEqual([])
  })

  test('an auditor reads the log of its region and nobody else does', async () => {
    expect(await rowsAs('auditor', 'aud', 'select patients from audit_event')).toEqual([{ patients: ['p01-000'] }])
    for (const [role, subject] of ASKERS.filter(([each]) => each !== 'auditor'))
      expect(await rowsAs(role, subject, 'select 1 from audit_event'), role).toEqual([])
  })
})

test('a request may write nothing anywhere', async () => {
  const { rows } = await store.pool.query<{ name: string }>(
    `select c.relname::text as name from pg_class c
      where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
        and (has_any_column_privilege('winst_request', c.oid, 'insert, update') or has_table_privilege('winst_request', c.oid, 'delete, truncate'))`,
  )
  expect(rows).toEqual([])
})
