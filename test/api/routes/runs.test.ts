/** Runs as they are stored, and what was expected of each patient; foreign ones are nowhere. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { settledRegion } from '../../support/regions/settled-region.ts'

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
