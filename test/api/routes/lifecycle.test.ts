/** Three people sign the acts of a settlement, each by token. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenFor } from '../../support/services/keys.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
const tokens = new Map<string, string>()
beforeAll(async () => {
  asked = await runningApp()
  for (const subject of ['bob', 'cas'])
    tokens.set(`analyst:${subject}`, await tokenFor(asked.store, 'analyst', subject, 'noord'))
  for (const each of ['analyst ann', 'insurer 7095', 'insurer 1111', 'partner p01', 'researcher rob'] as const)
    tokens.set(each.replace(' ', ':'), asked.tokenOf(each))
})
afterAll(() => asked.close())

const call = (who: string, path: string, body?: object) =>
  asked.app.inject({
    method: body ? 'POST' : 'GET',
    url: path.startsWith('/v1/ledger') ? path : asked.settlementUrl(path),
    headers: { authorization: `Bearer ${tokens.get(who)}` },
    ...(body ? { payload: body } : {}),
  })

describe('acts', () => {
  test('are refused to whoever may not do them, and nothing is written', async () => {
    const refusals = [
      ['partner:p01', '/review', 403, 'not_allowed'],
      ['researcher:rob', '/review', 403, 'not_allowed'],
      ['insurer:1111', '/review', 404, 'not_found'],
      ['analyst:ann', '/review', 403, 'own_review'],
      ['analyst:bob', '/release', 409, 'not_in_order'],
      ['analyst:bob', '/pay', 409, 'not_in_order'],
      ['analyst:bob', '/burn', 400, 'invalid_request'],
    ] as const
    for (const [who, path, status, code] of refusals) {
      const answer = await call(who, path, {})
      expect([who, path, answer.statusCode, answer.json().code]).toEqual([who, path, status, code])
    }
    const named = await call('analyst:bob', '/review', { acted_by: 'analyst:cas' })
    expect(named.statusCode).toBe(400)
    expect((await call('analyst:ann', '/life')).json()).toMatchObject({ state: 'prepared', next: ['review', 'reject'] })
  })

  test('follow each other, signed by the holder of the token', async () => {
    const reviewed = await call('insurer:7095', '/review', { note: 'twenty receipts read' })
    expect(reviewed.json()).toMatchObject({
      state: 'reviewed',
      events: [{ by: 'analyst:ann' }, { by: 'insurer:7095', note: 'twenty receipts read' }],
      pays: [],
    })
    expect((await call('insurer:7095', '/release', {})).json().code).toBe('own_release')
    const held = await call('analyst:bob', '/release', {})
    expect(held.json()).toMatchObject({ status: 409, code: expect.stringMatching(/^model_/) })
    expect((await call('analyst:bob', '/life')).json().held_by).not.toEqual([])
  })
})

test('amounts are for analysts and the partner itself, the head of the ledger is for everyone', async () => {
  const all = (await call('analyst:ann', '/life')).json()
  expect(all.pays.map((line: { partner_id: string }) => line.partner_id)).toEqual(['p01', 'p02', 'p03'])
  const own = await call('partner:p01', '/life')
  expect(own.json().pays).toEqual([all.pays[0]])
  expect(own.body).not.toMatch(/p02|p03/)
  const insurers = (await call('insurer:7095', '/life')).json()
  expect([insurers.pays, insurers.ledger_head]).toEqual([[], all.ledger_head])
  expect((await call('researcher:rob', '/life')).statusCode).toBe(403)
  expect((await call('researcher:rob', '/v1/ledger/head')).json()).toEqual(all.ledger_head)
})

test('the ledger is reported by posting day and by entry', async () => {
  const { head, balances } = (await call('analyst:ann', '/v1/ledger?contract=noord')).json()
  expect(balances.map(({ account, party }: Record<string, string>) => `${account} ${party}`.trim())).toContain(
    'chain p01',
  )
  expect(balances.reduce((sum: number, { cents }: { cents: number }) => sum + cents, 0)).toBe(0)
  expect((await call('analyst:ann', '/v1/ledger?contract=noord&recorded=0')).json()).toEqual({ head, balances: [] })
  expect((await call('analyst:ann', '/v1/ledger?posted_on=2025-12-31')).json().balances).toEqual([])
  expect((await call('analyst:ann', '/v1/ledger?posted_on=soon')).statusCode).toBe(400)
  expect((await call('insurer:7095', '/v1/ledger')).statusCode).toBe(403)
})
