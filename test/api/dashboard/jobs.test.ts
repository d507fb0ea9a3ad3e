/** The analyst's first page and jobs: what is asked of it, how far a job is in words, its stream, and calling it off. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { startWorker, type Handler, type Handlers } from '../../../jobs/queue/worker.ts'
import { browserOf } from '../../support/pages/reader-page.ts'
import { json, runningApp, type RunningApp } from '../../support/services/running-app.ts'
import { filedByHand } from '../../support/settlements/filed.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
let browse: ReturnType<typeof browserOf>
beforeAll(async () => {
  asked = await runningApp()
  browse = browserOf(asked)
})
afterAll(() => asked.close())

const askRun = async (): Promise<string> => {
  const answer = await asked.ask('analyst ann', '/v1/contracts/noord/runs', json('{"as_of":"2026-01-01"}'))
  return answer.json().job_id
}

describe('the first page of an analyst', () => {
  test('says what is asked of it: models that hold a settlement, and a review of what a colleague prepared', async () => {
    const page = await browse('analyst bob', '/')
    expect(page.statusCode).toBe(200)
    expect(page.body).toContain('Wat nu van u wordt gevraagd')
    const { held } = (await asked.ask('analyst bob', asked.settlementUrl())).json() as {
      held: { code: string; model_id: string }[]
    }
    expect(held.length).toBeGreaterThan(0)
    for (const { model_id: id } of held) expect(page.body).toContain(`href="/models/${id}`)
    expect(page.body).toContain('Controleer de afrekening van noord')
    expect(page.body).toContain('href="/contracts/noord"')
    const { totals } = (await asked.ask('analyst bob', asked.settlementUrl())).json() as {
      totals: { payment_cents: number }
    }
    const euros = (Math.abs(totals.payment_cents) / 100).toFixed(2).split('.')[1]!
    expect(page.body).toMatch(new RegExp(`€.[\\d.]+,${euros}`))
    expect((await browse('analyst bob', '/?lang=en')).body).toContain('Review the settlement of noord')
  })

  test('no longer asks for a review once it is released, and then tells of an open dispute', async () => {
    await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
    await filedByHand(asked.store, asked.noord.settlement.settlement_id, 'p01-000')
    const page = await browse('analyst bob', '/')
    expect(page.body).not.toContain('Controleer de afrekening')
    expect(page.body).toContain('1 open geschil')
    expect(page.body).toContain('noord is vrijgegeven en wacht op betaling')
  })

  test('is not what others see', async () => {
    for (const asker of ['insurer 7095', 'partner p01', 'researcher rob'] as const)
      expect((await browse(asker, '/')).body).not.toContain('Contracten en jaren')
  })
})

describe('a job', () => {
  test('that no worker takes says so, to its region, and is called off by a form', async () => {
    const id = await askRun()
    const list = await browse('analyst bob', '/jobs')
    expect(list.body).toContain(`href="/jobs/${id}"`)
    expect(list.body).toContain('Er luistert nu geen werker')
    const page = await browse('analyst bob', `/jobs/${id}`)
    expect(page.body).toContain('Deze taak wacht op een werker')
    expect(page.body).toContain(`data-job="/jobs/${id}/events"`)
    expect(page.body).toContain('Breek deze taak af')
    for (const asker of ['insurer 7095', 'partner p01'] as const)
      expect((await browse(asker, `/jobs/${id}`)).statusCode).toBe(404)
    expect((await browse('researcher rob', '/jobs')).statusCode).toBe(403)
    const called = await browse('analyst bob', `/jobs/${id}/cancel`, {})
    expect([called.statusCode, called.headers.location]).toEqual([303, `/jobs/${id}`])
    expect((await browse('analyst bob', `/jobs/${id}`)).body).toContain('Afgebroken door analyst:bob')
    expect((await browse('analyst bob', `/jobs/${id}/cancel`, {})).statusCode).toBe(409)
  })

  test('is watched to its end in the cookie of its reader, and leads to what it gave', async () => {
    const id = await askRun()
    const watched = browse('analyst ann', `/jobs/${id}/events`)
    const handler: Handler = async () => asked.noord.settlement.settlement_id
    const handlers = Object.fromEntries(STAGES.map((stage): [Stage, Handler] => [stage, handler])) as Handlers
    const worker = await startWorker({
      backend: asked.app.queue,
      handlers,
      concurrency: 2,
      retries: { attempts: 1, backoffMs: 1 },
    })
    const stream = await watched
    await worker.stop()
    expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(stream.body).toContain('event: end')
    const page = await browse('analyst ann', `/jobs/${id}?lang=en`)
    expect(page.body).toContain('The job is done.')
    expect(page.body).toContain(`href="/settlements/${asked.noord.settlement.settlement_id}"`)
    expect((await browse('researcher rob', `/jobs/${id}/events`)).statusCode).toBe(403)
    expect((await browse('insurer 7095', `/jobs/${id}/events`)).statusCode).toBe(404)
  })
})
