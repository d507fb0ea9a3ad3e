/** What each role sees of a settlement. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toldPartner } from '../../../engine/disclosure/told-missing.ts'
import { runningApp, type RunningApp, type ReaderName } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
beforeAll(async () => {
  asked = await runningApp()
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

describe('a settlement', () => {
  test('to an analyst: every large panel in full, the small ones as one', async () => {
    const view = (await asked.ask('analyst ann', asked.settlementUrl())).json()
    expect(view.partners.map((row: { partner_id: string }) => row.partner_id)).toEqual(['p01', 'p02'])
    expect(view.partners[0]).toEqual(toldPartner(asked.noord.settlement.partners[0]!))
    expect(view.small_panels).toMatchObject({ partners: ['p03'], eligible: 12, payment_cents: 0 })
    expect(view.totals).toEqual(asked.noord.settlement.totals)
    expect(view.excluded).toContainEqual({ reason: 'other_reasons', reasons: ['died', 'left'], patients: 19 })
  })

  test('to an insurer: its own amounts, and no trace of any other insurer', async () => {
    const answer = await asked.ask('insurer 7095', asked.settlementUrl())
    const { insurer, partners, totals } = answer.json()
    const own = asked.noord.settlement.partners[0]?.insurers.find((share) => share.insurer === '7095')?.cents
    expect(insurer).toEqual({
      insurer: '7095',
      payment_cents: own,
      partners: [{ partner_id: 'p01', cents: own }],
      small_panels_cents: null,
    })
    expect([partners, totals]).toEqual([undefined, undefined])
    expect(answer.body).not.toContain('3311')
    expect(answer.body).not.toContain('p02')
  })

  test('to a partner: itself, the others without a name or not at all', async () => {
    const answer = await asked.ask('partner p01', asked.settlementUrl())
    expect(answer.json().partners).toEqual([toldPartner(asked.noord.settlement.partners[0]!)])
    expect(answer.json().others).toEqual([])
    expect(answer.body).not.toMatch(/p02|p03/)
    const small = await asked.ask('partner p03', asked.settlementUrl())
    expect(small.json().partners).toEqual([])
    expect(small.body).not.toMatch(/p01|p02/)
  })

  test('says how many results can still come, where that tells of nobody', async () => {
    const seenBy = async (asker: ReaderName) => (await asked.ask(asker, asked.settlementUrl())).json().to_come
    // p01 lacks ten of sixty for both outcomes, of p02 six are missing: they are not counted
    expect(await seenBy('analyst ann')).toEqual({ results: 20, of: 120 })
    expect(await seenBy('partner p01')).toEqual({ results: 20, of: 120 })
    for (const asker of ['insurer 7095', 'researcher rob'] as const) expect(await seenBy(asker)).toBeUndefined()
  })

  test('to a researcher: no money', async () => {
    const { body } = await asked.ask('researcher rob', asked.settlementUrl())
    expect(body).not.toMatch(/cents|eur_per|payment|p0\d/)
    expect(JSON.parse(body).outcomes).toHaveLength(2)
  })

  test('as known on a day: nothing before the data were delivered', async () => {
    const on = async (day: string) =>
      (await asked.ask('analyst ann', `/v1/settlements?contract=noord&region=noord&as_of=${day}`)).json()
    expect(await on('2025-12-31')).toEqual({ items: [], next: null })
    expect((await on('2026-01-01')).items).toEqual([
      {
        settlement_id: asked.noord.settlement.settlement_id,
        contract: 'noord',
        region: 'noord',
        period_start: null,
        as_of: '2026-01-01',
        status: 'final',
        state: 'released',
      },
    ])
    expect((await asked.ask('analyst ann', '/v1/settlements?as_of=2026-02-30')).statusCode).toBe(400)
    expect((await asked.ask('analyst ann', '/v1/settlements?region=zuid')).json()).toMatchObject({
      code: 'unknown_region',
      status: 404,
    })
  })
})

describe('a statement', () => {
  test('to the partner: every step from value to payment', async () => {
    const { statement, steps } = (await asked.ask('partner p01', asked.settlementUrl('/partners/p01'))).json()
    expect(statement).toEqual(toldPartner(asked.noord.settlement.partners[0]!))
    expect(steps.map(({ step }: { step: string }) => step)).toEqual([
      'value',
      'dead_band',
      'share',
      'corridor',
      'gates',
      'payment',
    ])
  })

  test('of another partner is not there', async () => {
    expect((await asked.ask('partner p01', asked.settlementUrl('/partners/p02'))).json()).toMatchObject({
      status: 404,
      code: 'not_found',
    })
  })

  test('of a small panel tells no figure', async () => {
    for (const asker of ['analyst ann', 'partner p03'] as const) {
      const view = (await asked.ask(asker, asked.settlementUrl('/partners/p03'))).json()
      expect(view).toMatchObject({ small_panel: true, payment_cents: 0, reason: 'panel_too_small' })
      expect(view.statement).toBeUndefined()
    }
  })

  test('to an insurer: its own amount alone', async () => {
    const { body } = await asked.ask('insurer 7095', asked.settlementUrl('/partners/p01'))
    expect(Object.keys(JSON.parse(body)).sort()).toEqual([
      'as_of',
      'contract',
      'insurer',
      'partner_id',
      'settlement_id',
      'small_panel',
      'status',
    ])
    expect(body).not.toContain('3311')
    expect((await asked.ask('insurer 7095', asked.settlementUrl('/partners/p02'))).statusCode).toBe(404)
  })
})

interface OutcomeCell {
  readonly programme: string
  readonly partner?: string
  readonly sex?: string
  readonly figures: { readonly eligible: number | null; readonly measured: number; readonly gain_mean: number } | null
}

describe('expected against realised', () => {
  const cells = async (asker: ReaderName, by: string) =>
    (await asked.ask(asker, asked.settlementUrl(`/outcomes?by=${by}`))).json().items as OutcomeCell[]

  test('by partner: means and counts, a small panel without figures', async () => {
    const of = (partner: string, rows: readonly OutcomeCell[]) => rows.find((cell) => cell.partner === partner)?.figures
    const rows = await cells('analyst ann', 'programme,partner,measure')
    expect(of('p01', rows)).toMatchObject({
      eligible: 60,
      measured: 50,
      expected_mean: -55,
      realised_mean: -54,
      gain_mean: 1,
    })
    expect(of('p03', rows)).toBeNull()
    expect(rows[0]?.programme).toBe('dm2')
  })

  test('no cell of fewer than ten people is disclosed, on any route', async () => {
    for (const asker of ['analyst ann', 'insurer 7095', 'insurer 3311', 'partner p01'] as const)
      for (const by of [
        'measure',
        'partner',
        'year',
        'age_band',
        'sex',
        'partner,sex',
        'partner,age_band,sex',
        'age_band,sex,year',
      ])
        for (const { figures } of await cells(asker, by))
          if (figures) {
            expect(Math.min(figures.eligible ?? 10, figures.measured)).toBeGreaterThanOrEqual(10)
            const missing = figures.eligible === null ? 0 : figures.eligible - figures.measured
            expect(missing === 0 || missing >= 10).toBe(true)
          }
  })

  test('to an insurer: its own insured alone', async () => {
    const [own] = await cells('insurer 7095', 'measure')
    expect(own?.figures).toMatchObject({ eligible: null, measured: 25 })
    expect((await cells('insurer 7095', 'partner')).map((cell) => cell.partner)).toEqual(['p01', 'p01'])
  })

  test('to a partner: its own patients alone', async () => {
    const rows = await cells('partner p01', 'sex')
    expect(new Set(rows.map((cell) => cell.partner))).toEqual(new Set(['p01']))
    expect(rows.reduce((sum, { figures }) => sum + (figures?.eligible ?? 0), 0)).toBe(2 * 60)
  })

  test('by something else is refused', async () => {
    const answer = await asked.ask('analyst ann', asked.settlementUrl('/outcomes?by=postcode'))
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid_request' })
    expect(answer.json().detail).toContain('postcode')
  })
})
