/** The pages about one settlement, by each reader: what the API tells it, and nothing else. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { formatOf } from '../../../api/report/words/format.ts'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
let root: string
beforeAll(async () => {
  asked = await runningApp()
  root = `/settlements/${asked.noord.settlement.settlement_id}`
  await releasedByHand(asked.store, asked.noord.settlement.settlement_id)
})
afterAll(() => asked.close())

const get = (asker: ReaderName, url: string) =>
  asked.app.inject({ url, headers: { cookie: `winst_token=${asked.tokenOf(asker)}`, accept: 'text/html' } })
const cents = (amount: number): string => formatOf('nl').cents(amount)
const partner = (id: string) => asked.noord.settlement.partners.find(({ partner_id }) => partner_id === id)!

describe('the page of a settlement', () => {
  test('shows an analyst the total, every panel that is large enough, and whom it waits for', async () => {
    const { statusCode, body } = await get('analyst ann', root)
    expect(statusCode).toBe(200)
    expect(body).toContain(cents(asked.noord.settlement.totals.payment_cents))
    expect(body).toContain(`${root}/partners/p01`)
    expect(body).not.toContain(`${root}/partners/p03"`)
    expect(body).toContain('De afrekening is vrijgegeven en wacht op betaling.')
    expect(body).not.toMatch(/ style="/)
  })

  test('shows an insurer its share, a partner its own payment, researchers no money', async () => {
    const insurer = await get('insurer 7095', root)
    const own = partner('p01').insurers.find((share) => share.insurer === '7095')!
    expect(insurer.body).toContain(cents(own.cents))
    expect(insurer.body).not.toContain(cents(asked.noord.settlement.totals.payment_cents))
    const p01 = await get('partner p01', root)
    expect(p01.body).toContain(cents(partner('p01').payment_cents))
    expect(p01.body).not.toContain(cents(partner('p02').payment_cents))
    const research = await get('researcher rob', root)
    expect([research.statusCode, research.body.includes('€')]).toEqual([200, false])
    for (const nobody of ['insurer 1111', 'partner p77'] as const)
      expect((await get(nobody, root)).statusCode).toBe(404)
  })

  test('its tables end with the control row, as files too', async () => {
    const { body } = await get('analyst ann', `${root}/tables/partners/csv`)
    const rows = parse(body, { bom: true, delimiter: ';' })
    const sum = rows.slice(1, -1).reduce((total, row) => total + Number(row[4]!.replace(',', '.')), 0)
    expect(rows.at(-1)![0]).toBe('Totaal')
    expect(Number(rows.at(-1)![4]!.replace(',', '.'))).toBeCloseTo(sum, 6)
    expect((await get('partner p01', `${root}/tables/insurers/csv`)).body).not.toContain('7095')
    expect((await get('insurer 7095', `${root}/tables/partners/csv`)).statusCode).toBe(404)
    const pdf = await get('analyst ann', `${root}/pdf`)
    expect([pdf.statusCode, pdf.headers['content-type']]).toEqual([200, 'application/pdf'])
  })
})

describe('the page of a partner', () => {
  test('says what it receives and why, down to its patients', async () => {
    const { statusCode, body } = await get('partner p01', `${root}/partners/p01`)
    expect(statusCode).toBe(200)
    expect(body).toContain(`U ontvangt ${cents(partner('p01').payment_cents)}`)
    expect(body).toContain(`${root}/partners/p01/patients/p01-000`)
    expect(body).toContain('id="receipt-hba1c-mean_gain"')
  })

  test('is nobody else’s', async () => {
    expect((await get('partner p03', `${root}/partners/p01`)).statusCode).toBe(404)
    expect((await get('partner p03', `${root}/partners/p01/pdf`)).statusCode).toBe(404)
    expect((await get('researcher rob', `${root}/partners/p01`)).statusCode).toBe(403)
    const insurer = await get('insurer 7095', `${root}/partners/p01`)
    expect(insurer.body).toContain(cents(partner('p01').insurers.find((share) => share.insurer === '7095')!.cents))
    expect(insurer.body).not.toContain(cents(partner('p01').payment_cents))
    expect((await get('insurer 7095', `${root}/partners/p01/pdf`)).statusCode).toBe(403)
  })

  test('of a small panel is its payment only', async () => {
    const { body } = await get('partner p03', `${root}/partners/p03`)
    expect(body).toContain('Uw groep is te klein')
    expect(body).not.toContain('p03-000')
  })
})
