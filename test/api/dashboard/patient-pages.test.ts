/** Pages about patients, the work list and disputes: whose they are. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runningApp, type ReaderName, type RunningApp } from '../../support/services/running-app.ts'
import { releasedByHand } from '../../support/settlements/released.ts'

let asked: RunningApp
let p01: string
beforeAll(async () => {
  asked = await runningApp()
  const id = asked.noord.settlement.settlement_id
  p01 = `/settlements/${id}/partners/p01/patients`
  await releasedByHand(asked.store, id)
})
afterAll(() => asked.close())

const get = (asker: ReaderName, url: string) =>
  asked.app.inject({ url, headers: { cookie: `winst_token=${asked.tokenOf(asker)}`, accept: 'text/html' } })
const send = (asker: ReaderName, url: string, fields: Record<string, string>) =>
  asked.app.inject({
    method: 'POST',
    url,
    headers: {
      cookie: `winst_token=${asked.tokenOf(asker)}`,
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    payload: new URLSearchParams(fields).toString(),
  })

describe('a patient', () => {
  test('is shown to its partner and to the analyst: in words, as a chart, with file and line', async () => {
    for (const reader of ['partner p01', 'analyst ann'] as const) {
      const { statusCode, body } = await get(reader, `${p01}/p01-000`)
      expect(statusCode).toBe(200)
      expect(body).toContain('Bereikt is 54,0 mmol/mol')
      expect(body).toContain('Dat is 1,00 mmol/mol beter dan verwacht.')
      expect(body).toContain('aria-label="HbA1c: metingen, wat verwacht was, en wat bereikt is"')
      expect(body).toMatch(/observations[^<]*:\d+/)
      expect(body).not.toMatch(/ style="/)
    }
  })

  test('is nobody else’s', async () => {
    for (const page of [`${p01}/p01-000`, `${p01}/p01-000/letter`, p01]) {
      expect((await get('partner p03', page)).statusCode).toBe(404)
      expect((await get('insurer 7095', page)).statusCode).toBe(403)
      expect((await get('researcher rob', page)).statusCode).toBe(403)
    }
    expect((await get('partner p01', `${p01}/p02-000`)).statusCode).toBe(404)
    expect((await get('partner p03', '/patients/p01-000')).statusCode).toBe(404)
    const own = await get('partner p03', '/patients')
    expect([own.body.includes('p03-000'), own.body.includes('p01-000')]).toEqual([true, false])
  })

  test('is linked to where it counts: each link of its page leads somewhere', async () => {
    for (const reader of ['partner p01', 'analyst ann'] as const) {
      const { body } = await get(reader, '/patients/p01-000')
      const links = [...body.matchAll(/href="(\/settlements\/[^"]+\/patients\/[^"]+)"/g)].map(([, link]) => link!)
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) expect([link, (await get(reader, link)).statusCode]).toEqual([link, 200])
    }
  })

  test('is told in a letter what was expected and reached, without money', async () => {
    const { statusCode, body } = await get('partner p01', `${p01}/p01-000/letter`)
    expect(statusCode).toBe(200)
    expect(body).toContain('Verwacht en bereikt voor u')
    expect(body).not.toContain('€')
  })
})

describe('the work list', () => {
  test('is a partner’s own, filtered by form, as a file too', async () => {
    const page = await get('partner p03', '/work')
    expect(page.statusCode).toBe(200)
    expect(page.body).not.toContain('p01-')
    expect((await get('partner p03', '/work/tables/csv')).body).not.toContain('p01-')
    expect((await get('partner p03', '/work/rows')).body).not.toContain('p01-')
    expect((await get('insurer 7095', '/work')).statusCode).toBe(403)
  })
})

describe('a dispute', () => {
  test('is begun on the patient’s page, by its partner alone, and its effect is shown first', async () => {
    const fields = { kind: 'value_wrong', measure: 'hba1c', observed_on: '2024-11-01', value: '70', key: 'one' }
    const begun = await send('partner p01', `${p01}/p01-000/dispute`, fields)
    expect(begun.statusCode).toBe(303)
    const preview = await get('partner p01', String(begun.headers.location))
    expect(preview.body).toContain('De hele afrekening wordt opnieuw uitgerekend')
    expect((await get('partner p03', String(begun.headers.location))).statusCode).toBe(404)
    expect((await send('analyst ann', `${p01}/p01-000/dispute`, fields)).statusCode).toBe(403)
    const wrong = await send('partner p01', `${p01}/p01-000/dispute`, { ...fields, observed_on: 'morgen', key: 'two' })
    expect([wrong.statusCode, wrong.body.includes('class="notice fault"')]).toEqual([400, true])
  })

  test('is begun by an insurer about whom it insures, and by nobody else there; what was typed comes back', async () => {
    const at = `/settlements/${asked.noord.settlement.settlement_id}/disputes`
    expect((await get('insurer 7095', at)).body).toContain('id="dispute"')
    for (const reader of ['partner p01', 'analyst ann'] as const)
      expect([reader, (await get(reader, at)).body.includes('id="dispute"')]).toEqual([reader, false])
    // p01-001 is insured by 7095, p01-003 by 3311
    const fields = { partner: 'p01', patient: 'p01-003', kind: 'not_our_patient', key: 'three' }
    const others = await send('insurer 7095', at, fields)
    expect([others.statusCode, others.body.includes('telt in deze afrekening niet mee')]).toEqual([404, true])
    expect(others.body).toContain('value="p01-003"')
    const typed = { ...fields, patient: 'p01-001', kind: 'value_wrong', measure: 'hba1c', observed_on: '2024-11-01' }
    const noNumber = await send('insurer 7095', at, { ...typed, value: 'zestig', key: 'four' })
    expect([noNumber.statusCode, noNumber.body.includes('“zestig” is geen getal')]).toEqual([422, true])
    expect(noNumber.body).toContain('value="zestig"')
    const begun = await send('insurer 7095', at, { ...typed, value: '60,5', key: 'five' })
    expect(begun.statusCode).toBe(303)
    expect((await get('insurer 7095', String(begun.headers.location))).statusCode).toBe(200)
    expect((await send('partner p01', at, { ...typed, value: '60', key: 'six' })).statusCode).toBe(403)
  })

  test('stands in the list of those it concerns; where there is none, it says what to do', async () => {
    for (const reader of ['partner p01', 'insurer 7095', 'analyst ann'] as const)
      expect((await get(reader, '/disputes')).body).toContain('Er is geen geschil.')
    expect((await get('researcher rob', '/disputes')).statusCode).toBe(403)
  })
})

describe('the first page of a partner', () => {
  test('says what it receives; who has no settlement is told what to do', async () => {
    expect((await get('partner p01', '/')).body).toMatch(/<h1>U ontvangt €/)
    expect((await get('partner p77', '/')).body).toContain('Er is nog geen afrekening die u mag zien.')
  })
})
