/** A partner's journey: why it is paid what it is, whom it still has to measure, a dispute whose effect it sees first, and the PDF for its board. */
import { extractText } from 'unpdf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../support/browser/chromium.ts'
import { downloaded, HANDS } from '../support/browser/hands.ts'
import { openSite, PEOPLE, type Site } from '../support/browser/site.ts'
import { releasedByHand } from '../support/settlements/released.ts'

/** PDF readers part lines and spaces as they like. */
const packed = (text: string): string => text.replaceAll(/\s/g, '')

describe.skipIf(!hasBrowser)('a partner', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
    await releasedByHand(site.store, site.settlementId)
  }, 600_000)
  afterAll(() => site?.close())

  test.each(HANDS.map(([name, hand], at) => [name, hand, at] as const))(
    'goes from its amount to a filed dispute and the PDF with %s',
    { timeout: 600_000 },
    async (_, { press, write, choose }, at) => {
      const page = await site.pageOf('partner')
      const link = (name: string | RegExp) => page.getByRole('link', { name }).first()
      await page.goto('/')
      const line = (await page.locator('h1').textContent())!
      expect(line).toMatch(/^U (ontvangt|betaalt) /)
      const amount = /€\s[\d.]+,\d\d/.exec(line)![0]
      expect(await page.locator('main').textContent()).toContain('vooraf berekend hoe het hun zou vergaan')
      await press(link('Hoe dit tot stand komt, tot op de patiënt'))
      const steps = page.getByRole('table', { name: 'Elke stap begint met de uitkomst van de stap ervoor' })
      await steps.waitFor()
      expect((await steps.locator('tr').last().textContent())!.replaceAll('\u2212', '')).toContain(amount)

      await press(link('Werklijst'))
      const search = page.locator('#work-search')
      await search.waitFor()
      const sought = (await page.locator('#work-table tbody th').first().textContent())!
      await write(search, sought)
      await expect.poll(() => page.locator('#work-table .hint').textContent()).toMatch(/^\d van /)
      for (const found of await page.locator('#work-table tbody th').allTextContents()) expect(found).toBe(sought)
      await press(page.locator('#work-table tbody th a').first())
      await page.getByRole('heading', { name: `Patiënt ${sought}` }).waitFor()

      await press(link('Vandaag'))
      await press(link('Hoe dit tot stand komt, tot op de patiënt'))
      const { rows } = await site.store.pool.query<{ patient: string; day: string }>(
        `select patient_id as patient, realised_on::text as day from assessment
          where run_id = $1 and partner_id = $2 and years_before = 0 and status = 'measured'`,
        [site.settlementId, PEOPLE.partner],
      )
      const most = page.getByRole('table', { name: /De patiënten die het meest/ })
      await most.waitFor()
      const shown = await most.locator('tbody th').allTextContents()
      const of = rows.filter(({ patient }) => shown.includes(patient))[at]!
      await press(most.getByRole('link', { name: of.patient }))
      const show = page.getByRole('button', { name: 'Laat zien wat het verandert' })
      await choose(page.locator('#kind'), 'value_wrong')
      await write(page.locator('#observed_on'), '2019-01-02')
      await write(page.locator('#value'), '55 of zo')
      await press(show)
      await page.getByText('is geen getal').waitFor()
      await write(page.locator('#value'), '101,5')
      await press(show)
      await page.getByText('Op deze dag is van deze meting niets bekend').waitFor()
      expect(await page.locator('#value').inputValue()).toBe('101,5')
      expect(await page.locator('#observed_on').inputValue()).toBe('2019-01-02')
      await write(page.locator('#observed_on'), of.day)
      await press(show)
      await page.getByText(/^Uw betaling gaat van/).waitFor({ timeout: 300_000 })
      expect((await page.getByText(/^Uw betaling gaat van/).textContent())!.replaceAll('\u2212', '')).toContain(amount)
      expect(await site.store.pool.query('select 1 from dispute')).toMatchObject({ rowCount: at })
      await write(page.locator('#evidence'), 'De uitslag van het laboratorium van die dag.')
      await press(page.getByRole('button', { name: 'Dien het geschil in' }))
      await page.waitForURL(/\/disputes\/\d+$/)
      expect(await page.locator('dl.facts').textContent()).toContain('De uitslag van het laboratorium van die dag.')

      await press(link('Vandaag'))
      const pdf = await downloaded(page, () => press(link('PDF')))
      expect(pdf.name).toMatch(/\.pdf$/)
      const { text } = await extractText(new Uint8Array(pdf.bytes), { mergePages: true })
      expect(packed(text)).toContain(packed(line))
      await page.context().close()
    },
  )
})
