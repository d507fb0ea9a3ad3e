/** Every route, asked by every kind of reader and by nobody. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, readerNames, json, type RunningApp, type ReaderName } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

describe('who may ask what', () => {
  // 200 or 404: served; 403: not this role. A 404 says: not among what this token may know of.
  const routes: readonly (readonly [
    name: string,
    url: () => string,
    body: boolean,
    allowed: Readonly<Record<ReaderName, number>>,
  ])[] = [
    ['list of contracts', () => '/v1/contracts', false, served(200)],
    ['a contract', () => '/v1/contracts/noord', false, served(200)],
    ['handing in a contract', () => '/v1/contracts', true, onlyAnalyst(422)],
    ['asking for a run', () => '/v1/contracts/nowhere/runs', true, onlyAnalyst(404)],
    ['a run', () => '/v1/runs/0123456789', false, onlyAnalyst(404)],
    ['list of runs', () => '/v1/runs', false, onlyAnalyst(200)],
    ['a job', () => '/v1/jobs/0123456789', false, { ...served(404), 'researcher rob': 403 }],
    ['list of settlements', () => '/v1/settlements', false, served(200)],
    ['a settlement', () => asked.settlementUrl(), false, { ...served(200), 'insurer 1111': 404, 'partner p77': 404 }],
    [
      'a statement',
      () => asked.settlementUrl('/partners/p01'),
      false,
      {
        ...served(404),
        'analyst ann': 200,
        'analyst bob': 200,
        'insurer 7095': 200,
        'insurer 3311': 200,
        'partner p01': 200,
        'researcher rob': 403,
      },
    ],
    ['the report', () => asked.settlementUrl('/report'), false, onlyAnalyst(200)],
    [
      'outcomes',
      () => asked.settlementUrl('/outcomes'),
      false,
      { ...served(200), 'insurer 1111': 404, 'partner p77': 404, 'researcher rob': 403 },
    ],
  ]
  test.each(routes)('%s', async (_name, url, isPost, allowed) => {
    for (const asker of readerNames) {
      const { statusCode } = await asked.ask(asker, url(), isPost ? json('{}') : undefined)
      expect([asker, statusCode]).toEqual([asker, allowed[asker]])
    }
  })

  test.each(routes)('%s: nobody without a token, nor with one that is not known', async (_name, url, isPost) => {
    for (const authorization of [undefined, 'Bearer wrong', 'Basic YTpi', `Bearer ${asked.tokenOf('analyst ann')}x`]) {
      const headers = authorization === undefined ? {} : { authorization }
      const answer = await asked.app.inject({
        method: isPost ? 'POST' : 'GET',
        url: url(),
        headers,
        ...(isPost ? { payload: {} } : {}),
      })
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({ status: 401, code: 'not_authenticated' })
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })
})

function served(status: number): Record<ReaderName, number> {
  return Object.fromEntries(readerNames.map((asker) => [asker, status])) as Record<ReaderName, number>
}
function onlyAnalyst(status: number): Record<ReaderName, number> {
  return { ...served(403), 'analyst ann': status, 'analyst bob': status }
}
