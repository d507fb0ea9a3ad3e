/** The chain of the audit log: what is taken out, changed or put in by whoever may do anything is found; and the writer of a process. */
import { createHash } from 'node:crypto'
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendEvents, auditHeads, brokenEvents } from '../../../data/audit/audit-events.ts'
import type { AuditEvent } from '../../../data/audit/audit-event.ts'
import { openAuditLog } from '../../../data/audit/audit-log.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { regionMade } from '../../../data/region/regions.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let regionId: number
beforeAll(async () => {
  store = await liveStore()
  regionId = (await regionMade(store, 'audit')).regionId
})
afterAll(() => store.close())

const event = (patients: readonly string[], who = 'ann', of: number | null = regionId): AuditEvent => ({
  regionId: of,
  event: 'look',
  accessPoint: 'GET /v1/test',
  role: 'analyst',
  who,
  onBehalfOf: null,
  credential: 'key 0123456789abcdef',
  purpose: 'settlement',
  outcome: 'allowed',
  code: null,
  object: { settlement: 'x' },
  patients,
  everybody: null,
})

const count = async (): Promise<number> =>
  Number((await store.pool.query<{ n: string }>('select count(*)::text as n from audit_event')).rows[0]!.n)

test('every event follows on the one before it, by a hash that anybody can compute again', async () => {
  await appendEvents(
    store,
    [1, 2, 3].map((n) => ({ ...event([`a${n}`]), waitedMs: 0, times: 1 })),
  )
  const { rows } = await store.pool.query<Record<string, unknown>>(
    `select *, extract(epoch from at)::text as epoch, object::text as object_text from audit_event where chain = $1 order by seq`,
    [regionId],
  )
  let before = '0'.repeat(64)
  for (const [at, row] of rows.entries()) {
    // As PostgreSQL writes JSON: a space after each comma.
    const parts = [
      before,
      regionId,
      at + 1,
      row.epoch,
      row.event,
      row.access_point,
      row.role,
      row.who,
      row.on_behalf_of,
    ]
    const rest = [row.credential, row.purpose, row.outcome, row.code]
    const text = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ')
    const content = `[${text([...parts, ...rest])}, ${String(row.object_text)}, [${text(row.patients as string[])}], ${text([row.everybody, row.times])}]`
    expect(row.hash).toBe(createHash('sha256').update(content).digest('hex'))
    before = row.hash as string
  }
})

test('any tampering is found where it begins', async () => {
  const events = Array.from({ length: 12 }, (_, n) => ({ ...event([`t${n}`], `w${n}`), waitedMs: 0, times: 1 }))
  await appendEvents(store, events)
  expect(await brokenEvents(store)).toEqual([])
  const last = (await auditHeads(store)).find(({ region }) => region === 'audit')!.seq
  const tampering = record({
    seq: integer({ min: 2, max: last - 1 }),
    how: constantFrom(
      'delete from audit_event where chain = $1 and seq = $2',
      `update audit_event set who = 'eve' where chain = $1 and seq = $2`,
      `update audit_event set patients = '{}' where chain = $1 and seq = $2`,
      `update audit_event set at = at + interval '1 microsecond' where chain = $1 and seq = $2`,
      `update audit_event set outcome = 'refused', code = 'x' where chain = $1 and seq = $2`,
      `update audit_event set hash = repeat('0', 64) where chain = $1 and seq = $2`,
      `update audit_event set object = '{}' where chain = $1 and seq = $2`,
    ),
  })
  await assert(
    asyncProperty(tampering, async ({ seq, how }) => {
      const undone = new Error('undone')
      await inTransaction(store, async ({ client, db }) => {
        await client.query('set local session_replication_role = replica')
        await client.query(how, [regionId, seq])
        expect(await brokenEvents({ db })).toMatchObject([
          { chain: regionId, seq: how.startsWith('delete') ? seq + 1 : seq },
        ])
        throw undone
      }).catch((error: unknown) => expect(error).toBe(undone))
    }),
    { numRuns: 40 },
  )
})

test('nobody changes it, and a request writes nothing into it', async () => {
  for (const sql of ['update audit_event set times = 2', 'delete from audit_event', 'truncate audit_event'])
    await expect(store.pool.query(sql), sql).rejects.toMatchObject({ code: '23001' })
  for (const role of ['winst_request', 'winst_app'])
    await inTransaction(store, async ({ client }) => {
      await client.query(`set local role ${role}`)
      await expect(client.query(`insert into audit_event default values`)).rejects.toMatchObject({ code: '42501' })
    })
})

test('many writers of many regions make one chain each', async () => {
  const other = (await regionMade(store, 'audit two')).regionId
  const before = await count()
  const logs = Array.from({ length: 3 }, () => openAuditLog(store.url))
  await Promise.all(
    logs.flatMap((log, at) =>
      Array.from({ length: 40 }, (_, n) => log.append(event([], `log${at}`, [regionId, other, null][n % 3]))),
    ),
  )
  for (const log of logs) log.note(event([], 'noted'))
  await Promise.all(logs.map((log) => log.close()))
  expect(await count()).toBe(before + 3 * 41)
  expect(await brokenEvents(store)).toEqual([])
})

test('nobody cannot fill it: attempts alike are counted together', async () => {
  const before = await count()
  const log = openAuditLog(store.url)
  for (let n = 0; n < 5000; n++)
    log.note({ ...event([], '', null), event: 'read', outcome: 'refused', code: 'not_authenticated' })
  await log.close()
  expect(await count()).toBe(before + 1)
  const { rows } = await store.pool.query('select times from audit_event order by audit_id desc limit 1')
  expect(rows).toEqual([{ times: 5000 }])
})

test('what waits is kept when the database is back, and a look is refused while it is away', async () => {
  const log = openAuditLog(store.url)
  await store.pool.query('alter function append_audit(jsonb) rename to append_audit_away')
  await expect(log.append(event(['away']))).rejects.toThrow('append_audit')
  log.note(event([], 'patient one'))
  await store.pool.query('alter function append_audit_away(jsonb) rename to append_audit')
  await log.close()
  const { rows } = await store.pool.query(
    `select who from audit_event where who = 'patient one' or patients @> '{away}'`,
  )
  expect(rows).toEqual([{ who: 'patient one' }])
})
