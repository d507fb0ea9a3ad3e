/** Runs as they are stored, and what was expected of each patient; foreign ones are nowhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { json, runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let [asked, foreign]: [RunningApp, string] = [null!, '']
beforeAll(async () => {
  asked = await runningApp()
  foreign = (await settledRegion(asked.store, 'zuid')).world.run.runId
})
afterAll(() => asked.close())

const own = () => asked.noord.world.run.runId
const pageOf = async (asker: ReaderName, url: string) => (await asked.ask(asker, url)).json()

test('the runs of the region, and no other', async () => {
  const { items, next } = await pageOf('analyst ann', '/v1/runs')
  expect(next).toBeNull()
  expect(items).toEqual([
    expect.objectContaining({
      run_id: own(),
      contract: 'noord',
      as_of: '2026-01-01',
      settlement_id: asked.noord.settlement.settlement_id,
    }),
  ])
  expect((await pageOf('analyst ann', '/v1/runs?contract=other')).items).toEqual([])
  expect((await pageOf('analyst ann', `/v1/runs/${own().slice(0, 8)}`)).run_id).toBe(own())
  expect((await asked.ask('analyst ann', `/v1/runs/${foreign}`)).statusCode).toBe(404)
})

describe('expectations', () => {
  const url = (rest = '') => `/v1/runs/${own()}/expectations?measure=hba1c${rest}`

  test('are walked page by page in the order of patients', async () => {
    const seen: string[] = []
    let cursor = ''
    do {
      const page = await pageOf('analyst ann', url(`&limit=40${cursor === '' ? '' : `&cursor=${cursor}`}`))
      seen.push(...page.items.map((row: { patient_id: string }) => row.patient_id))
      cursor = page.next ?? ''
    } while (cursor !== '')
    expect(seen).toEqual([...new Set(seen)].sort())
    expect(seen.length).toBeGreaterThan(100)
  })

  test('to a partner of its own patients, whatever it asks for', async () => {
    const { items } = await pageOf('partner p01', url('&limit=200'))
    expect(new Set(items.map((row: { partner_id: string }) => row.partner_id))).toEqual(new Set(['p01']))
    expect((await pageOf('partner p01', url('&partner=p02'))).items).toEqual([])
    expect((await pageOf('analyst ann', url('&partner=p02'))).items).not.toEqual([])
  })

  test('to insurers and researchers not at all, and none of another region', async () => {
    for (const asker of ['insurer 7095', 'researcher rob'] as const)
      expect((await asked.ask(asker, url())).statusCode).toBe(403)
    expect((await asked.ask('partner p01', url().replace(own(), foreign))).statusCode).toBe(404)
  })
})

describe('a contract that follows another', () => {
  /** Asks for its run, with a reference of these days. */
  const asks = async (contract: string, reference: object) => {
    const document = {
      contract,
      title: contract,
      programme: 'dm2',
      period: { start: '2026-01-01', end: '2026-12-31' },
      reference,
      outcomes: [{ measure: 'hba1c', price_eur: 1, horizon_days: 365, window_days: 120, baseline_days: 450 }],
      share: { gain: 0.5, loss: 0 },
    }
    const handedIn = await asked.ask('analyst ann', '/v1/contracts', json(JSON.stringify(document)))
    expect(handedIn.statusCode).toBe(201)
    const answer = await asked.ask('analyst ann', `/v1/contracts/${contract}/runs`, json('{"region":"noord"}'))
    return answer.json<{ status?: number; code?: string; detail?: string; state?: string }>()
  }
  const withIt = { start: '2022-01-01', end: '2025-12-31' }
  const before = { start: '2022-01-01', end: '2024-12-31' }

  test('may learn from its years while none is released', async () => {
    expect(await asks('next-1', withIt)).toMatchObject({ state: 'waiting' })
  })

  test('is refused once one is, with the days and both ways out', async () => {
    await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
    const { status, code, detail } = await asks('next-2', withIt)
    expect([status, code]).toEqual([422, 'contract_years'])
    expect(detail).toContain('(2022-01-01 to 2025-12-31) holds 2025-01-01 to 2025-12-31, a year under contract noord')
    expect(detail).toContain('End the reference before 2025-01-01')
    expect(detail).toContain('reference.includes_contract_years: agreed')
  })

  test('may go on with an earlier reference, or where both sides signed that it learns from them', async () => {
    expect(await asks('next-3', before)).toMatchObject({ state: 'waiting' })
    expect(await asks('next-4', { ...withIt, includes_contract_years: 'agreed' })).toMatchObject({ state: 'waiting' })
  })
})
