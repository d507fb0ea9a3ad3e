/** A process that does not keep up says so at once, and a request that takes too long ends with a sentence. */
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { connections, type Connections } from '../../../../api/plugins/connections.ts'
import { errors } from '../../../../api/plugins/errors.ts'
import { pressure, type PressureOptions } from '../../../../api/plugins/limits/pressure.ts'
import { openStore } from '../../../../data/postgres/database.ts'
import { liveStore } from '../../../support/services/live.ts'

let app: FastifyInstance
afterEach(() => app.close())

const store = { pool: { waitingCount: 0 } }
async function under(options: Partial<PressureOptions>): Promise<void> {
  app = fastify({ handlerTimeout: 300 })
  await app.register(errors)
  // what pressure asks of them
  await app.register(connections, { store, queue: {} } as unknown as Connections)
  await app.register(pressure, { behindMs: 100, waiting: 10, ...options })
  app.get('/', async () => 'here')
  app.get('/health', async () => 'here')
  app.get('/slow', async () => await sleep(2_000, 'late'))
  await app.ready()
}

describe('pressure', () => {
  test('an event loop that is behind: 503 with when to ask again, until it keeps up; health is always told', async () => {
    let lag = 0
    await under({ behind: () => lag })
    expect((await app.inject('/')).statusCode).toBe(200)
    lag = 500
    await sleep(600)
    const answer = await app.inject('/')
    expect(answer.json()).toMatchObject({ status: 503, code: 'overloaded' })
    expect(answer.headers['retry-after']).toBe('5')
    expect((await app.inject('/health')).statusCode).toBe(200)
    lag = 0
    await sleep(600)
    expect((await app.inject('/')).statusCode).toBe(200)
  })

  test('a loop that is held is seen to be behind', async () => {
    await under({})
    await sleep(100) // it is being watched
    const until = performance.now() + 800
    while (performance.now() < until);
    const found = []
    for (let i = 0; i < 30; i++) found.push((await app.inject('/')).statusCode, await sleep(20))
    expect(found.filter((status) => status === 503).length).toBeGreaterThan(0)
  })

  test('more than a few who wait for the database', async () => {
    await under({ waiting: 0 })
    store.pool.waitingCount = 1
    expect((await app.inject('/')).json()).toMatchObject({ status: 503, code: 'overloaded' })
    store.pool.waitingCount = 0
    expect((await app.inject('/')).statusCode).toBe(200)
  })

  test('an answer that takes too long', async () => {
    await under({})
    expect((await app.inject('/slow')).json()).toMatchObject({
      status: 503,
      code: 'too_slow',
      detail: expect.stringMatching(/^The answer took longer/),
    })
  })
})

test('a statement of the store is given up after the time that it is given', async () => {
  const real = await liveStore()
  const hasty = await openStore({ databaseUrl: real.url, home: '', statementMs: 50 })
  try {
    await expect(hasty.pool.query('select pg_sleep(2)')).rejects.toMatchObject({ code: '57014' })
    await real.pool.query('select pg_sleep(0.2)')
  } finally {
    await hasty.close()
    await real.close()
  }
})
