import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore, type Store } from '../../../data/postgres/database.ts'
import { dropHandover, handOver } from '../../../data/runs/handover.ts'
import { actOn } from '../../../data/settlements/lifecycle.ts'
import { migrate } from '../../../data/postgres/migrate.ts'
import { appendKey } from '../../../data/access/keys.ts'
import { brokenEntry, readSettlement } from '../../../data/settlements/settlements.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { liveStore } from '../../support/services/live.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { appendPlain, settlementOn } from '../../support/settlements/plain-settlement.ts'

let owner: Store
let application: Store
beforeAll(async () => {
  owner = await liveStore()
  // A copy of a database has not the rights on the database itself.
  await owner.pool.query(
    `do $$ begin execute format('grant create on database %I to winst_app', current_database()); end $$`,
  )
  const url = new URL(owner.url)
  url.searchParams.set('options', '-c role=winst_app')
  application = await openStore({ databaseUrl: url.href, home: '' })
})
afterAll(async () => {
  await application.close()
  await owner.close()
})

test('is not the owner, and the schema is up to date under it', async () => {
  const { rows } = await application.pool.query('select current_user::text as name')
  expect(rows).toEqual([{ name: 'winst_app' }])
  expect(await migrate(application)).toEqual([])
})

test('imports, assesses, settles and acts', async () => {
  const { world } = await settledRegion(application, 'application')
  const settlement = settlementOn('application 2', '2026-01-01', 500, -20)
  expect(await appendPlain(application, world.run, settlement)).toBe(true)
  const { settlement_id: settlementId } = settlement
  for (const [act, by] of [
    ['review', 'analyst:bert'],
    ['release', 'insurer:7095'],
    ['pay', 'analyst:carl'],
  ] as const)
    await actOn(application, { settlementId, act, by })
  expect(await readSettlement(application, settlementId)).toMatchObject({ state: 'paid' })
  expect(await brokenEntry(application)).toBeNull()
  const piece = { runId: settlementId, stage: 'expect', piece: '00' }
  await inTransaction(application, (transaction) => handOver(transaction, piece, Uint8Array.of(1)))
  await inTransaction(application, (transaction) => dropHandover(transaction, piece))
  const queue = await openQueueBackend({ store: application, redisUrl: null })
  await queue.close()
})

test('can change, delete or empty no table that a cent rests on, nor switch off what guards them', async () => {
  const { rows } = await owner.pool.query<{ name: string }>(
    `select tgrelid::regclass::text as name from pg_trigger where tgname = 'append_only' order by 1`,
  )
  const tables = rows.map(({ name }) => name)
  expect(tables).toEqual(
    expect.arrayContaining(['settlement', 'settlement_event', 'payment', 'ledger_entry', 'ruling', 'observation']),
  )
  for (const table of tables) {
    const column = (
      await owner.pool.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and attidentity = '' and not attisdropped order by attnum limit 1`,
        [table],
      )
    ).rows[0]!.name
    for (const sql of [
      `update ${table} set ${column} = ${column}`,
      `delete from ${table}`,
      `truncate ${table} cascade`,
      `alter table ${table} disable trigger all`,
    ])
      await expect(application.pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })
  }
  await expect(application.pool.query('set session_replication_role = replica')).rejects.toMatchObject({
    code: '42501',
  })
})

test('gives out no keys, takes on no identity and reads no secret', async () => {
  const key = { role: 'analyst', subject: 'eve', regionId: 1, issuedBy: 'eve' } as const
  await expect(appendKey(application, 'secret', key)).rejects.toMatchObject({ code: '42501' })
  for (const sql of [
    `select enter_request(1, 'analyst', 'eve')`,
    `select issue_key(repeat('0', 64), 'analyst', 'eve', 90)`,
    'select * from identity_secret',
    'select * from access_key',
    `select identity_seal('[1, "analyst", "eve"]')`,
  ])
    await expect(application.pool.query(sql), sql).rejects.toMatchObject({ code: '42501' })
})

test('signs no act in nobody’s name, on another day or by a clock of its own', async () => {
  const { world } = await settledRegion(owner, 'nobody')
  const { settlement_id: id } = settlementOn('nobody', '2026-01-01', 500)
  await appendPlain(owner, world.run, settlementOn('nobody', '2026-01-01', 500))
  const login = `winst_login_${randomBytes(4).toString('hex')}`
  await owner.pool.query(`create role ${login} login in role winst_app`)
  const client = await owner.pool.connect()
  try {
    await client.query(`set session authorization ${login}`)
    const review = (by: string, on: string) =>
      client.query(
        `insert into settlement_event (settlement_id, step, state, acted_by, acted_on) values ($1, 1, 'reviewed', $2, ${on})`,
        [id, by],
      )
    await expect(review('analyst:bob', 'act_day()')).rejects.toMatchObject({ constraint: 'signed_by_the_identity' })
    await expect(review('analyst:bob', `'2026-02-01'`)).rejects.toMatchObject({ constraint: 'dated_by_the_database' })
    await expect(review('analyst:bob', `'2036-02-01'`)).rejects.toMatchObject({ constraint: 'not_ahead_of_today' })
    const { rows } = await client.query(
      `select set_config('winst.day', '2026-02-01', false), act_day() > '2026-02-01' as today`,
    )
    expect(rows).toMatchObject([{ today: true }])
  } finally {
    await client.query('reset session authorization; reset winst.day')
    client.release()
    await owner.pool.query(`drop role ${login}`)
  }
})
