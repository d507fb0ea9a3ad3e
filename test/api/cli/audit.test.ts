/** The audit log at the command line: looks are in it before they are shown, and its chains can be checked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { auditHeads } from '../../../data/audit/audit-events.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { settledRegion, type SettledRegion } from '../../support/regions/settled-region.ts'
import { liveStore } from '../../support/services/live.ts'
import { winst } from '../../support/services/winst.ts'

let store: Store
let noord: SettledRegion
beforeAll(async () => {
  store = await liveStore()
  noord = await settledRegion(store, 'noord')
})
afterAll(() => store.close())

const run = (...args: readonly string[]) =>
  winst([...args, '--json'], { DATABASE_URL: store.url, REDIS_URL: undefined })
const looks = async (): Promise<Record<string, unknown>[]> =>
  (await store.pool.query<Record<string, unknown>>('select * from audit_event order by audit_id')).rows

test('explaining a partner names its patients, and who asked', async () => {
  const { settlement_id: settlement } = noord.settlement
  const explained = await run('explain', '--settlement', settlement, '--partner', 'p01')
  expect(explained.status, explained.stderr).toBe(0)
  const shown = (JSON.parse(explained.stdout) as { patients: { patient_id: string }[] }).patients
  const [look] = await looks()
  expect(look).toMatchObject({
    event: 'look',
    access_point: 'winst explain',
    role: 'operator',
    credential: 'command line',
    object: { settlement, partner: 'p01' },
  })
  expect(new Set(look!.patients as string[])).toEqual(new Set(shown.map((row) => row.patient_id)))
}, 60_000)

test('an end that was kept shows what was taken off; a changed event is named', async () => {
  const [head] = await auditHeads(store)
  const kept = `${head!.seq}:${head!.hash}`
  const holds = await run('audit', '--verify', '--kept', kept)
  expect(holds.status, holds.stderr).toBe(0)
  expect(JSON.parse(holds.stdout)).toMatchObject({ verified: true, heads: [{ region: 'noord' }] })
  const lost = await run('audit', '--kept', `${head!.seq + 1}:${head!.hash}`)
  expect([lost.status, (JSON.parse(lost.stdout) as { error: { code: string } }).error.code]).toEqual([
    1,
    'audit_chain_broken',
  ])
  await store.pool.query(
    `set session_replication_role = replica; update audit_event set who = 'somebody else'; set session_replication_role = origin`,
  )
  const broken = await run('audit', '--verify')
  expect(broken.status).toBe(1)
  expect(JSON.parse(broken.stdout)).toMatchObject({ error: { code: 'audit_chain_broken', facts: { seq: 1 } } })
}, 60_000)
