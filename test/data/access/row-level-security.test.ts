/** Raw SQL as each role: what the database refuses whatever a route forgot. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asIdentity, asSigner } from '../../../data/access/request-store.ts'
import type { Role } from '../../../data/access/keys.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'
import { liveStore } from '../../support/services/live.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let store: Store
let noord: SettledRegion
let zuid: SettledRegion
beforeAll(async () => {
  store = await liveStore()
  noord = await settledRegion(store, 'noord')
  zuid = await settledRegion(store, 'zuid')
  for (const { settlement } of [noord, zuid]) await releasedByHand(store, settlement.settlement_id)
})
afterAll(() => store.close())

const regionOf = ({ world }: SettledRegion): number => world.run.regionId

/** Rows of a query as somebody of the region. */
const rowsAs = async (role: Role, subject: string, sql: string, region = noord): Promise<Record<string, unknown>[]> =>
  await asIdentity(
    store,
    { regionId: regionOf(region), role, subject },
    async ({ pool }) => (await pool.query(sql)).rows,
  )

/** Every table with rows, and the columns that a role may be asked about. */
async function tables(): Promise<string[]> {
  const { rows } = await store.pool.query<{ name: string }>(
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname !~ '^kysely' order by 1`,
  )
  return rows.map(({ name }) => name)
}

test('every table holds its rows back from a request that nobody was let into', async () => {
  const client = await store.pool.connect()
  try {
    await client.query('begin; set local role winst_request')
    for (const table of await tables()) {
      await client.query('savepoint one')
      const found = await client.query(`select 1 from ${table} limit 1`).catch((error: { code: string }) => error.code)
      if (typeof found === 'string') {
        expect(found, table).toBe('42501')
        await client.query('rollback to savepoint one')
      } else if (table !== 'measure_key') expect(found.rows, table).toEqual([])
    }
  } finally {
    await client.query('rollback')
    client.release()
  }
})

describe('of another region', () => {
  const asked: readonly (readonly [Role, string])[] = [
    ['analyst', 'ann'],
    ['auditor', 'aud'],
    ['administrator', 'ada'],
    ['insurer', '3311'],
    ['partner', 'p01'],
    ['researcher', 'rob'],
  ]
  test.each(asked)('%s %s sees nothing', async (role, subject) => {
    const foreign = regionOf(zuid)
    for (const table of ['patient', 'enrolment', 'observation', 'run', 'partner', 'delivery'])
      expect(await rowsAs(role, subject, `select 1 from ${table} where region_id = ${foreign}`), table).toEqual([])
    const of = `'${zuid.settlement.settlement_id}'`
    for (const table of ['settlement_event', 'settlement_excerpt', 'ledger_entry'])
      expect(await rowsAs(role, subject, `select 1 from ${table} where settlement_id = ${of}`), table).toEqual([])
    expect(await rowsAs(role, subject, `select settlement_id from settlement where settlement_id = ${of}`)).toEqual([])
    expect(await rowsAs(role, subject, `select settlement_document(${of}) as document`)).toEqual([{ document: null }])
    expect(
      await rowsAs(role, subject, `select 1 from expectation where run_key = ${zuid.world.run.runKey} limit 1`),
    ).toEqual([])
  })
})

describe('of its own region', () => {
  test('a partner sees its own patients and no other', async () => {
    for (const table of ['enrolment', 'patient', 'patient_state', 'observation']) {
      const rows = await rowsAs(
        'partner',
        'p01',
        `select distinct left(p.patient_id, 3) as prefix from ${table} t join patient p using (patient_key)`,
      )
      expect(rows, table).toEqual([{ prefix: 'p01' }])
    }
    const assessed = await rowsAs('partner', 'p01', `select distinct partner_id from assessment`)
    expect(assessed).toEqual([{ partner_id: 'p01' }])
  })

  test('an insurer, a researcher and an administrator see no person', async () => {
    for (const [role, subject] of [
      ['insurer', '3311'],
      ['researcher', 'rob'],
      ['administrator', 'ada'],
    ] as const)
      for (const table of [
        'patient',
        'patient_state',
        'enrolment',
        'observation',
        'claim',
        'expectation',
        'realisation',
        'gain',
        'assessment_cell',
        'panel_shard',
      ])
        expect(await rowsAs(role, subject, `select 1 from ${table} limit 1`), `${role} ${table}`).toEqual([])
  })

  test('a party reads its own excerpt and its own lines of the book', async () => {
    const id = noord.settlement.settlement_id
    const excerpts = await rowsAs('partner', 'p01', 'select role, subject from settlement_excerpt')
    expect(excerpts).toEqual([{ role: 'partner', subject: 'p01' }])
    const lines = await rowsAs('partner', 'p01', 'select distinct partner_id from ledger_entry')
    expect(lines).toEqual([{ partner_id: 'p01' }])
    const paid = await rowsAs('insurer', '7095', 'select distinct insurer from ledger_entry')
    expect(paid).toEqual([{ insurer: '7095' }])
    expect(await rowsAs('partner', 'p01', `select settlement_document('${id}') as document`)).toEqual([
      { document: null },
    ])
    await expect(rowsAs('partner', 'p01', 'select document from settlement')).rejects.toMatchObject({ code: '42501' })
    expect(await rowsAs('researcher', 'rob', 'select 1 from ledger_entry')).toEqual([])
    expect(await rowsAs('partner', 'p77', 'select settlement_id from settlement')).toEqual([])
  })
})

describe('an identity', () => {
  const forged = `select set_config('winst.identity', '[1, "analyst", "eve"]', true), set_config('winst.seal', repeat('0', 64), true)`

  test('is not taken on by setting it, nor entered from within a request', async () => {
    await asIdentity(store, { regionId: regionOf(noord), role: 'partner', subject: 'p77' }, async ({ pool }) => {
      await pool.query(forged)
      expect((await pool.query('select 1 from patient')).rows).toEqual([])
      expect((await pool.query('select current_identity() is null as nobody')).rows).toEqual([{ nobody: true }])
    })
    for (const sql of [
      `select enter_request(1, 'analyst', 'eve')`,
      'select secret from identity_secret',
      `select identity_seal('x')`,
    ])
      await expect(rowsAs('partner', 'p77', sql), sql).rejects.toMatchObject({ code: '42501' })
  })

  test('writes nothing: no act, no amount, no key', async () => {
    for (const sql of [
      `insert into settlement_event (settlement_id, step, state, acted_by, acted_on) values ('${'0'.repeat(64)}', 1, 'reviewed', 'analyst:bob', now())`,
      `insert into access_key select * from access_key`,
      `update settlement set prepared_by = 'eve'`,
      `delete from ledger_entry`,
      `select issue_key(repeat('0', 64), 'analyst', 'eve', 90)`,
    ])
      await expect(rowsAs('analyst', 'eve', sql), sql).rejects.toMatchObject({ code: '42501' })
  })

  test('signs no act in another name', async () => {
    const { settlement_id: id } = noord.settlement
    const pay = (by: string) =>
      asSigner(store, { regionId: regionOf(noord), role: 'analyst', subject: 'eve' }, ({ pool }) =>
        pool.query(
          `insert into payment (payment_id, contract_id, region_id, settlement_id, insurer, paid_by, paid_on) values ($1, 'noord', $2, $3, '3311', $4, act_day())`,
          ['0'.repeat(64), regionOf(noord), id, by],
        ),
      )
    await expect(pay('analyst:cas')).rejects.toMatchObject({ constraint: 'signed_by_the_identity' })
  })
})
