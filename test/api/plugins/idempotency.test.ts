/** A request under a key is done once, however often it is sent, at once or again, and whoever dies in between. */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginKeyed, forgetKeyed, keepAnswer } from '../../../data/access/idempotency.ts'
import { asSigner } from '../../../data/access/request-store.ts'
import type { Identity } from '../../../data/access/keys.ts'
import { decideOnModel } from '../../../data/settlements/model-registry.ts'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const model = sha256('noord hba1c')
const decision = (reason: string) => ({ state: 'payable', reason })

/** POST of a decision: of all acts the one that may follow on itself, so that nothing but the key keeps it from being done twice. */
const decide = (key: string, body: object, asker: ReaderName = 'analyst bob') =>
  asked.app.inject({
    method: 'POST',
    url: `/v1/models/${model}/decisions`,
    headers: { authorization: `Bearer ${asked.tokenOf(asker)}`, 'idempotency-key': key },
    payload: body,
  })

async function decisions(reason: string): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select count(*)::int as made from model_decision where reason = ${reason}`.execute(asked.store.db)
  return rows[0]!.made
}

const nooneElse: Identity = {
  regionId: 1,
  region: 'noord',
  role: 'analyst',
  subject: 'bob',
  scope: 'act',
  credential: 'key',
  person: null,
}
const age = (key: string, by: string) =>
  sql`update idempotency set begun_at = begun_at - ${by}::interval where key = ${key}`.execute(asked.store.db)
/** The hash that the app gives the request. */
async function hashIn(key: string): Promise<string> {
  const { rows } = await sql<{ hash: string }>`
    select request_sha256 as hash from idempotency where key = ${key}`.execute(asked.store.db)
  return rows[0]!.hash
}

test('however often and at once it is sent, it is done once, and answered alike', async () => {
  let [round, done] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 2, maxLength: 14 }), async (sent) => {
      round++
      // Up to three acts at once, each sent several times.
      const ask = async (act: number) => {
        for (;;) {
          const answer = await decide(`k-${round}-${act}`, decision(`round ${round} ${act}`))
          if (answer.statusCode !== 409) return { act, answer }
          expect(answer.json().code).toBe('request_in_progress')
          expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
        }
      }
      const answers = await Promise.all(sent.map(ask))
      for (const act of new Set(sent)) {
        const own = answers.filter((each) => each.act === act).map(({ answer }) => answer)
        expect(own.map(({ statusCode }) => statusCode)).toEqual(own.map(() => 201))
        expect(new Set(own.map(({ body }) => body)).size).toBe(1)
        expect(own.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
        expect(await decisions(`round ${round} ${act}`)).toBe(1)
        done++
      }
    }),
    { numRuns: 8 },
  )
  expect(done).toBeGreaterThan(8)
})

test('forty acts at once, each with a connection of its own beside its request, do not wait for each other for ever', async () => {
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => decide(`many-${n}`, decision('many'))))
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 201))
  expect(await decisions('many')).toBe(40)
})

test('a request without a key is done as often as it is sent', async () => {
  for (let n = 0; n < 2; n++)
    await asked.app.inject({
      method: 'POST',
      url: `/v1/models/${model}/decisions`,
      headers: { authorization: `Bearer ${asked.tokenOf('analyst bob')}` },
      payload: decision('no key'),
    })
  expect(await decisions('no key')).toBe(2)
})

describe('a key', () => {
  test('says one thing: with another body or address it is refused', async () => {
    expect((await decide('one', decision('one'))).statusCode).toBe(201)
    expect((await decide('one', { reason: 'one', state: 'payable' })).statusCode).toBe(201)
    const other = await decide('one', decision('another'))
    expect(other.json()).toMatchObject({ status: 422, code: 'key_of_another_request' })
    expect(await decisions('another')).toBe(0)
  })

  test('is that of whoever asks: another has keys of its own', async () => {
    await decide('mine', decision('of bob'))
    expect((await decide('mine', decision('of ann'), 'analyst ann')).statusCode).toBe(201)
  })

  test('of a refused request is free again', async () => {
    expect((await decide('later', { state: 'payable', reason: '' })).statusCode).toBe(400)
    expect((await decide('later', decision('later'))).statusCode).toBe(201)
  })

  test('is forgotten after a day', async () => {
    await decide('daily', decision('daily'))
    await age('daily', '23 hours')
    expect((await decide('daily', decision('daily'))).headers['idempotency-replayed']).toBe('true')
    await age('daily', '61 minutes')
    expect((await decide('daily', decision('next day'))).statusCode).toBe(201)
  })

  test.each(['', 'a b', 'é', 'x'.repeat(201)])('is 1 to 200 printable characters: not %j', async (key) => {
    expect((await decide(key, decision('never'))).statusCode).toBe(400)
    expect(await decisions('never')).toBe(0)
  })
})

describe('a process that dies', () => {
  /** The row that a process leaves that died at its work. */
  async function left(key: string) {
    await decide(key, decision(key))
    const request = { key, requestSha256: await hashIn(key), attempt: 'of the dead' }
    await sql`delete from idempotency where key = ${key}`.execute(asked.store.db)
    expect(await beginKeyed(asked.store, nooneElse, request)).toEqual({ state: 'ours' })
    return request
  }

  test('before it acted: the request is at work for a minute, and then done by who asks again', async () => {
    const request = await left('dead')
    expect((await decide('dead', decision('dead'))).json().code).toBe('request_in_progress')
    await age('dead', '61 seconds')
    expect((await decide('dead', decision('dead'))).statusCode).toBe(201)
    // It was not dead but slow: its act comes too late, and is undone.
    const late = asSigner(asked.store, { ...nooneElse, request }, (store) =>
      decideOnModel(store, model, { state: 'payable', by: 'analyst:bob', reason: 'late' }),
    )
    await expect(late).rejects.toMatchObject({ code: 'request_in_progress' })
    expect(await decisions('late')).toBe(0)
    await keepAnswer(asked.store, nooneElse, request, { status: 200, headers: {}, body: Buffer.from('late') })
    expect((await decide('dead', decision('dead'))).statusCode).toBe(201)
  })

  test('after it acted: nobody acts again, and who asks is told', async () => {
    const request = await left('acted')
    await asSigner(asked.store, { ...nooneElse, request }, async () => undefined)
    await forgetKeyed(asked.store, nooneElse, request)
    const before = await decisions('acted')
    expect((await decide('acted', decision('acted'))).json()).toMatchObject({ status: 409, code: 'answer_lost' })
    expect(await decisions('acted')).toBe(before)
  })
})
