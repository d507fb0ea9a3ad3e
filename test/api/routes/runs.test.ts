/** A run that stopped: on a refusal, which is reported, or on a fault of the program, which is not. */
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { startWorker, type Handler, type Handlers } from '../../../jobs/queue/worker.ts'
import { runningApp, json, type RunningApp, type ReaderName } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

const secret = "Cannot read properties of undefined (reading 'p4711')"
const log = new PassThrough()
let [asked, written, stops]: [RunningApp, string, Error] = [null!, '', new TypeError(secret)]

beforeAll(async () => {
  log.on('data', (chunk) => (written += String(chunk)))
  asked = await runningApp(log)
  const handler: Handler = () => Promise.reject(stops)
  const handlers = Object.fromEntries(STAGES.map((stage): [Stage, Handler] => [stage, handler])) as Handlers
  await startWorker({
    backend: asked.app.queue,
    handlers,
    concurrency: 2,
    retries: { attempts: 1, backoffMs: 1 },
  })
})
afterAll(() => asked.close())

/** The answer once the worker has given up. */
async function ended(asker: ReaderName, url: string) {
  for (let looks = 0; looks < 300; looks++) {
    const answer = await asked.ask(asker, url)
    const { state } = answer.json() as { state?: string }
    if (state !== 'waiting' && state !== 'running') return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the run never ended')
}

const askRun = async (): Promise<string> =>
  (await asked.ask('analyst ann', '/v1/contracts/noord/runs', json('{"as_of":"2026-01-01"}'))).headers
    .location as string

test('a run that a bug stopped is 500 with the id under which the log has the bug', async () => {
  const answer = await ended('analyst ann', await askRun())
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'job_failed'])
  expect(answer.body).not.toMatch(/TypeError|Cannot read|p4711/)
  const { request_id } = answer.json().facts as { request_id: string }
  const line = written.split('\n').find((each) => each.includes(request_id) && each.includes('request failed'))
  expect(line).toContain('p4711')
})

test('a run that was refused tells the refusal', async () => {
  stops = new Refusal('too_few_to_learn', 'The reference holds 3 landmarks.', { rows: 3 })
  const answer = await ended('analyst ann', await askRun())
  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({
    state: 'failed',
    refusal: { code: 'too_few_to_learn', detail: 'The reference holds 3 landmarks.', facts: { rows: 3 } },
  })
})

test('a run that stopped because something of ours did not answer says no more than that', async () => {
  stops = new Refusal('redis_unreachable', 'REDIS_URL names cache.internal:6379, which does not answer.')
  const answer = await ended('analyst ann', await askRun())
  expect([answer.statusCode, answer.json().code]).toEqual([503, 'redis_unreachable'])
  expect(answer.body).not.toContain('cache.internal')
})

test('a partner whose preview a bug stopped gets no details', async () => {
  stops = new TypeError(secret)
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
  const contention = { kind: 'not_our_patient', partner_id: 'p01', patient_id: 'p01-001' }
  const url = asked.settlementUrl('/dispute-previews')
  const { headers } = await asked.ask('partner p01', url, json(JSON.stringify(contention)))
  const answer = await ended('partner p01', headers.location as string)
  expect([answer.statusCode, answer.json().code]).toEqual([500, 'job_failed'])
  expect(answer.body).not.toMatch(/TypeError|Cannot read|p4711/)
})
