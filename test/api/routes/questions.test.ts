/** Questions of research: registered first, answered once, of one settlement, and no cell of few anywhere. */
import { tableFromIPC } from 'apache-arrow'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asIdentity } from '../../../data/access/request-store.ts'
import { json, runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => void (asked = await runningApp()))
afterAll(() => asked.close())

const plan = {
  contract: 'noord',
  title: 'Gain by sex',
  hypothesis: 'Men and women gain as much',
  outcome: 'mean gain in hba1c',
  groups: 'men and women',
  analysis: 'difference of the two means; an interval without 0 counts against',
}
const register = (body: object, asker: ReaderName = 'researcher rob') =>
  asked.ask(asker, '/v1/questions', json(JSON.stringify({ ...plan, ...body })))
const idOf = async (body: object): Promise<string> => (await register(body)).json().question_id
const answer = (id: string, format = '', asker: ReaderName = 'researcher rob') =>
  asked.ask(asker, `/v1/questions/${id}/answer${format}`)

describe('before the release', () => {
  test('a question is registered and has no answer', async () => {
    const answered = await register({ by: ['sex'] })
    expect(answered.statusCode).toBe(201)
    expect(answered.json()).toMatchObject({ asked_by: 'researcher:rob', answered_at: null, by: ['sex'], measures: [] })
    expect((await register({ by: ['sex'] })).statusCode).toBe(200)
    expect((await answer(answered.json().question_id)).json()).toMatchObject({
      status: 409,
      code: 'not_open_to_research',
    })
    expect((await asked.ask('researcher rob', '/v1/settlements')).json().items).toEqual([])
  })
})

describe('of a released settlement', () => {
  beforeAll(() => releasedByHand(asked.store, asked.noord.settlement.settlement_id))

  test('an answer has counts, rounded means, standard errors and intervals, in the raw unit and on the health scale', async () => {
    const view = (await answer(await idOf({ by: ['group', 'sex'] }))).json()
    expect(view).toMatchObject({ contract: 'noord', programme: 'dm2', smallest_group: 10, by: ['group', 'sex'] })
    expect(view.settlement_id).toBe(asked.noord.settlement.settlement_id)
    expect(view.rows).toHaveLength(2 * 2 * 2)
    expect(view.rows[0]).toMatchObject({
      measure: 'hba1c',
      group: 'contract',
      sex: 'f',
      measured: 38,
      eligible: null,
      realised_raw_mean: 54,
      realised_raw_se: 0,
      realised_mean: -54,
      gain_mean: 1,
      gain_lower: 1,
      gain_upper: 1,
    })
  })

  test('a settlement that is not there, or not released here, is none to ask about', async () => {
    const elsewhere = await settledRegion(asked.store, 'elsewhere')
    await releasedByHand(asked.store, elsewhere.settlement.settlement_id)
    for (const settlement of ['f'.repeat(64), elsewhere.settlement.settlement_id])
      expect((await register({ by: ['sex'], settlement })).json()).toMatchObject({ status: 404, code: 'not_found' })
  })

  test('is given again byte for byte, in every format', async () => {
    const id = await idOf({ by: ['sex'], measures: ['hba1c'] })
    const first = await answer(id)
    expect((await answer(id)).body).toBe(first.body)
    expect((await answer(id, '', 'analyst ann')).body).toBe(first.body)
    expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', etag: expect.stringMatching(/^"/) })
    const rows = first.json().rows as Record<string, unknown>[]
    const csv = (await answer(id, '?format=csv')).body
    expect(csv.split('\r\n')[0]).toMatch(/^measure,unit,sex,measured,eligible,expected_raw_mean,/)
    expect(csv.trim().split('\r\n')).toHaveLength(1 + rows.length)
    const parquet = (await answer(id, '?format=parquet')).rawPayload
    const file = Uint8Array.from(parquet).buffer
    expect(await parquetReadObjects({ file })).toEqual(rows.map((row) => expect.objectContaining(row)))
    const arrow = await answer(id, '?format=arrow')
    expect(
      tableFromIPC(arrow.rawPayload)
        .toArray()
        .map((row) => row.toJSON()),
    ).toEqual(rows.map((row) => expect.objectContaining(row)))
    expect((await answer(id, '?format=arrow')).rawPayload).toEqual(arrow.rawPayload)
  })

  test('partners stand under codes that are the same in every answer, and contract and control apart', async () => {
    const body = (await answer(await idOf({ by: ['partner'] }))).body
    expect(body).not.toMatch(/p0\d|p90|Praktijk/)
    const codes = (text: string) => [...new Set(text.match(/C[0-9A-F]{10}/g))].sort()
    expect(codes(body).length).toBeGreaterThan(1)
    const other = (await answer(await idOf({ by: ['partner', 'group'], measures: ['sbp'] }))).body
    expect(codes(body)).toEqual(expect.arrayContaining(codes(other)))
    expect(other).toContain('"group":"control"')
  })

  test('two fine dimensions are refused, with the reason', async () => {
    const refused = await register({ by: ['partner', 'postcode_area'] })
    expect(refused.json()).toMatchObject({ status: 422, code: 'singles_out' })
    expect(refused.json().detail).toContain('fewer than ten people')
    expect((await register({ by: ['sex'], measures: ['weight'] })).json()).toMatchObject({ code: 'unknown_measure' })
    expect((await register({ by: ['sex'], contract: 'zuid' })).json()).toMatchObject({ code: 'unknown_contract' })
  })

  test('only researchers ask, staff read the register, and nobody else knows of it', async () => {
    expect((await register({ by: ['sex'] }, 'analyst ann')).statusCode).toBe(403)
    const register1 = (await asked.ask('analyst ann', '/v1/questions?answered=yes&limit=2')).json()
    expect(register1.items).toHaveLength(2)
    expect(register1.next).not.toBeNull()
    for (const asker of ['insurer 3311', 'partner p01'] as const)
      expect((await asked.ask(asker, '/v1/questions')).statusCode).toBe(403)
    expect((await asked.ask('researcher rob', asked.settlementUrl('/outcomes'))).statusCode).toBe(403)
    const unanswered = await idOf({ by: ['age_band', 'sex', 'group'] })
    expect((await answer(unanswered, '', 'analyst ann')).statusCode).toBe(404)
    expect((await asked.ask('analyst ann', `/v1/questions/${unanswered.slice(0, 12)}`)).json().hypothesis).toBe(
      plan.hypothesis,
    )
  })

  test('raw SQL as a researcher reads answers, and no cell', async () => {
    const { regionId } = asked.noord.world.run
    const rows = (sql: string, role: 'researcher' | 'partner' | 'insurer' = 'researcher') =>
      asIdentity(asked.store, { regionId, role, subject: 'rob' }, async ({ pool }) => (await pool.query(sql)).rows)
    expect((await rows('select 1 from answer')).length).toBeGreaterThan(2)
    for (const role of ['partner', 'insurer'] as const)
      for (const table of ['question', 'answer', 'research_edition'])
        expect(await rows(`select 1 from ${table}`, role)).toEqual([])
    expect(await rows('select 1 from assessment_cell')).toEqual([])
    for (const sql of [
      'select 1 from research_cell',
      `select research_code(${regionId}, 'p01')`,
      `insert into answer (question_id, settlement_id, document) select question_id, settlement_id, '{}' from answer`,
    ])
      await expect(rows(sql), sql).rejects.toMatchObject({ code: '42501' })
    const elsewhere = await asIdentity(
      asked.store,
      { regionId: regionId + 1, role: 'researcher', subject: 'rob' },
      async ({ pool }) => (await pool.query('select 1 from question')).rows,
    )
    expect(elsewhere).toEqual([])
  })
})
