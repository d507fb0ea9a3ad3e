/** The table of rights, run: every row for every role; and what the database still refuses when the table says yes to everybody. */
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../api/app.ts'
import { RIGHTS, type Right } from '../../api/rights.ts'
import { ROLES, type Role } from '../../data/access/keys.ts'
import { openQueueBackend, type QueueBackend } from '../../jobs/queue/queue-backend.ts'
import { settledRegion, type SettledRegion } from '../support/regions/settled-region.ts'
import { tokenFor } from '../support/services/keys.ts'
import { runningApp, type RunningApp } from '../support/services/running-app.ts'
import { releasedByHand } from '../support/settlements/released.ts'
import { sha256 } from '../support/settlements/sha256.ts'

const SUBJECTS: Readonly<Record<Role, string>> = {
  analyst: 'ann',
  insurer: '3311',
  partner: 'p01',
  researcher: 'rob',
  auditor: 'aud',
  administrator: 'ada',
}
const ROWS = Object.entries(RIGHTS)
const GETS = ROWS.filter(([route]) => route.startsWith('GET '))

let asked: RunningApp
let zuid: SettledRegion
let queue: QueueBackend
/** the same app with the checks of all routes taken away */
let unchecked: FastifyInstance
const tokens = new Map<Role, string>()
beforeAll(async () => {
  asked = await runningApp()
  zuid = await settledRegion(asked.store, 'zuid')
  for (const { settlement } of [asked.noord, zuid]) await releasedByHand(asked.store, settlement.settlement_id)
  for (const role of ROLES) tokens.set(role, await tokenFor(asked.store, role, SUBJECTS[role], 'noord'))
  const everybody = Object.fromEntries(ROLES.map((role) => [role, 'region' as const]))
  const rights = Object.fromEntries(
    ROWS.map(([route, right]): [string, Right] => [route, right === 'public' ? right : everybody]),
  )
  queue = await openQueueBackend({ store: asked.store, redisUrl: null })
  unchecked = await buildApp({ store: asked.store, queue }, null, { rights })
})
afterAll(async () => {
  await unchecked.close()
  await queue.close()
  await asked.close()
})

/** The route with its objects filled in: those of a region, or ids that nothing has. */
function urlOf(route: string, { settlement }: SettledRegion, region: string): string {
  const objects: Readonly<Record<string, string>> = {
    settlement: settlement.settlement_id,
    contract: region,
    partner: 'p02',
    model: sha256(`${region} hba1c`),
    act: 'review',
    key: '0123456789abcdef',
    insurer: '7095',
  }
  return route.replace(/^\w+ /, '').replace(/:(\w+)/g, (_, name: string) => objects[name] ?? '1')
}

interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly detail: string
  readonly body: string
}

async function ask(app: FastifyInstance, role: Role | null, route: string, url: string): Promise<Answer> {
  const isGet = route.startsWith('GET ')
  const answer = await app.inject({
    method: isGet ? 'GET' : 'POST',
    url,
    headers: role ? { authorization: `Bearer ${tokens.get(role)}` } : {},
    // No route knows this key: what gets so far is refused for it, before it does anything.
    ...(isGet ? {} : { payload: { nothing_knows_this: true } }),
  })
  const { code, detail = '' } = JSON.parse(answer.body.startsWith('{') ? answer.body : '{}') as Partial<Answer>
  return { status: answer.statusCode, code, detail, body: answer.body }
}

describe('every row of the table', () => {
  test.each(ROWS)('%s', async (route, right) => {
    const url = urlOf(route, asked.noord, 'noord')
    const nobody = await ask(asked.app, null, route, url)
    if (right === 'public') return expect(nobody.code).not.toBe('not_authenticated')
    expect([nobody.status, nobody.code]).toEqual([401, 'not_authenticated'])
    for (const role of ROLES) {
      const { status, code, detail } = await ask(asked.app, role, route, url)
      const isRefused = code === 'not_allowed' && detail.startsWith(`The role ${role} may not ask this`)
      expect([role, isRefused, status === 403 || role in right]).toEqual([role, !(role in right), true])
      expect([role, status < 500 && status !== 401]).toEqual([role, true])
    }
    return undefined
  })
})

/** What is of the other region, or of persons and partners that the role may not know. */
const foreignOf = (): RegExp =>
  new RegExp(`${zuid.settlement.settlement_id}"|"zuid"|Region "zuid"|${sha256('zuid hba1c')}"`)

describe('objects of another region', () => {
  test.each(GETS.filter(([, right]) => right !== 'public'))('%s: none, whoever asks', async (route) => {
    for (const role of ROLES) {
      const { status, body } = await ask(unchecked, role, route, urlOf(route, zuid, 'zuid'))
      if (status === 200) expect([role, body]).toEqual([role, expect.not.stringMatching(foreignOf())])
    }
  })
})

describe('with the check of the route taken away, the database refuses', () => {
  const persons = /"p0\d-\d{3}"/
  test.each(GETS.filter(([, right]) => right !== 'public'))('%s', async (route, right) => {
    for (const role of ROLES) {
      if (role in (right as object)) continue
      const { status, body } = await ask(unchecked, role, route, urlOf(route, asked.noord, 'noord'))
      expect([role, body]).toEqual([role, expect.not.stringMatching(persons)])
      // What it may not ask is either not there for it, or empty, or holds no amount of anybody.
      if (status === 200) expect([role, body]).toEqual([role, expect.not.stringMatching(/_cents":-?[1-9]/)])
    }
  })

  test('of a partner, only its own: not the receipt, statement or patients of another', async () => {
    for (const rest of ['/partners/p02', '/partners/p02/receipt', '/partners/p02/receipt?patient=p02-001']) {
      const { status, body } = await ask(unchecked, 'partner', 'GET ', asked.settlementUrl(rest))
      expect([rest, status, persons.test(body)]).toEqual([rest, 404, false])
    }
    const own = await ask(unchecked, 'partner', 'GET ', asked.settlementUrl('/partners/p01/receipt?limit=1'))
    expect([own.status, persons.test(own.body)]).toEqual([200, true])
  })
})
