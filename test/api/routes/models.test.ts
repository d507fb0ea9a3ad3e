/** Models over HTTP: who reads what, who decides. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { actDay } from '../../../data/settlements/act-day.ts'
import { driftOf } from '../../../engine/explain/drift.ts'
import { appendDrift, readResults } from '../../../data/runs/drift.ts'
import { runningApp, json, type RunningApp, type ReaderName, type Body } from '../../support/services/running-app.ts'
import { sha256 } from '../../support/settlements/sha256.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const model = sha256('noord hba1c')
const body = (document: unknown): Body => json(JSON.stringify(document))
const decision = { state: 'payable', reason: 'looked at the card' }

describe('the models', () => {
  test.each<ReaderName>(['analyst ann', 'insurer 7095', 'partner p01', 'researcher rob'])(
    'are read by %s',
    async (asker) => {
      const models = (await asked.ask(asker, '/v1/models')).json().items
      expect(models).toContainEqual({
        model_id: model,
        programme: 'dm2',
        measure: 'hba1c',
        state: 'validated',
        checks: [],
      })
      expect((await asked.ask(asker, `/v1/models/${sha256('none')}`)).statusCode).toBe(404)
    },
  )

  test('show their calibration since, but no month of fewer than ten', async () => {
    const { run } = asked.noord.world
    const results = await readResults(asked.store, run, 'hba1c', { control: ['p90'] })
    // one month more, of nine results
    const month = results.month.map((each, row) => (row < 9 ? each + 1 : each))
    await appendDrift(asked.store, run, 'hba1c', driftOf({ ...results, month, control: results.control.fill(1) }))
    const { drift, card, decisions } = (await asked.ask('partner p01', `/v1/models/${model}`)).json()
    expect(drift).toHaveLength(1)
    expect(drift[0].months.map((each: { month: string }) => each.month)).toEqual(['2025-12-01'])
    expect(card.spec).toEqual({ measure: 'hba1c' })
    expect(decisions[0]).toMatchObject({ state: 'validated', by: 'winst' })
  })
})

describe('a decision', () => {
  test('is made by an analyst of the region, under the name of the token, and lifts the hold', async () => {
    const held = async () =>
      (await asked.ask('analyst ann', asked.settlementUrl()))
        .json()
        .held.map(({ code, measure }: { code: string; measure: string }) => `${measure} ${code}`)
    expect(await held()).toEqual(['hba1c model_not_payable', 'sbp model_not_payable'])
    const answer = await asked.ask('analyst bob', `/v1/models/${model}/decisions`, body(decision))
    expect([answer.statusCode, answer.json().state]).toEqual([201, 'payable'])
    expect(answer.json().decisions[0]).toEqual({ ...decision, by: 'analyst:bob', on: await actDay(asked.store) })
    expect(await held()).toEqual(['sbp model_not_payable'])
  })

  test('is refused to others, and dated by nobody', async () => {
    for (const asker of ['insurer 7095', 'partner p01', 'researcher rob'] as const)
      expect((await asked.ask(asker, `/v1/models/${model}/decisions`, body(decision))).statusCode).toBe(403)
    const dated = await asked.ask(
      'analyst ann',
      `/v1/models/${model}/decisions`,
      body({ ...decision, on: '2020-01-01' }),
    )
    expect([dated.statusCode, dated.json().code]).toEqual([400, 'invalid_request'])
  })
})
