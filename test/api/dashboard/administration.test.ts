/** Pages of the administrator, the auditor and the researcher: what each shows, and whom they are kept from. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../../data/access/keys.ts'
import { tokenFor } from '../../support/services/keys.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const as = async (role: Role, subject: string) => {
  const cookie = `winst_token=${await tokenFor(asked.store, role, subject, 'noord')}`
  const headers = { cookie, accept: 'text/html', 'sec-fetch-site': 'same-origin' }
  return {
    get: (url: string) => asked.app.inject({ url, headers }),
    send: (url: string, fields: Readonly<Record<string, string>>) =>
      asked.app.inject({
        method: 'POST',
        url,
        headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
        payload: new URLSearchParams(fields).toString(),
      }),
  }
}

describe('keys', () => {
  test('are given out once, listed without their tokens, and withdrawn', async () => {
    const ada = await as('administrator', 'ada')
    const order = { role: 'auditor', subject: 'new', days: '10', scope: 'act', key: 'given-once-0001' }
    const given = await ada.send('/keys', order)
    const token = /<pre>([\w-]{43})<\/pre>/.exec(given.body)?.[1] ?? ''
    expect([given.statusCode, token.length]).toEqual([200, 43])
    const list = await ada.get('/keys')
    expect(list.body).not.toContain(token)
    const key = /action="(\/keys\/[0-9a-f]{16}\/revocation)" id="[^"]+" data-draft="[^"]+" aria-label="[^"]*new/.exec(
      list.body,
    )![1]!
    const lets = async () =>
      (await asked.app.inject({ url: '/v1/audit', headers: { authorization: `Bearer ${token}` } })).statusCode
    expect(await lets()).toBe(200)
    expect((await ada.send(key, {})).statusCode).toBe(303)
    expect(await lets()).toBe(401)
    expect((await ada.get('/')).body).toContain('ingetrokken op')
  })

  test('that cannot be are refused with what was typed', async () => {
    const ada = await as('administrator', 'ada')
    const refused = await ada.send('/keys', { role: 'insurer', subject: 'no code', days: '10', scope: 'act' })
    expect([refused.statusCode, refused.body.includes('value="no code"')]).toEqual([422, true])
  })
})

test.each(['/keys', '/audit', '/audit/chain', '/research/new', '/research/dictionary'])(
  '%s is kept from whoever it is not for',
  async (url) => {
    const partner = await as('partner', 'p01')
    expect((await partner.get(url)).statusCode).toBe(403)
  },
)

test('the method is for everybody who is signed in, in both languages', async () => {
  for (const [role, subject] of [
    ['partner', 'p01'],
    ['administrator', 'ada'],
    ['researcher', 'rob'],
  ] as const) {
    const reader = await as(role, subject)
    expect((await reader.get('/method')).body).toContain('Wat te verwachten was')
    expect((await reader.get('/method?lang=en')).body).toContain('What was to be expected')
  }
})

test('a question that cannot be registered comes back with what was typed', async () => {
  const rob = await as('researcher', 'rob')
  const plan = { title: 'A <b>title</b>', hypothesis: 'h', outcome: 'o', groups: 'g', analysis: 'a' }
  const refused = await rob.send('/research/new', { contract: 'noord', ...plan, measure: 'weight' })
  expect([refused.statusCode, refused.body.includes('A &lt;b&gt;title&lt;/b&gt;')]).toEqual([422, true])
  expect(refused.body).toContain('Deze meting hoort niet bij het contract.')
})

test('a chain that was changed is said to the auditor, with its place', async () => {
  const aud = await as('auditor', 'aud')
  await aud.get('/audit')
  await expect.poll(async () => (await asked.store.pool.query('select 1 from audit_event')).rowCount).toBeGreaterThan(2)
  expect((await aud.get('/audit/chain')).body.match(/notice good/g)).toHaveLength(2)
  await asked.store.pool.query(`alter table audit_event disable trigger user;
    update audit_event set who = 'somebody else' where seq = 1 and region_id is not null;
    alter table audit_event enable trigger user`)
  const page = (await aud.get('/audit/chain')).body
  expect([page.match(/notice good/g)?.length, page.match(/notice fault/g)?.length]).toEqual([1, 1])
  expect(page).toContain('vanaf nummer 1.')
})
