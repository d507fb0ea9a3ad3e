/** Links that let somebody in once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appendLink } from '../../../data/access/links.ts'
import { regionOf } from '../../../data/region/regions.ts'
import { runningApp, type RunningApp } from '../../support/services/running-app.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const linkFor = async (subject: string) => {
  const { regionId } = await regionOf(asked.store, 'noord')
  return await appendLink(asked.store, { role: 'partner', subject, regionId, issuedBy: 'operator' })
}
const use = (code: string) =>
  asked.app.inject({
    method: 'POST',
    url: '/sign-in/link',
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' },
    payload: new URLSearchParams({ code }).toString(),
  })
const cookieOf = (answer: Awaited<ReturnType<typeof use>>) => String(answer.headers['set-cookie'] ?? '').split(';')[0]!

test('opening a link does nothing; its button lets in once, as whom it was given to, for a day', async () => {
  const code = await linkFor('p01')
  for (const _ of [1, 2]) {
    const page = await asked.app.inject({ url: `/sign-in/link/${code}`, headers: { accept: 'text/html' } })
    expect([page.statusCode, page.headers['set-cookie']]).toEqual([200, undefined])
    expect(page.body).toContain(`name="code" value="${code}"`)
  }
  const first = await use(code)
  expect([first.statusCode, first.headers.location]).toEqual([303, '/'])
  const page = await asked.app.inject({
    url: '/settlements',
    headers: { cookie: cookieOf(first), accept: 'text/html' },
  })
  expect(page.body).toContain('partner p01 · noord')
  const again = await use(code)
  expect([again.statusCode, cookieOf(again)]).toEqual([410, ''])
  expect(again.body).toContain('Deze link is al gebruikt')
  const { rows } = await asked.store.pool.query(
    `select subject, scope, expires_at - issued_at = interval '1 day' as "forADay" from access_key
      where key_id in (select key_id from sign_in_link_use)`,
  )
  expect(rows).toEqual([{ subject: 'p01', scope: 'act', forADay: true }])
})

test('of many who use it at the same moment one is let in', async () => {
  const code = await linkFor('p03')
  const answers = await Promise.all(Array.from({ length: 8 }, () => use(code)))
  expect(answers.map(({ statusCode }) => statusCode).sort((a, b) => a - b)).toEqual([
    303,
    ...Array<number>(7).fill(410),
  ])
})

test('one that is over, or that nobody gave out, lets nobody in; its code is nowhere in the database', async () => {
  const code = await linkFor('p01')
  await asked.store.pool.query(`alter table sign_in_link disable trigger user;
    update sign_in_link set issued_at = now() - interval '9 days', expires_at = now() - interval '1 second'
     where not exists (select from sign_in_link_use u where u.code_sha256 = sign_in_link.code_sha256);
    alter table sign_in_link enable trigger user`)
  expect((await use(code)).statusCode).toBe(410)
  expect((await use('nothing')).statusCode).toBe(410)
  const { rows } = await asked.store.pool.query('select row_to_json(sign_in_link)::text as row from sign_in_link')
  expect(JSON.stringify(rows)).not.toContain(code)
})

test('a request can neither read nor make links, nor exchange them', async () => {
  const as = async (statement: string) => {
    const client = await asked.store.pool.connect()
    try {
      await client.query('begin; set local role winst_request')
      return await client.query(statement)
    } finally {
      await client.query('rollback')
      client.release()
    }
  }
  for (const statement of [
    'select * from sign_in_link',
    'select * from sign_in_link_use',
    "select use_sign_in_link(repeat('0', 64), repeat('1', 64))",
  ])
    await expect(as(statement)).rejects.toMatchObject({ code: '42501' })
})
