/** Two journeys from beginning to end, with a mouse and by the keyboard alone: a researcher's question to its answer as a file, and an auditor's question who looked at a patient. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { axeFinds, sidewaysScroll, smallestChartText } from '../support/browser/checks.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { downloaded, HANDS } from '../support/browser/hands.ts'
import { openSite, type Site } from '../support/browser/site.ts'
import { releasedByHand } from '../support/settlements/released.ts'

describe.skipIf(!hasBrowser)('research and oversight', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
    await releasedByHand(site.store, site.settlementId)
  }, 600_000)
  afterAll(() => site?.close())

  const holds = async (page: Page) => {
    expect([page.url(), await axeFinds(page), await sidewaysScroll(page)]).toEqual([page.url(), [], 0])
    const text = await smallestChartText(page)
    if (text !== null) expect(text).toBeGreaterThanOrEqual(11)
  }

  test.each(HANDS)(
    'a question is registered, answered without small groups, and exported with %s',
    { timeout: 300_000 },
    async (name, { press, write, tick }) => {
      const page = await site.pageOf('researcher', { viewport: { width: 360, height: 740 } })
      await page.goto('/')
      await holds(page)
      await press(page.locator('a[href="/research/new"]').first())
      await page.getByRole('heading', { name: 'Nieuwe vraag' }).waitFor()
      await holds(page)
      const typed = {
        title: `HbA1c naar leeftijd, met ${name}`,
        hypothesis: 'Winst is op elke leeftijd gelijk.',
        outcome: 'gain_mean van hba1c',
        groups: 'leeftijden binnen het contract',
        analysis: 'Intervallen van 95%; één zonder 0 spreekt tegen.',
      }
      for (const [field, text] of Object.entries(typed)) await write(page.locator(`#${field}`), text)
      await tick(page.locator('#age_band'))
      await press(page.locator('#question button'))
      await page.getByRole('heading', { name: typed.title }).waitFor()
      expect(await page.locator('dl.facts').textContent()).toContain(typed.hypothesis)
      await press(page.locator('#open button'))
      await page.getByRole('table').waitFor()
      await holds(page)
      const rows = await page.locator('tbody tr').count()
      expect(rows).toBeGreaterThan(0)
      for (const measured of await page.locator('tbody td:nth-child(2)').allTextContents())
        expect(Number(measured)).toBeGreaterThanOrEqual(10)
      const { bytes } = await downloaded(page, () => press(page.locator('a[download]').first()))
      expect(bytes.toString('utf8').trim().split('\n')).toHaveLength(rows + 1)
      const again = await page.context().request.get(`${page.url()}/answer.parquet`)
      expect((await again.body()).subarray(0, 4).toString()).toBe('PAR1')
      await page.context().close()
    },
  )

  test.each(HANDS)(
    'who looked at a patient: every look is found, and the chains hold, with %s',
    { timeout: 300_000 },
    async (_, { press, write }) => {
      const { rows } = await site.store.pool.query<{ patient: string }>(
        "select patient_id as patient from assessment where partner_id = 'p01' limit 1",
      )
      const patient = rows[0]!.patient
      const partner = await site.pageOf('partner')
      await partner.goto(`/patients/${patient}`)
      await expect
        .poll(async () => (await site.store.pool.query("select 1 from audit_event where event = 'look'")).rowCount)
        .toBeGreaterThan(0)
      const page = await site.pageOf('auditor')
      await page.goto('/')
      await holds(page)
      await write(page.locator('#patient'), patient)
      await press(page.getByRole('button', { name: 'Zoek' }))
      await page.getByText(`Wie heeft patiënt ${patient} bekeken?`).waitFor()
      await holds(page)
      expect(await page.locator('tbody tr').first().textContent()).toContain('p01')
      await press(page.getByRole('link', { name: 'Vandaag' }).first())
      await press(page.locator('a[href="/audit/chain"]').first())
      await page.locator('.notice.good').first().waitFor()
      await holds(page)
      expect(await page.locator('.notice.good').count()).toBe(2)
      for (const each of [partner, page]) await each.context().close()
    },
  )
})
