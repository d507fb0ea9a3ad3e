/** What a partner shows its board. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const partnerPage = (partner: string, rest = '') =>
  `/settlements/${asked.noord.settlement.settlement_id}/partners/${partner}${rest}`
const make = (as: ReaderName, partner: string, days = '14') =>
  asked.app.inject({
    method: 'POST',
    url: partnerPage(partner, '/board'),
    headers: {
      authorization: `Bearer ${asked.tokenOf(as)}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'text/html',
    },
    payload: new URLSearchParams({ days }).toString(),
  })
const open = (path: string) => asked.app.inject({ url: path, headers: { accept: 'text/html' } })
const linkIn = (body: string): string => new URL(/href="([^"]*\/board\/[^"]*)"/.exec(body)?.[1] ?? '').pathname

test('before the review there is nothing to show', async () => {
  expect((await make('partner p01', 'p01')).statusCode).toBe(404)
})

test('the partner makes a link, which opens its statement for whoever has it, and nothing else', async () => {
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
  const answer = await asked.app.inject({
    url: partnerPage('p01'),
    headers: { authorization: `Bearer ${asked.tokenOf('partner p01')}`, accept: 'text/html' },
  })
  expect(answer.body).toContain(`action="${partnerPage('p01', '/board')}"`)
  const made = await make('partner p01', 'p01')
  expect(made.statusCode).toBe(200)
  const statement = await open(linkIn(made.body))
  expect([statement.statusCode, statement.headers['content-type']]).toEqual([200, 'application/pdf'])
  expect(statement.rawPayload.subarray(0, 5).toString()).toBe('%PDF-')
  expect(statement.headers['set-cookie']).toBeUndefined()
  const looks = async () =>
    (
      await asked.store.pool.query(
        `select on_behalf_of, credential from audit_event where access_point = 'GET /board/:code'`,
      )
    ).rows
  // what shows no person is in the log within a second
  await expect
    .poll(looks, { timeout: 10_000 })
    .toMatchObject([{ on_behalf_of: 'p01', credential: expect.stringMatching(/^board link [0-9a-f]{16}$/) }])
})

test('nobody makes one of another, and the database refuses it too', async () => {
  for (const as of ['analyst ann', 'insurer 7095', 'researcher rob'] as const)
    expect((await make(as, 'p01')).statusCode, as).toBe(403)
  expect((await make('partner p03', 'p01')).statusCode).toBe(404)
  const { settlement_id: id } = asked.noord.settlement
  const client = await asked.store.pool.connect()
  try {
    for (const who of [`'partner', 'p77'`, `'analyst', 'ann'`, `'insurer', '7095'`]) {
      await client.query(`begin; select enter_request(1, ${who}); set local role winst_app`)
      const keep = client.query(`select keep_board_statement(repeat('a', 64), $1, 7, 'x')`, [id])
      await expect(keep).rejects.toThrow('is made by a partner')
      await client.query('rollback')
    }
    await client.query(`begin; select enter_request(1, 'partner', 'p01'); set local role winst_request`)
    const read = client.query('select * from board_statement')
    await expect(read).rejects.toThrow('permission denied')
  } finally {
    await client.query('rollback')
    client.release()
  }
})

test('a link that has expired, or that nobody made, opens nothing, in words', async () => {
  const path = linkIn((await make('partner p01', 'p01', '7')).body)
  await asked.store.pool.query(`alter table board_statement disable trigger user;
    update board_statement set made_at = now() - interval '8 days', expires_at = now() - interval '1 second';
    alter table board_statement enable trigger user`)
  for (const each of [path, '/board/nobody-made-this']) {
    const over = await open(each)
    expect([over.statusCode, over.headers['content-type']]).toEqual([410, 'text/html; charset=utf-8'])
    expect(over.body).toContain('verlopen of bestaat niet')
  }
})
