/** What is recorded counts as a change once it is committed, and whoever asks afterwards knows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { watchChanges, type Changes } from '../../../data/access/changes.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction } from '../../../data/postgres/transaction.ts'
import { liveStore } from '../../support/services/live.ts'

let store: Store
let changes: Changes
beforeAll(async () => {
  store = await liveStore()
  changes = watchChanges(store)
})
afterAll(async () => {
  await changes.close()
  await store.close()
})

/** Tables whose rows change no kept page by themselves. Whoever adds a table either calls changes_what_is_shown for it, or says here why not. */
const CHANGE_NOTHING_SHOWN: Readonly<Record<string, string>> = {
  change_count: 'is the count',
  identity_secret: 'is shown to nobody',
  measure_key: 'only names what others hold',
  ...because('is recorded with its delivery', [
    'source_file',
    'delivery_rejects',
    'likely_cause',
    'unit_usage',
    'partner',
    'patient',
    'patient_state',
    'enrolment',
    'observation',
    'condition_episode',
    'medication',
    'claim',
    'quality',
    'insured',
    'participation',
    'provider_contract',
    'region_document',
    'superseded_partner',
    'superseded_patient_state',
    'superseded_enrolment',
    'superseded_observation',
    'superseded_condition_episode',
    'superseded_medication',
    'superseded_claim',
    'superseded_quality',
    'superseded_insured',
    'superseded_participation',
    'superseded_provider_contract',
  ]),
  ...because('is nothing before its settlement is recorded', [
    'run_partner',
    'run_insurer',
    'expectation',
    'realisation',
    'gain',
    'assessment_cell',
    'research_cell',
    'control_effect',
  ]),
  ...because('is scratch', ['panel_shard', 'training_shard', 'handover', 'stage_done']),
  ...because('is shown by no kept page', [
    'declaration',
    'declaration_line',
    'remittance_answer',
    'segment2_payout',
    'segment2_passed',
    'segment2_entry',
    'audit_event',
    'sign_in_link',
    'sign_in_link_use',
    'board_statement',
    'idempotency',
    'job',
    'job_event',
    'question',
    'answer',
  ]),
}

function because(why: string, tables: readonly string[]): Record<string, string> {
  return Object.fromEntries(tables.map((table) => [table, why]))
}

test('every table counts as a change, or changes nothing that is shown', async () => {
  const { rows } = await store.pool.query<{ name: string; counts: boolean }>(
    `select c.relname::text as name, exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'changes_what_is_shown') as counts
       from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname !~ '^kysely' order by 1`,
  )
  const wrong = rows.filter(({ name, counts }) => counts === name in CHANGE_NOTHING_SHOWN)
  expect(wrong).toEqual([])
  expect(rows.filter(({ counts }) => counts).length).toBeGreaterThan(20)
})

const named = (name: string) => store.pool.query('insert into region (name) values ($1)', [name])

describe('the count', () => {
  test('holds while nothing is recorded, and rises by one a transaction', async () => {
    const before = await changes.now()
    expect(before).toMatch(/^\d+ \d{4}-\d{2}-\d{2}$/)
    expect(await changes.now()).toBe(before)
    await inTransaction(store, async ({ client }) => {
      for (const name of ['noord', 'zuid', 'west']) await client.query('insert into region (name) values ($1)', [name])
    })
    expect(Number.parseInt(await changes.now(), 10)).toBe(Number.parseInt(before, 10) + 1)
  })

  test('is as it was where a transaction is undone, and while it is not committed', async () => {
    const before = await changes.now()
    await inTransaction(store, async ({ client }) => {
      await client.query(`insert into region (name) values ('nergens')`)
      expect(await changes.now()).toBe(before)
      throw new Error('undone')
    }).catch(() => undefined)
    expect(await changes.now()).toBe(before)
  })

  test('makes nobody wait for a transaction that has recorded something and goes on', async () => {
    await inTransaction(store, async ({ client }) => {
      await client.query(`insert into region (name) values ('oost')`)
      await named('elders')
    })
    const { rows } = await store.pool.query(`select 1 from region where name in ('oost', 'elders')`)
    expect(rows.length).toBe(2)
  })

  test('cannot be written by a worker, nor read by a request', async () => {
    for (const role of ['winst_app', 'winst_request'])
      await expect(
        inTransaction(store, async ({ client }) => {
          await client.query(`set local role ${role}`)
          await client.query('update change_count set changes = 0')
        }),
      ).rejects.toMatchObject({ code: '42501' })
  })
})

test('whoever asks after a change knows of it, however many ask at once', async () => {
  for (let round = 0; round < 20; round++) {
    const early = Array.from({ length: 10 }, () => changes.now())
    const before = await Promise.all(early)
    const during = [changes.now(), changes.now()]
    await named(`streek ${round}`)
    const after = await Promise.all([changes.now(), changes.now()])
    expect(new Set(before).size).toBe(1)
    expect(after[0]).toBe(after[1])
    expect(before).not.toContain(after[0])
    await Promise.all(during)
  }
})

test('a connection that is cut is made again; only who asks meanwhile is told', async () => {
  const before = await changes.now()
  await store.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  const asked = async () => await changes.now().catch(() => null)
  expect([await asked(), await asked()]).toContain(before)
})
