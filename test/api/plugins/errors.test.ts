/** What of an error leaves the process: of a refusal its sentence, of a bug the request's id. */
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import fastify, { type FastifyInstance } from 'fastify'
import { errors, problemFor } from '../../../api/plugins/errors.ts'
import { STATUS_OF_CODE } from '../../../api/plugins/refusal-statuses.ts'
import type { RefusalCode } from '../../../engine/kernel/refusal-codes.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { refusalOf } from '../../../jobs/queue/failure.ts'
import { runningApp, json, type RunningApp } from '../../support/services/running-app.ts'

const secret = 'patient p4711 of 5 May'

describe('a refusal', () => {
  const codes = Object.keys(STATUS_OF_CODE) as RefusalCode[]
  const problemOf = (code: RefusalCode) => problemFor(new Refusal(code, secret, { found: secret }), 'request-1')

  test('has a status that the statuses of HTTP know, whatever its code', () => {
    for (const code of codes) expect(problemOf(code), code).toMatchObject({ status: STATUS_OF_CODE[code], code })
    for (const code of codes) expect(problemOf(code).title, code).not.toBe('Error')
  })

  test('about what was handed in says what it says; one about ourselves only where it is logged', () => {
    const ours = codes.filter((code) => STATUS_OF_CODE[code] >= 500)
    expect(ours).toEqual(expect.arrayContaining(['internal', 'job_failed', 'database_unreachable']))
    for (const code of codes) {
      const body = JSON.stringify(problemOf(code))
      expect([code, body.includes(secret), body.includes('request-1')]).toEqual([
        code,
        !ours.includes(code),
        ours.includes(code),
      ])
    }
  })
})

describe('a fault in a route', () => {
  const log = new PassThrough()
  let [app, written]: [FastifyInstance, string] = [null!, '']
  beforeAll(async () => {
    log.on('data', (chunk) => (written += String(chunk)))
    app = fastify({ logger: { level: 'error', stream: log }, genReqId: () => 'request-2' })
    await app.register(errors)
    app.get('/bug', () => {
      throw new TypeError(secret)
    })
    app.get('/wrapped', () => {
      throw refusalOf(secret)
    })
    app.get('/lost', () => {
      throw Object.assign(new Error(secret), { code: 'ECONNREFUSED' })
    })
    app.get('/ends', () => {
      throw Object.assign(new Error(secret), { code: '57P01' })
    })
    app.get('/slow', () => {
      throw Object.assign(new Error(secret), { code: '57014' })
    })
    app.get('/text', () => {
      // oxlint-disable-next-line typescript/only-throw-error -- what a careless library may do
      throw secret
    })
  })
  afterAll(() => app.close())

  test.each([
    ['/bug', 'internal'],
    ['/wrapped', 'job_failed'],
    ['/text', 'internal'],
  ])('%s is 500 with the id of the request, and its own words are in the log beside that id', async (url, code) => {
    written = ''
    const answer = await app.inject(url)
    expect(answer.json()).toMatchObject({ status: 500, code, facts: { request_id: 'request-2' } })
    expect(answer.body).not.toContain(secret)
    const line = JSON.parse(written) as { reqId: string }
    expect(line.reqId).toBe('request-2')
    expect(JSON.stringify(line)).toContain(secret)
  })

  test.each([
    ['/lost', 'database_unreachable', /^The database does not answer/],
    ['/ends', 'database_unreachable', /^The database does not answer/],
    ['/slow', 'too_slow', /^The answer took longer/],
  ])('%s is 503 with a sentence and when to ask again', async (url, code, sentence) => {
    const answer = await app.inject(url)
    expect(answer.json()).toMatchObject({ status: 503, code, detail: expect.stringMatching(sentence) })
    expect(answer.headers['retry-after']).toBe('5')
    expect(answer.body).not.toContain(secret)
  })
})

describe('a request that cannot be read', () => {
  const log = new PassThrough()
  let [asked, written]: [RunningApp, string] = [null!, '']
  beforeAll(async () => {
    log.on('data', (chunk) => (written += String(chunk)))
    asked = await runningApp(log)
  })
  afterAll(() => asked.close())

  test.each([
    ['a body that is no JSON', json(`{"${secret}`), 400, 'unreadable_body'],
    ['no body', json(''), 400, 'unreadable_body'],
    ['a body that poisons a prototype', json(`{"__proto__":{"x":"${secret}"}}`), 400, 'unreadable_body'],
    ['a body without end', json(`"${secret.repeat(50_000)}"`), 413, 'body_too_large'],
    ['a picture', { type: 'image/png', text: secret }, 415, 'unsupported_media_type'],
    ['what the schema does not know', json(`{"workers":"${secret}"}`), 400, 'invalid_request'],
  ])('%s is refused in our words, none of its own', async (_, body, status, code) => {
    const answer = await asked.ask('analyst ann', '/v1/contracts/noord/runs', body)
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.body).not.toMatch(/p4711|FST_|SyntaxError|JSON at/)
  })

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const)(
    '%s, which no address has, is told which it has',
    async (method) => {
      const answer = await asked.app.inject({ method, url: '/v1/contracts' })
      expect(answer.json()).toMatchObject({
        status: 405,
        code: 'method_not_allowed',
        facts: { allow: ['GET', 'HEAD', 'POST'] },
      })
      expect(answer.headers).toMatchObject({ allow: 'GET, HEAD, POST', 'content-type': 'application/problem+json' })
    },
  )

  test('an address longer than any is refused in the same shape', async () => {
    const answer = await asked.ask('analyst ann', `/v1/contracts/${'a'.repeat(5_000)}`)
    expect(answer.json()).toMatchObject({ status: 414, code: 'address_too_long' })
  })

  test('an address that is none is refused in the same shape', async () => {
    const answer = await asked.ask('analyst ann', '/v1/contracts/%zz')
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
  })

  test('every request has an id of its own, also after a restart', async () => {
    for (const url of ['/health', '/v1/contracts']) await asked.ask('analyst ann', url)
    const ids = new Set([...written.matchAll(/"reqId":"([^"]*)"/g)].map(([, id]) => id))
    expect(ids.size).toBeGreaterThan(2)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })
})
