/** What a region delivered, listed: programmes, partners and patients, to each role its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { SIZES, settledRegion } from '../../support/regions/settled-region.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await settledRegion(asked.store, 'zuid')
})
afterAll(() => asked.close())

const get = async (asker: ReaderName, url: string) => (await asked.ask(asker, url)).json()
const statusOf = async (asker: ReaderName, url: string) => (await asked.ask(asker, url)).statusCode

async function all(asker: ReaderName, url: string): Promise<{ patient_id: string; enrolments: unknown[] }[]> {
  const found: { patient_id: string; enrolments: unknown[] }[] = []
  let cursor: string | null = null
  do {
    const page: { items: []; next: string | null } = await get(
      asker,
      `${url}${cursor === null ? '' : `&cursor=${cursor}`}`,
    )
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return found
}

const everybody = SIZES.p01 + SIZES.p02 + SIZES.p03 + SIZES.p90

describe('patients', () => {
  test('of the region to an analyst, each once and in order, whatever the page', async () => {
    for (const limit of [7, 200]) {
      const ids = (await all('analyst ann', `/v1/patients?limit=${limit}`)).map(({ patient_id }) => patient_id)
      expect(ids).toHaveLength(everybody)
      expect(ids).toEqual([...new Set(ids)].sort())
    }
    const back = (await all('analyst ann', '/v1/patients?limit=50&sort=-patient_id')).map(
      ({ patient_id }) => patient_id,
    )
    expect(back).toEqual([...back].sort().reverse())
  })

  test('of itself to a partner, whatever it asks for', async () => {
    const own = await all('partner p01', '/v1/patients?limit=200')
    expect(own.map(({ patient_id }) => patient_id.slice(0, 3))).toEqual(own.map(() => 'p01'))
    expect(own).toHaveLength(SIZES.p01)
    expect(await all('partner p01', '/v1/patients?limit=200&partner=p02')).toEqual([])
    expect(await statusOf('partner p01', '/v1/patients/p02-000')).toBe(404)
    expect(await get('partner p01', '/v1/patients/p01-000')).toMatchObject({
      patient_id: 'p01-000',
      birth_year: 1940,
      enrolments: [{ programme: 'dm2', partner_id: 'p01', started_on: '2020-01-01', ended_on: null }],
    })
  })

  test('by partner and programme to an analyst, and as known on a day', async () => {
    expect(await all('analyst ann', '/v1/patients?limit=200&partner=p03')).toHaveLength(SIZES.p03)
    expect(await all('analyst ann', '/v1/patients?limit=200&programme=copd')).toEqual([])
    expect(await all('analyst ann', '/v1/patients?limit=200&as_of=2001-01-01')).toEqual([])
    expect(await statusOf('analyst ann', '/v1/patients?as_of=2026-02-30')).toBe(400)
  })

  test.each<ReaderName>(['insurer 7095', 'researcher rob'])('to %s none', async (asker) => {
    for (const url of ['/v1/patients', '/v1/patients/p01-000']) expect(await statusOf(asker, url)).toBe(403)
  })
})

test('partners by name to those who deal with them, coded ones to nobody here', async () => {
  const { items } = await get('insurer 7095', '/v1/partners?sort=-partner_id')
  expect(items.map((each: { partner_id: string }) => each.partner_id)).toEqual(['p90', 'p03', 'p02', 'p01'])
  expect(await get('partner p01', '/v1/partners/p02')).toMatchObject({ partner_id: 'p02', kind: 'gp_practice' })
  expect((await get('analyst ann', '/v1/partners?kind=hospital')).items).toEqual([])
  expect(await statusOf('analyst ann', '/v1/partners/p66')).toBe(404)
  expect(await statusOf('researcher rob', '/v1/partners')).toBe(403)
})

test('programmes with the measures of their outcomes, to everybody', async () => {
  const { items } = await get('researcher rob', '/v1/programmes?limit=3')
  expect(items).toHaveLength(3)
  const dm2 = await get('partner p01', '/v1/programmes/dm2')
  expect(dm2.measures).toContainEqual(expect.objectContaining({ measure: 'hba1c', unit: 'mmol/mol', better: 'lower' }))
  expect(await statusOf('partner p01', '/v1/programmes/none')).toBe(404)
})

test('differences that were computed, and disputes that were filed: none yet, to those who may ask', async () => {
  expect(await get('analyst ann', '/v1/differences')).toEqual({ items: [], next: null })
  expect(await statusOf('partner p01', '/v1/differences')).toBe(403)
  for (const asker of ['analyst ann', 'insurer 3311', 'partner p01'] as const)
    expect(await get(asker, '/v1/disputes?state=open')).toEqual({ items: [], next: null })
  expect(await statusOf('researcher rob', '/v1/disputes')).toBe(403)
})
