/** What changed between two settlements, over HTTP: to whom, and what of small panels. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../../api/app.ts'
import { reportInputOf } from '../../../api/report/report-input.ts'
import { readSettlementRecord } from '../../../api/views/settlement-view.ts'
import { reportOf } from '../../../api/report/report.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { completeExcerpts } from '../../../data/settlements/excerpts.ts'
import { releasedByHand } from '../../support/settlements/released.ts'
import { appendDifference } from '../../../data/settlements/differences.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { differenceOf } from '../../../engine/explain/difference.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import { openQueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { liveStore } from '../../support/services/live.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let store: Store
let app: FastifyInstance
let queue: Awaited<ReturnType<typeof openQueueBackend>>
let first: Settlement
let second: Settlement

beforeAll(async () => {
  store = await liveStore()
  const { world, settlement } = await settledRegion(store, 'verschil')
  first = settlement
  const more = (cents: number) => (partner: Settlement['partners'][number]) => ({
    ...partner,
    payment_cents: partner.payment_cents + cents,
  })
  const late = { ...settlement, partners: settlement.partners.map(more(100)) }
  second = { ...late, settlement_id: sha256('second'), as_of: '2026-02-01', partners: late.partners.map(more(-30)) }
  await releasedByHand(store, first.settlement_id)
  await store.pool.query(
    `insert into settlement (settlement_id, run_id, contract_id, region_id, as_of, document, prepared_by) values ($1, $2, $3, $4, $5, $6, 'ann')`,
    [second.settlement_id, world.run.runId, second.contract, world.run.regionId, second.as_of, JSON.stringify(second)],
  )
  await completeExcerpts(store)
  await releasedByHand(store, second.settlement_id)
  await appendDifference(store, differenceOf(first, second, [first, late, late, late, second]))
  queue = await openQueueBackend({ store, redisUrl: null })
  app = await buildApp({ store, queue })
})
afterAll(async () => {
  await app.close()
  await queue.close()
  await store.close()
})

/** A token for a role, as it stands in a header. */
async function bearer(role: 'analyst' | 'insurer' | 'partner' | 'researcher', subject = '') {
  return { authorization: `Bearer ${await tokenFor(store, role, subject || 'somebody')}` }
}

async function asked(role: 'analyst' | 'insurer' | 'partner' | 'researcher', subject = '', turned = false) {
  const [from, to] = turned ? [second, first] : [first, second]
  const url = `/v1/settlements/${to.settlement_id}/difference?from=${from.settlement_id}`
  const reply = await app.inject({ url, headers: await bearer(role, subject) })
  return { status: reply.statusCode, body: reply.json() }
}

describe('what changed', () => {
  test('to an analyst: every large panel by cause, small ones as one, and the sum', async () => {
    const { status, body } = await asked('analyst')
    expect(status).toBe(200)
    expect(body.partners.map(({ partner_id }: { partner_id: string }) => partner_id)).toEqual(['p01', 'p02'])
    expect(body.partners[0].causes).toEqual({
      late_data: 100,
      ruling: 0,
      attribution: 0,
      model: 0,
      contract: -30,
      engine_version: 0,
    })
    expect(body.small_panels).toMatchObject({ partners: ['p03'], causes: { late_data: 100, contract: -30 } })
    expect(body.totals.after_cents - body.totals.before_cents).toBe(3 * 70)
  })

  test('the other way round every sign turns', async () => {
    const { body } = await asked('analyst', '', true)
    expect(body.totals.causes).toEqual({
      late_data: -300,
      ruling: 0,
      attribution: 0,
      model: 0,
      contract: 90,
      engine_version: 0,
    })
  })

  test('to a partner: itself, and of a small panel only what it is paid', async () => {
    const own = await asked('partner', 'p02')
    expect(own.body.partners).toHaveLength(1)
    expect(own.body).not.toHaveProperty('totals')
    const small = await asked('partner', 'p03')
    expect(small.body.partners[0].causes).toBeNull()
  })

  test('to nobody else', async () => {
    expect((await asked('insurer', '3311')).status).toBe(403)
    expect((await asked('researcher')).status).toBe(403)
    expect((await asked('partner', 'p90')).status).toBe(404)
  })

  test('what nobody asked for yet is a job, and the same job when asked twice', async () => {
    const headers = await bearer('analyst')
    const url = `/v1/settlements/${second.settlement_id}/differences`
    const ask = () => app.inject({ method: 'POST', url, headers, payload: { from: first.settlement_id } })
    const [one, other] = [await ask(), await ask()]
    expect(one.statusCode).toBe(202)
    expect(other.json().run_id).toBe(one.json().run_id)
    const none = await app.inject({
      method: 'POST',
      url,
      headers,
      payload: { from: second.settlement_id },
    })
    expect([none.statusCode, none.json().code]).toEqual([422, 'not_comparable'])
  })

  test('the statement of the later settlement tells it, that of the first has nothing to tell', async () => {
    const pageOf = async ({ settlement_id }: Settlement) => {
      const settled = await readSettlementRecord(store, { role: 'analyst', subject: '' }, settlement_id)
      return reportOf({ ...(await reportInputOf(store, settled)), lang: 'en' })
    }
    const page = await pageOf(second)
    expect(page).toContain('What changed since the settlement before')
    expect(page).toMatch(/<th scope="row">Partners with few patients together \(1 partner\)<\/th>/)
    expect(page).toContain('+€1.00')
    expect(page).toContain('\u2212€0.30')
    expect(await pageOf(first)).not.toContain('What changed since the settlement before')
  })
})
