/** Keys by route: given out by an administrator for its own region, told once, narrowed to reading, withdrawn. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tokenFor } from '../../support/services/keys.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
let administrator: string
beforeAll(async () => {
  asked = await runningApp()
  administrator = await tokenFor(asked.store, 'administrator', 'ada', 'noord')
})
afterAll(() => asked.close())

interface Key {
  readonly key: string
  readonly token: string
  readonly revoked_at: string | null
  readonly issued_by: string
}

const ask = (token: string, method: 'GET' | 'POST', url: string, payload?: object) =>
  asked.app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(payload && { payload }) })
const issue = async (payload: object) => await ask(administrator, 'POST', '/v1/keys', payload)
const listed = async (token = administrator) => (await ask(token, 'GET', '/v1/keys?limit=200')).json<{ items: Key[] }>()

test('a key is of the region of the administrator, told once, and shut out when it is withdrawn', async () => {
  const answer = await issue({ role: 'analyst', subject: 'eve', days: 7 })
  expect(answer.statusCode, answer.body).toBe(201)
  const { key, token } = answer.json<Key>()
  expect((await ask(token, 'GET', '/v1/settlements')).statusCode).toBe(200)
  const found = (await listed()).items.find((each) => each.key === key)
  expect(found).toMatchObject({ role: 'analyst', subject: 'eve', scope: 'act', revoked_at: null })
  expect(found!.issued_by).toBe('administrator:ada')
  expect(JSON.stringify(await listed())).not.toContain(token)
  const withdrawn = await ask(administrator, 'POST', `/v1/keys/${key}/revocation`)
  expect(withdrawn.statusCode).toBe(200)
  expect(withdrawn.json<Key>().revoked_at).not.toBeNull()
  expect((await ask(token, 'GET', '/v1/settlements')).statusCode).toBe(401)
})

test('a key for reading looks and does nothing', async () => {
  const { token } = (await issue({ role: 'analyst', subject: 'bot', scope: 'read' })).json<Key>()
  expect((await ask(token, 'GET', '/v1/settlements')).statusCode).toBe(200)
  const act = await ask(token, 'POST', asked.settlementUrl('/review'), { note: '' })
  expect([act.statusCode, act.json<{ code: string }>().code]).toEqual([403, 'read_only_key'])
})

test('an administrator of another region neither sees nor withdraws it', async () => {
  const { key, token } = (await issue({ role: 'auditor', subject: 'aud' })).json<Key>()
  const elsewhere = await tokenFor(asked.store, 'administrator', 'zoe', 'elders')
  expect((await listed(elsewhere)).items.map((each) => each.key)).not.toContain(key)
  expect((await ask(elsewhere, 'POST', `/v1/keys/${key}/revocation`)).statusCode).toBe(404)
  expect((await ask(token, 'GET', '/v1/audit')).statusCode).toBe(200)
})

test('what is no key is refused: an insurer without its code, a term too long, nobody', async () => {
  for (const body of [
    { role: 'insurer', subject: 'Zorg' },
    { role: 'analyst', subject: 'eve', days: 401 },
    { role: 'analyst', subject: ' ' },
    { role: 'boss', subject: 'eve' },
  ])
    expect([body, (await issue(body)).statusCode]).toEqual([body, 400])
})

test('an answer that was lost does not tell the token again', async () => {
  const headers = { authorization: `Bearer ${administrator}`, 'idempotency-key': 'one-key' }
  const send = () =>
    asked.app.inject({ method: 'POST', url: '/v1/keys', headers, payload: { role: 'auditor', subject: 'twice' } })
  expect((await send()).statusCode).toBe(201)
  const again = await send()
  expect([again.statusCode >= 400, again.body.includes('token":')]).toEqual([true, false])
})

test('a region is told to whoever is of it', async () => {
  for (const token of [administrator, asked.tokenOf('partner p77'), asked.tokenOf('researcher rob')])
    expect((await ask(token, 'GET', '/v1/regions')).json()).toEqual({ items: [{ region: 'noord' }], next: null })
})
