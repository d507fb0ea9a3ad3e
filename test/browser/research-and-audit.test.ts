/** Two journeys from beginning to end: a researcher's question to its answer as a file, and an auditor's question who looked at a patient. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { axeFinds, sidewaysScroll, smallestChartText, tabTo } from '../support/browser/checks.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, type Site } from '../support/browser/site.ts'
import { releasedByHand } from '../support/settlements/released.ts'

describe.skipIf(!hasBrowser)('research and oversight', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
    await releasedByHand(site.store, site.settlementId)
  }, 300_000)
  afterAll(() => site?.close())

  const holds = async (page: Page) => {
    expect([page.url(), await axeFinds(page), await sidewaysScroll(page)]).toEqual([page.url(), [], 0])
    const text = await smallestChartText(page)
    if (text !== null) expect(text).toBeGreaterThanOrEqual(11)
  }

  test('a question is registered by the keyboard, answered without small groups, and exported', async () => {
    const page = await site.pageOf('researcher', { viewport: { width: 360, height: 740 } })
    await page.goto('/')
    await holds(page)
    await tabTo(page, 'a[href="/research/new"]')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Nieuwe vraag' }).waitFor()
    await holds(page)
    const typed = {
      title: 'HbA1c naar leeftijd',
      hypothesis: 'Winst is op elke leeftijd gelijk.',
      outcome: 'gain_mean van hba1c',
      groups: 'leeftijden binnen het contract',
      analysis: 'Intervallen van 95%; één zonder 0 spreekt tegen.',
    }
    for (const [name, text] of Object.entries(typed)) {
      await tabTo(page, `#${name}`)
      await page.keyboard.type(text)
    }
    await tabTo(page, '#age_band')
    await page.keyboard.press('Space')
    await tabTo(page, '#question button')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: typed.title }).waitFor()
    expect(await page.locator('dl.facts').textContent()).toContain(typed.hypothesis)
    await tabTo(page, '#open button')
    await page.keyboard.press('Enter')
    await page.getByRole('table').waitFor()
    await holds(page)
    const rows = await page.locator('tbody tr').count()
    expect(rows).toBeGreaterThan(0)
    for (const measured of await page.locator('tbody td:nth-child(2)').allTextContents())
      expect(Number(measured)).toBeGreaterThanOrEqual(10)
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('a[download]').first().click()])
    const csv = await readFile(await download.path(), 'utf8')
    expect(csv.trim().split('\n')).toHaveLength(rows + 1)
    const again = await page.context().request.get(`${page.url()}/answer.parquet`)
    expect((await again.body()).subarray(0, 4).toString()).toBe('PAR1')
  })

  test('who looked at a patient: every look is found, and the chains hold', async () => {
    const { rows } = await site.store.pool.query<{ patient: string }>(
      "select patient_id as patient from assessment where partner_id = 'p01' limit 1",
    )
    const patient = rows[0]!.patient
    const partner = await site.pageOf('partner')
    const { address } = site
    const [cookie] = await partner.context().cookies()
    const seen = await fetch(`${address}/v1/patients/${patient}`, {
      headers: { authorization: `Bearer ${cookie!.value}` },
    })
    expect(seen.status).toBe(200)
    await expect
      .poll(async () => (await site.store.pool.query("select 1 from audit_event where event = 'look'")).rowCount)
      .toBeGreaterThan(0)
    const page = await site.pageOf('auditor')
    await page.goto('/')
    await holds(page)
    await tabTo(page, '#patient')
    await page.keyboard.type(patient)
    await page.keyboard.press('Enter')
    await page.getByText(`Wie heeft patiënt ${patient} bekeken?`).waitFor()
    await holds(page)
    expect(await page.locator('tbody tr').first().textContent()).toContain('p01')
    await page.goto('/audit/chain')
    await holds(page)
    expect(await page.locator('.notice.good').count()).toBe(2)
  })
})
