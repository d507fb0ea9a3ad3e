/** The API under the login that deploy/roles.sh makes for it: a member of the roles of requests and workers that itself bypasses nothing. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildApp } from '../../api/app.ts'
import { RIGHTS } from '../../api/rights.ts'
import type { Role } from '../../data/access/keys.ts'
import { openStore, type Store } from '../../data/postgres/database.ts'
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { tokenFor } from '../support/services/keys.ts'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'
import { releasedByHand } from '../support/settlements/released.ts'
import { sha256 } from '../support/settlements/sha256.ts'

let asked: RunningApp
let login: Store
let queue: QueueBackend
let app: FastifyInstance
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
  await asked.store.pool.query(
    `do $$ begin
       create role winst_api_in_tests nologin in role winst_entry, winst_app, winst_request;
     exception when duplicate_object or unique_violation then null; end $$`,
  )
  const url = new URL(asked.store.url)
  url.searchParams.set('options', '-c role=winst_api_in_tests')
  login = await openStore({ databaseUrl: url.href, home: '' })
  queue = await openQueueBackend({ store: asked.store, redisUrl: null })
  app = await buildApp({ store: login, queue })
})
afterAll(async () => {
  await app.close()
  await queue.close()
  await login.close()
  await asked.close()
})

const SUBJECTS = {
  analyst: 'ann',
  insurer: '3311',
  partner: 'p01',
  researcher: 'rob',
  auditor: 'aud',
  administrator: 'ada',
} as const satisfies Readonly<Record<Role, string>>

const objects = (): Readonly<Record<string, string>> => ({
  settlement: asked.noord.settlement.settlement_id,
  contract: 'noord',
  partner: 'p01',
  model: sha256('noord hba1c'),
  insurer: '7095',
})

test('every page is there as it is for who may do everything', async () => {
  const otherwise: string[] = []
  for (const [route, right] of Object.entries(RIGHTS)) {
    if (!route.startsWith('GET /v1/') || right === 'public' || route.includes('/audit')) continue
    const url = route.slice(4).replace(/:(\w+)/g, (_, name: string) => objects()[name] ?? '1')
    for (const role of Object.keys(right) as Role[]) {
      const token = await tokenFor(asked.store, role, SUBJECTS[role], 'noord')
      const of = { url, headers: { authorization: `Bearer ${token}` } }
      const [owner, api] = [await asked.app.inject(of), await app.inject(of)]
      const [has, should] = [api, owner].map(({ statusCode, body }) =>
        statusCode < 500 ? `${statusCode} ${body}` : '5xx',
      )
      if (has !== should) otherwise.push(`${route} as ${role}: ${has!.slice(0, 200)}`)
    }
  }
  expect(otherwise).toEqual([])
}, 120_000)

test('what it is asked is logged, and by itself it sees nobody and signs nothing', async () => {
  await expect
    .poll(
      async () => (await asked.store.pool.query(`select 1 from audit_event where role = 'administrator'`)).rowCount,
      {
        timeout: 3_000,
      },
    )
    .toBeGreaterThan(0)
  expect((await login.pool.query('select 1 from patient')).rows).toEqual([])
  await expect(login.pool.query(`select issue_key(repeat('0', 64), 'analyst', 'eve', 9)`)).rejects.toMatchObject({
    code: '42501',
  })
})
