/** Health, readiness, metrics and spans: told of the service, and of nobody in it. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildApp } from '../../../../api/app.ts'
import { runningApp, type RunningApp } from '../../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

describe('readiness', () => {
  test('store, schema and queue answer', async () => {
    const answer = await asked.app.inject('/ready')
    const all = { status: 'ready', database: 'ok', schema: 'ok', queue: 'ok', queue_on: 'postgres', missing: [] }
    expect([answer.statusCode, answer.json()]).toEqual([200, all])
  })

  test('a schema that is behind is not ready, and is told which step', async () => {
    const { rows } = await asked.store.pool.query<{ name: string }>(
      'delete from kysely_migration where name = (select max(name) from kysely_migration) returning name',
    )
    const answer = await asked.app.inject('/ready')
    expect([answer.statusCode, answer.json().schema]).toEqual([503, 'behind'])
    expect(answer.json().missing).toEqual([expect.stringContaining(rows[0]?.name ?? '?')])
    await asked.store.pool.query('insert into kysely_migration values ($1, $2)', [
      rows[0]?.name,
      new Date().toISOString(),
    ])
    expect((await asked.app.inject('/ready')).statusCode).toBe(200)
  })

  test.each([
    ['fails', () => Promise.reject(new Error('connect ECONNREFUSED'))],
    ['is silent', () => new Promise<never>(() => {})],
  ])('a queue that %s is missed within three seconds, while the process lives', async (_, getJobState) => {
    // the parts of a queue that are asked
    const queue = { kind: 'redis', queue: () => ({ getJobState }) } as unknown as Parameters<
      typeof buildApp
    >[0]['queue']
    const app = await buildApp({ store: asked.store, queue })
    const began = performance.now()
    const answer = await app.inject('/ready')
    expect(performance.now() - began).toBeLessThan(3_000)
    expect([answer.statusCode, answer.json()]).toMatchObject([
      503,
      { status: 'not_ready', database: 'ok', queue: 'down', missing: ['The queue on Redis does not answer.'] },
    ])
    expect((await app.inject('/health')).json()).toEqual({ status: 'ok' })
    await app.close()
  })
})

describe('metrics', () => {
  test('tell how often and how long by route, and no id', async () => {
    await asked.ask('analyst ann', asked.settlementUrl('/partners/p01'))
    await asked.ask('partner p01', '/v1/contracts/p01-s0000001?x=1')
    const answer = await asked.app.inject('/metrics')
    expect(answer.headers['content-type']).toMatch(/^text\/plain/)
    expect(answer.body).toContain(
      'winst_http_request_seconds_count{method="GET",route="/v1/settlements/:settlement/partners/:partner",status="200"} 1',
    )
    expect(answer.body).toContain('winst_database_connections{state="idle"}')
    expect(answer.body).toMatch(/nodejs_eventloop_lag_seconds \d/)
    for (const id of [asked.noord.settlement.settlement_id, 'p01', 's0000001', '7095', 'ann'])
      expect(answer.body).not.toContain(id)
  })

  test('are not read by way of a proxy, nor from another machine', async () => {
    const forwarded = await asked.app.inject({ url: '/metrics', headers: { 'x-forwarded-for': '192.0.2.1' } })
    expect(forwarded.json()).toMatchObject({ status: 401, code: 'not_authenticated' })
    expect((await asked.app.inject({ url: '/metrics', remoteAddress: '192.0.2.1' })).statusCode).toBe(401)
  })

  test('are read with their token alone where there is one', async () => {
    const queue = asked.app.queue
    const app = await buildApp({ store: asked.store, queue }, null, { metricsToken: 'secret' })
    const statuses = []
    for (const authorization of ['Bearer secret', 'Bearer secreT', 'Bearer', ''])
      statuses.push((await app.inject({ url: '/metrics', headers: { authorization } })).statusCode)
    expect(statuses).toEqual([200, 401, 401, 401])
    await app.close()
  })
})

describe('traces', () => {
  let collector: Server
  afterEach(() => void collector.close())

  test('reach the collector as OTLP, in the trace of who asked, without an address', async () => {
    const received: { path: string; key: string; body: string }[] = []
    collector = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => (body += String(chunk)))
      request.on('end', () => {
        received.push({ path: request.url ?? '', key: String(request.headers['x-key']), body })
        response.end('{}')
      })
    })
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening))
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`
    const app = await buildApp({ store: asked.store, queue: asked.app.queue }, null, {
      collector: { endpoint, headers: 'x-key=a%20b' },
    })
    const traceparent = `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01`
    await app.inject({ url: '/v1/contracts/noord?secret=1', headers: { traceparent } })
    await app.inject({ url: '/health', headers: { traceparent: `00-${'0'.repeat(32)}-${'cd'.repeat(8)}-01` } })
    await app.close()
    expect(received.map(({ path, key }) => [path, key])).toEqual([['/v1/traces', 'a b']])
    const [{ scopeSpans }] = JSON.parse(received[0]?.body ?? '{}').resourceSpans
    const [contract, health] = scopeSpans[0].spans
    expect(contract).toMatchObject({
      traceId: 'ab'.repeat(16),
      parentSpanId: 'cd'.repeat(8),
      name: 'GET /v1/contracts/:contract',
      kind: 2,
    })
    expect(contract.spanId).toMatch(/^[0-9a-f]{16}$/)
    expect(BigInt(contract.endTimeUnixNano)).toBeGreaterThan(BigInt(contract.startTimeUnixNano))
    expect(health.traceId).not.toBe('0'.repeat(32))
    expect(received[0]?.body).not.toMatch(/noord|secret/)
  })

  test('a collector that does not answer costs nothing but its spans', async () => {
    collector = createServer()
    const app = await buildApp({ store: asked.store, queue: asked.app.queue }, null, {
      collector: { endpoint: 'http://127.0.0.1:1' },
    })
    expect((await app.inject('/health')).statusCode).toBe(200)
    await app.close()
  })
})
