/** Contracts handed in, runs asked for, and the service itself. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RIGHTS } from '../../../api/rights.ts'
import { runningApp, json, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const contractYaml = `contract: zz-dm2-2025
title: Gezondheidswinst DM2 2025
programme: dm2
period: {start: 2025-01-01, end: 2025-12-31}
reference: {start: 2021-01-01, end: 2024-12-31}
outcomes:
  - {measure: hba1c, price_eur: 12.5, horizon_days: 365, window_days: 120, baseline_days: 450}
share: {gain: 0.5, loss: 0.0}
`

describe('contracts and runs', () => {
  test('YAML and JSON of one contract are one contract', async () => {
    const first = await asked.ask('analyst ann', '/v1/contracts', { type: 'application/yaml', text: contractYaml })
    expect(first.statusCode).toBe(201)
    expect(first.headers.location).toBe('/v1/contracts/zz-dm2-2025')
    const document = {
      contract: 'zz-dm2-2025',
      title: 'Gezondheidswinst DM2 2025',
      programme: 'dm2',
      period: { start: '2025-01-01', end: '2025-12-31' },
      reference: { start: '2021-01-01', end: '2024-12-31' },
      outcomes: [{ measure: 'hba1c', price_eur: 12.5, horizon_days: 365, window_days: 120, baseline_days: 450 }],
      share: { gain: 0.5, loss: 0 },
    }
    const second = await asked.ask('analyst ann', '/v1/contracts', json(JSON.stringify(document)))
    expect(second.json().contract_sha256).toBe(first.json().contract_sha256)
    expect((await asked.ask('insurer 3311', '/v1/contracts/zz-dm2-2025')).json().yaml).toBe(contractYaml)
  })

  test('to research a contract names no partner', async () => {
    const named = contractYaml
      .replace('zz-dm2', 'named-dm2')
      .replace(/^reference: *\{/m, 'partners: [p01] # Praktijk p01\ncontrol: [p90]\nreference: {partners: [p01, p90], ')
    const text = named.includes('control:') ? named : `${named}\npartners: [p01] # Praktijk p01\ncontrol: [p90]\n`
    expect((await asked.ask('analyst ann', '/v1/contracts', { type: 'application/yaml', text })).statusCode).toBe(201)
    const { yaml } = (await asked.ask('researcher rob', '/v1/contracts/named-dm2-2025')).json()
    expect(yaml).not.toMatch(/p01|p90|Praktijk/)
    expect(yaml).toContain('hba1c')
  })

  test('a contract that breaks a rule is refused with its path, and not kept', async () => {
    const wrong = contractYaml.replace('window_days: 120', 'window_days: 400').replace('zz-dm2', 'wrong-dm2')
    const answer = await asked.ask('analyst ann', '/v1/contracts', { type: 'application/yaml', text: wrong })
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.json()).toMatchObject({ status: 422, code: 'invalid_contract' })
    expect(answer.json().detail).toContain('outcomes[0].window_days')
    expect((await asked.ask('analyst ann', '/v1/contracts/wrong-dm2-2025')).statusCode).toBe(404)
  })

  test.each([
    ['text that is no YAML', 'application/yaml', 'a: [1', 400],
    ['JSON that breaks off', 'application/json', '{"contract":', 400],
    ['nothing', 'application/yaml', '', 400],
    ['another kind of content', 'text/csv', 'a,b', 415],
    ['a megabyte', 'application/yaml', 'a'.repeat(1_100_000), 413],
  ])('%s is refused as such', async (_name, type, text, status) => {
    const answer = await asked.ask('analyst ann', '/v1/contracts', { type, text })
    expect([answer.statusCode, answer.json().status]).toEqual([status, status])
  })

  test('a run is taken into the queue once, and can be watched', async () => {
    const first = await asked.ask('analyst ann', '/v1/contracts/noord/runs', json('{"region":"noord"}'))
    expect(first.statusCode).toBe(202)
    const { job_id, state } = first.json()
    expect(first.headers.location).toBe(`/v1/jobs/${job_id}`)
    expect(state).toBe('waiting')
    const again = await asked.ask('analyst ann', '/v1/contracts/noord/runs', json('{"as_of":"2026-01-01"}'))
    expect(again.json().job_id).toBe(job_id)
    const watched = (await asked.ask('analyst ann', `/v1/jobs/${job_id}`)).json()
    expect(watched).toMatchObject({ job_id, state: 'waiting', progress: { stage: 'snapshot', done: 0 }, refusal: null })
  })

  test.each([
    ['a day before any delivery', '{"as_of":"2020-01-01"}', 422, 'nothing_delivered'],
    ['a day that does not exist', '{"as_of":"2026-02-30"}', 400, 'invalid_request'],
    ['a region that is not there', '{"region":"zuid"}', 404, 'unknown_region'],
    ['a wish we do not know', '{"workers":4}', 400, 'invalid_request'],
  ])('a run for %s is refused', async (_name, text, status, code) => {
    expect((await asked.ask('analyst ann', '/v1/contracts/noord/runs', json(text))).json()).toMatchObject({
      status,
      code,
    })
  })
})

const SERVICE = ['/health', '/ready', '/metrics', '/openapi.json']

describe('the service', () => {
  test('says that it lives', async () => {
    const answer = await asked.app.inject('/health')
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ok' }])
  })

  test('describes every route but its pages, and says who is let in', async () => {
    const document = (await asked.app.inject('/openapi.json')).json()
    expect(document.openapi).toBe('3.1.0')
    const rights = Object.keys(RIGHTS).map((right) => right.split(' ')[1]!.replaceAll(/:(\w+)/g, '{$1}'))
    const isOfPrograms = (path: string) => path.startsWith('/v1/') || SERVICE.includes(path)
    expect(Object.keys(document.paths).sort()).toEqual([...new Set(rights)].filter(isOfPrograms).sort())
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path as object))
    for (const operation of operations)
      expect(operation).toMatchObject({ summary: expect.any(String), security: expect.any(Array) })
    const refs = JSON.stringify(document).match(/"\$ref":"#\/[^"]+"/g) ?? []
    for (const ref of refs) {
      const place = ref.slice(10, -1).split('/')
      expect(
        place.reduce((at: unknown, key) => (at as Record<string, unknown>)?.[key], document),
        ref,
      ).toBeDefined()
    }
    expect((await asked.app.inject('/docs/')).statusCode).toBe(200)
  })

  test('every answer carries its security headers', async () => {
    for (const url of ['/', '/health', '/docs/', '/nowhere', asked.settlementUrl()]) {
      const { headers } = await asked.app.inject(url)
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    }
  })

  test('what is not there is a problem like any other', async () => {
    const answer = await asked.ask('analyst ann', '/nowhere?token=secret')
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' })
    expect(answer.body).not.toContain('secret')
  })
})
