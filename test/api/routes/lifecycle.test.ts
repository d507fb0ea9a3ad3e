/** The acts of a settlement over HTTP, each by whoever has to, and the accounts that they move. */
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actDay } from '../../../data/settlements/act-day.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { sha256 } from '../../support/settlements/sha256.ts'
import { json, runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
const tokens = new Map<string, string>()
beforeAll(async () => {
  asked = await runningApp()
  for (const subject of ['bob', 'cas'])
    tokens.set(`analyst:${subject}`, await tokenFor(asked.store, 'analyst', subject, 'noord'))
  for (const each of [
    'analyst ann',
    'insurer 7095',
    'insurer 3311',
    'insurer 1111',
    'partner p01',
    'researcher rob',
  ] as const)
    tokens.set(each.replace(' ', ':'), asked.tokenOf(each))
})
afterAll(() => asked.close())

const call = (who: string, path: string, body?: object) =>
  asked.app.inject({
    method: body ? 'POST' : 'GET',
    url: path.startsWith('/v1/') ? path : asked.settlementUrl(path),
    headers: { authorization: `Bearer ${tokens.get(who)}` },
    ...(body ? { payload: body } : {}),
  })

describe('acts', () => {
  test('are refused to whoever may not do them, and nothing is written', async () => {
    const refusals = [
      ['partner:p01', '/review', 403, 'not_allowed'],
      ['researcher:rob', '/review', 403, 'not_allowed'],
      ['insurer:1111', '/review', 404, 'not_found'],
      ['insurer:7095', '/review', 403, 'not_concerned'],
      ['insurer:1111', '/reject', 404, 'not_found'],
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

  test('follow each other: an analyst reviews, each insurer approves its own, the last approval releases', async () => {
    const reviewed = await call('analyst:bob', '/review', { note: 'twenty receipts read' })
    expect(reviewed.json()).toMatchObject({
      state: 'reviewed',
      events: [
        { by: 'analyst:ann' },
        { by: 'analyst:bob', note: 'twenty receipts read', on: await actDay(asked.store) },
      ],
    })
    for (const [who, body] of [
      ['analyst:cas', {}],
      ['analyst:cas', { insurer: '7095' }],
      ['insurer:7095', { insurer: '3311' }],
    ] as const)
      expect((await call(who, '/release', body)).json()).toMatchObject({ status: 403, code: 'not_concerned' })
    const held = await call('insurer:7095', '/release', {})
    expect(held.json()).toMatchObject({ status: 409, code: expect.stringMatching(/^model_/) })
    expect((await call('analyst:bob', '/life')).json().held_by).not.toEqual([])
    for (const measure of ['hba1c', 'sbp'])
      await asked.ask(
        'analyst bob',
        `/v1/models/${sha256(`noord ${measure}`)}/decisions`,
        json('{"state": "payable", "reason": "seen"}'),
      )
    const one = (await call('insurer:7095', '/release', {})).json()
    expect(one).toMatchObject({ state: 'reviewed', shares: [{ insurer: '7095', approved: { by: 'insurer:7095' } }] })
    expect((await call('insurer:7095', '/release', {})).json().code).toBe('already_approved')
    expect((await call('analyst:cas', '/pay', {})).json().code).toBe('not_in_order')
    const both = (await call('insurer:3311', '/release', {})).json()
    expect(both).toMatchObject({ state: 'released', shares: [{ insurer: '3311' }] })
    expect(both.shares).toHaveLength(1)
    // Six weeks from the release.
    expect(one.disputes).toBeNull()
    const on = both.events.find(({ state }: { state: string }) => state === 'released').on as string
    const until = new Date(Date.parse(on) + 42 * 86_400_000).toISOString().slice(0, 10)
    expect(both.disputes).toEqual({ until, past: false })
  })

  test('each share is paid for itself, by who did not approve it, and the accounts show it', async () => {
    const accounts = async (who: string) =>
      (await call(who, '/v1/ledger')).json().accounts as Record<string, number | string>[]
    const [own] = await accounts('insurer:7095')
    expect(own).toMatchObject({ account: 'insurer', party: '7095', expected_cents: 0, paid_cents: 0 })
    expect(own!.open_cents).toBe(own!.owed_cents)
    expect((await call('insurer:7095', '/pay', {})).json().code).toBe('own_payment')
    expect((await call('insurer:3311', '/pay', { insurer: '7095' })).json().code).toBe('not_concerned')
    const paid = (await call('analyst:cas', '/pay', { insurer: '7095' })).json()
    expect(paid).toMatchObject({ state: 'released' })
    expect(paid.shares.map((share: { paid: unknown }) => share.paid !== null)).toEqual([false, true])
    expect((await accounts('insurer:7095'))[0]).toMatchObject({ paid_cents: own!.owed_cents, open_cents: 0 })
    expect((await accounts('insurer:3311'))[0]).toMatchObject({ paid_cents: 0 })
    expect((await call('analyst:cas', '/pay', {})).json().state).toBe('paid')
    for (const account of await accounts('analyst:ann')) expect(account).toMatchObject({ open_cents: 0 })
    const payments = async (who: string) => (await call(who, '/v1/payments')).json().items as Record<string, unknown>[]
    expect((await payments('analyst:ann')).map(({ insurer }) => insurer)).toEqual(['3311', '7095'])
    expect(await payments('insurer:7095')).toMatchObject([{ insurer: '7095', cents: -Number(own!.owed_cents) }])
    expect((await payments('partner:p01')).map(({ insurer }) => insurer)).toEqual(['3311', '7095'])
    expect((await call('researcher:rob', '/v1/payments')).statusCode).toBe(403)
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
  // Its own share as an analyst sees it, and whom it pays out of that.
  const share = all.shares.find(({ insurer }: { insurer: string }) => insurer === '7095')
  expect(share.pays).toBeUndefined()
  expect(insurers.shares).toEqual([{ ...share, pays: [{ partner_id: 'p01', due_cents: share.due_cents }] }])
  expect((await call('researcher:rob', '/life')).statusCode).toBe(403)
  expect((await call('researcher:rob', '/v1/ledger/head')).json()).toEqual(all.ledger_head)
})

test('an insurer downloads its own bundle, and nobody else does', async () => {
  const answer = await call('insurer:7095', '/bundle')
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'application/gzip'])
  const said = gunzipSync(answer.rawPayload).toString()
  expect(said).toContain('"insurer": "7095"')
  expect(said).not.toContain('3311')
  for (const [who, status] of [
    ['insurer:1111', 404],
    ['analyst:ann', 403],
    ['partner:p01', 403],
    ['researcher:rob', 403],
  ] as const)
    expect([who, (await call(who, '/bundle')).statusCode]).toEqual([who, status])
})

test('the ledger is reported by posting day and by entry, to each its own', async () => {
  const { head, accounts } = (await call('analyst:ann', '/v1/ledger?contract=noord')).json()
  expect(accounts.map(({ account, party }: Record<string, string>) => `${account} ${party}`.trim())).toContain(
    'chain p01',
  )
  for (const column of ['expected_cents', 'owed_cents', 'paid_cents', 'open_cents'])
    expect(accounts.reduce((sum: number, line: Record<string, number>) => sum + line[column]!, 0)).toBe(0)
  expect((await call('analyst:ann', '/v1/ledger?contract=noord&recorded=0')).json()).toEqual({ head, accounts: [] })
  expect((await call('analyst:ann', '/v1/ledger?posted_on=2025-12-31')).json().accounts).toEqual([])
  expect((await call('analyst:ann', '/v1/ledger?posted_on=soon')).statusCode).toBe(400)
  const parties = async (who: string) => [
    ...new Set(
      (await call(who, '/v1/ledger'))
        .json()
        .accounts.map(({ account, party }: Record<string, string>) => `${account} ${party}`),
    ),
  ]
  expect(await parties('insurer:7095')).toEqual(['insurer 7095'])
  expect(await parties('partner:p01')).toEqual(['chain p01'])
  expect(await parties('insurer:1111')).toEqual([])
  expect((await call('researcher:rob', '/v1/ledger')).statusCode).toBe(403)
})
