/** Nobody can take the service from all others: not a reader, not an address, not who guesses at tokens. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../api/plugins/limits/limits.ts'
import { json, runningApp, type RunningApp } from '../../../support/services/running-app.ts'

let asked: RunningApp
beforeEach(async () => {
  const limits = { ...LIMITS, reads: 5, writes: 2, address: 40, guesses: 3 }
  asked = await runningApp(null, { limits, trustProxy: 'loopback' })
})
afterEach(() => asked.close())

const openapi = async (): Promise<number> => (await asked.app.inject('/openapi.json')).statusCode
const guess = (token: string, from = '192.0.2.1') =>
  asked.app.inject({ url: '/v1/settlements', headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': from } })
const statuses = async (times: number, ask: (i: number) => Promise<{ statusCode: number }>): Promise<number[]> => {
  const found = []
  for (let i = 0; i < times; i++) found.push((await ask(i)).statusCode)
  return found
}

describe('a reader', () => {
  test('who asks too often is told when to ask again; others are not kept waiting', async () => {
    expect(await statuses(6, () => asked.ask('analyst ann', '/v1/settlements'))).toEqual([200, 200, 200, 200, 200, 429])
    const answer = await asked.ask('analyst ann', '/v1/settlements')
    expect(answer.json()).toMatchObject({ status: 429, code: 'too_many_requests' })
    expect(answer.json().detail).toContain('analyst ann')
    expect(Number(answer.headers['retry-after'])).toBe(answer.json().facts.retry_after_seconds)
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect((await asked.ask('analyst bob', '/v1/settlements')).statusCode).toBe(200)
  })

  test('changes less often than it reads', async () => {
    const change = () => asked.ask('analyst ann', '/v1/contracts/nowhere/runs', json('{}'))
    expect(await statuses(3, change)).toEqual([404, 404, 429])
    expect((await asked.ask('analyst ann', '/v1/settlements')).statusCode).toBe(200)
  })
})

describe('an address', () => {
  test('that guesses at tokens is stopped, and who was let in from it before is not', async () => {
    const mine = asked.tokenOf('analyst ann')
    expect((await guess(mine)).statusCode).toBe(200)
    expect(await statuses(5, (i) => guess(`wrong${i}`))).toEqual([401, 401, 401, 429, 429])
    expect((await guess(mine)).statusCode).toBe(200)
    expect((await guess(asked.tokenOf('analyst bob'), '192.0.2.2')).statusCode).toBe(200)
  })

  test('is stopped too when it guesses at the form of the first page', async () => {
    const payload = 'token=wrong'
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': '192.0.2.9' }
    const login = () => asked.app.inject({ method: 'POST', url: '/sign-in', headers, payload })
    expect(await statuses(4, login)).toEqual([401, 401, 401, 429])
  })

  test('asks so often and no more, whoever asks; whether the service lives is always told', async () => {
    const since = performance.now()
    const found: number[] = []
    while (found.at(-1) !== 429) found.push(await openapi())
    // One more each minute's fortieth that has passed, however slow the machine is.
    const passed = Math.ceil(((performance.now() - since) * 40) / 60_000)
    expect(found.slice(0, -1).every((status) => status === 200)).toBe(true)
    expect(found.length - 1).toBeGreaterThanOrEqual(40)
    expect(found.length - 1).toBeLessThanOrEqual(40 + passed)
    expect((await asked.app.inject('/health')).statusCode).toBe(200)
  })

  test('of IPv6 is a network, since who has one address has them all', async () => {
    const from = (i: number) => guess(`wrong${i}`, `2001:db8:1:2:${i}::1`)
    expect(await statuses(4, from)).toEqual([401, 401, 401, 429])
  })
})
