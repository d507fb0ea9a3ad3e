/** Jobs: asked for, watched, called off; and one that stopped, on a refusal that is told or on a fault of the program that is not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenFor } from '../../support/services/keys.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { STAGES, type Stage } from '../../../jobs/flow.ts'
import { forgetRun } from '../../../jobs/queue/queues.ts'
import { startWorker, type Handler, type Handlers, type StartedWorker } from '../../../jobs/queue/worker.ts'
import { runningApp, json, type RunningApp, type ReaderName } from '../../support/services/running-app.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'

const secret = "Cannot read properties of undefined (reading 'p4711')"
let [asked, work, zuid]: [RunningApp, Handler, string] = [null!, async () => null, '']
let worker: StartedWorker | null = null

beforeAll(async () => {
  asked = await runningApp()
  await settledRegion(asked.store, 'zuid')
  zuid = await tokenFor(asked.store, 'analyst', 'zoe', 'zuid')
})
afterAll(async () => {
  await worker?.stop()
  await asked.close()
})

const start = async () => {
  const handler: Handler = (part, signal) => work(part, signal)
  const handlers = Object.fromEntries(STAGES.map((stage): [Stage, Handler] => [stage, handler])) as Handlers
  worker = await startWorker({
    backend: asked.app.queue,
    handlers,
    concurrency: 2,
    retries: { attempts: 1, backoffMs: 1 },
  })
}

const askRun = async (): Promise<string> =>
  (await asked.ask('analyst ann', '/v1/contracts/noord/runs', json('{"as_of":"2026-01-01"}'))).headers
    .location as string

/** The job once it is over. */
async function ended(url: string) {
  for (let looks = 0; looks < 300; looks++) {
    const job = (await asked.ask('analyst ann', url)).json()
    if (job.state !== 'waiting' && job.state !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the job never ended')
}

interface Event {
  readonly id: string
  readonly event: string
  readonly data: { readonly state: string; readonly progress: { readonly stage: string } | null }
}
const eventsIn = (text: string): Event[] =>
  text
    .split('\n\n')
    .filter((each) => each.startsWith('id:'))
    .map((each) => {
      const [id, event, data] = each.split('\n').map((line) => line.slice(line.indexOf(': ') + 2))
      return { id: id!, event: event!, data: JSON.parse(data!) as Event['data'] }
    })

const watch = (url: string, headers: Record<string, string> = {}) =>
  asked.app.inject({
    url: `${url}/events`,
    headers: { authorization: `Bearer ${asked.tokenOf('analyst bob')}`, ...headers },
  })

describe('before a worker takes it', () => {
  test('a job says who asked for what, to its region alone', async () => {
    const url = await askRun()
    const job = (await asked.ask('analyst bob', url)).json()
    expect(job).toMatchObject({ kind: 'settle', state: 'waiting', requested_by: 'analyst:ann', cancelled_by: null })
    expect(job.about).toMatchObject({ as_of: '2026-01-01' })
    const { items } = (await asked.ask('analyst bob', '/v1/jobs?kind=settle')).json()
    expect(items).toEqual([job])
    expect((await asked.ask('analyst bob', '/v1/jobs?kind=import')).json().items).toEqual([])
    const foreign = await asked.app.inject({ url, headers: { authorization: `Bearer ${zuid}` } })
    expect([foreign.statusCode, foreign.json().code]).toEqual([404, 'unknown_job'])
    expect((await asked.ask('researcher rob', url)).statusCode).toBe(403)
    for (const asker of ['insurer 7095', 'partner p01'] as const)
      expect((await asked.ask(asker, url)).statusCode).toBe(404)
  })

  test('called off it is out of the queue, and there again when it is asked for again', async () => {
    const url = await askRun()
    const answer = await asked.ask('analyst bob', `${url}/cancel`, json('{}'))
    expect([answer.statusCode, answer.headers.location]).toEqual([202, url])
    expect((await asked.ask('analyst ann', url)).json()).toMatchObject({
      state: 'cancelled',
      cancelled_by: 'analyst:bob',
    })
    expect((await asked.ask('analyst ann', `${url}/cancel`, json('{}'))).json().code).toBe('already_ended')
    const [end] = eventsIn((await watch(url)).body)
    expect(end).toMatchObject({ event: 'end', data: { state: 'cancelled' } })
    expect(await askRun()).toBe(url)
    expect((await asked.ask('analyst ann', url)).json()).toMatchObject({ state: 'waiting', cancelled_by: null })
  })

  test('whoever is not of the region, or did not ask for it, calls nothing off', async () => {
    const url = await askRun()
    const cancel = (asker: ReaderName) => asked.ask(asker, `${url}/cancel`, json('{}'))
    expect((await cancel('researcher rob')).statusCode).toBe(403)
    expect((await cancel('insurer 7095')).statusCode).toBe(404)
    expect((await cancel('partner p01')).statusCode).toBe(404)
    expect((await asked.ask('analyst ann', url)).json().state).toBe('waiting')
  })
})

describe('under way', () => {
  test('it is watched to its end; whoever comes back is told what changed since', async () => {
    work = async ({ stage }) => {
      if (stage === 'train') await new Promise((resolve) => setTimeout(resolve, 700))
      return stage
    }
    const url = await askRun()
    const watched = watch(url)
    await start()
    const events = eventsIn((await watched).body)
    expect(events.at(-1)).toMatchObject({ event: 'end', data: { state: 'completed' } })
    expect(events.length).toBeGreaterThan(1)
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    const { id } = events.at(-1)!
    expect(eventsIn((await watch(url, { 'last-event-id': id })).body)).toEqual([])
    expect(eventsIn((await watch(url, { 'last-event-id': events[0]!.id })).body)).toHaveLength(1)
    expect((await watch(url)).headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect((await asked.ask('analyst ann', `${url}/cancel`, json('{}'))).json()).toMatchObject({
      status: 409,
      code: 'already_ended',
    })
  })

  /** The same job from its beginning, whatever became of it before. */
  const runAnew = async () => {
    const [job] = (await asked.ask('analyst ann', '/v1/jobs')).json().items
    await forgetRun(asked.app.queue, job.job_id as string)
    return await askRun()
  }

  test('called off it stops at its next part', async () => {
    const begun: string[] = []
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    work = async ({ stage, part }) => {
      begun.push(`${stage}.${part}`)
      if (stage === 'window') await held
      return stage
    }
    const url = await runAnew()
    while (!begun.some((name) => name.startsWith('window'))) await new Promise((resolve) => setTimeout(resolve, 20))
    const answer = await asked.ask('analyst bob', `${url}/cancel`, json('{}'))
    expect(answer.json()).toMatchObject({ state: 'running', stopping: true })
    release()
    expect(await ended(url)).toMatchObject({ state: 'cancelled', cancelled_by: 'analyst:bob', result: null })
    expect(begun.filter((name) => name.startsWith('window')).length).toBeLessThanOrEqual(2)
    expect(begun.some((name) => name.startsWith('train'))).toBe(false)
  })

  test('stopped by a bug it says no more than that', async () => {
    work = async () => {
      throw new TypeError(secret)
    }
    const url = await runAnew()
    const job = await ended(url)
    expect(job).toMatchObject({ state: 'failed', refusal: { code: 'job_failed', facts: {} } })
    expect(JSON.stringify(job)).not.toMatch(/TypeError|Cannot read|p4711/)
  })

  test('refused it tells the refusal', async () => {
    work = async () => {
      throw new Refusal('too_few_to_learn', 'The reference holds 3 landmarks.', { rows: 3 })
    }
    const refusal = { code: 'too_few_to_learn', detail: 'The reference holds 3 landmarks.', facts: { rows: 3 } }
    expect(await ended(await runAnew())).toMatchObject({ state: 'failed', refusal })
  })
})
