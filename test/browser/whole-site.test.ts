/** What holds of every page of every role: axe, telephones, text of charts, paper, weight, and that nobody sees what is another's. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import type { Role } from '../../data/access/keys.ts'
import { axeFinds, linksOf, sidewaysScroll, smallestChartText } from '../support/browser/checks.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, PEOPLE, type Site } from '../support/browser/site.ts'
import { releasedByHand } from '../support/settlements/released.ts'

const ROLES = Object.keys(PEOPLE) as Role[]
/** Pages of one kind differ in their rows: of each kind so many are looked at. */
const OF_A_KIND = 2

/** An address without what names a row: the kind of page that it is. */
const kindOf = (link: string): string =>
  new URL(link, 'http://site').pathname
    .replaceAll(/[0-9a-f]{16,64}/g, 'ID')
    .replaceAll(/\/(partners|patients)\/[^/]+/g, '/$1/ONE')
    .replaceAll(/\d+/g, 'N')

describe.skipIf(!hasBrowser)('the whole site', () => {
  let site: Site
  /** the pages of each role, as its links lead to them */
  const found = new Map<Role, string[]>()
  beforeAll(async () => {
    site = await openSite()
    await releasedByHand(site.store, site.settlementId)
  }, 600_000)
  afterAll(() => site?.close())

  const isPage = (link: string): boolean =>
    !/^\/(docs|v1|openapi|sign-)|\/(csv|xlsx|pdf|pain)$|\.\w+$|[?&]lang=/.test(link)

  /** From the first page over every link, some of each kind. */
  async function crawl(page: Page, at: (link: string) => Promise<void>): Promise<string[]> {
    const [seen, kinds, queue] = [new Set<string>(), new Map<string, number>(), ['/']]
    for (let link = queue.shift(); link !== undefined; link = queue.shift()) {
      const kind = kindOf(link)
      if (seen.has(link) || (kinds.get(kind) ?? 0) >= OF_A_KIND) continue
      seen.add(link)
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      const answer = await page.goto(link)
      expect([link, answer?.status()]).toEqual([link, 200])
      await at(link)
      queue.push(...(await linksOf(page)).filter(isPage))
    }
    return [...seen]
  }

  test.each(ROLES)(
    '%s: every link leads to a page, on which axe finds nothing and that fits a telephone',
    async (role) => {
      const page = await site.pageOf(role, { viewport: { width: 360, height: 740 } })
      const faults: string[] = []
      const links = await crawl(page, async (link) => {
        for (const fault of await axeFinds(page)) faults.push(`${link} ${fault}`)
        const [sideways, smallest] = [await sidewaysScroll(page), await smallestChartText(page)]
        if (sideways > 0) faults.push(`${link} is ${sideways} px wider than a telephone`)
        if (smallest !== null && smallest < 11) faults.push(`${link} has text of ${smallest} px in a chart`)
      })
      found.set(role, links)
      const english = await site.pageOf(role, { lang: 'en', viewport: { width: 1280, height: 800 } })
      for (const link of links) {
        await english.goto(link)
        for (const fault of await axeFinds(english)) faults.push(`${link} in English ${fault}`)
        if ((await english.locator('html').getAttribute('lang')) !== 'en') faults.push(`${link} is not in English`)
      }
      expect(faults).toEqual([])
    },
    900_000,
  )

  test('on another role’s pages nothing foreign is shown', async () => {
    const { rows } = await site.store.pool.query<{ partner: string }>(
      "select distinct partner_id as partner from run_partner where partner_id <> 'p01'",
    )
    const others = rows.map(({ partner }) => partner)
    for (const role of ROLES) {
      const page = await site.pageOf(role)
      const foreign = new Set(ROLES.flatMap((other) => (other === role ? [] : (found.get(other) ?? []))))
      for (const link of found.get(role) ?? []) foreign.delete(link)
      for (const link of foreign) {
        const answer = await page.context().request.get(link, { headers: { accept: 'text/html' } })
        // Refused, not there, or a page that says less: to a partner no other partner, to research and administration no partner at all.
        expect([link, answer.status()]).toEqual([link, expect.toBeOneOf([200, 403, 404])])
        if (answer.status() !== 200 || !['partner', 'researcher', 'administrator'].includes(role)) continue
        const text = await answer.text()
        for (const other of others)
          expect([role, link, text.includes(`partners/${other}`)]).toEqual([role, link, false])
      }
    }
  }, 300_000)

  test('a page prints whole: on A4 every row of its tables is there', async () => {
    const page = await site.pageOf('auditor')
    await page.goto('/audit')
    const rows = await page.locator('tbody tr').count()
    await page.emulateMedia({ media: 'print' })
    const shown = await page.locator('tbody tr:visible').count()
    expect([shown, rows > 0]).toEqual([rows, true])
    const clipped = await page.evaluate<boolean>(
      "[...document.querySelectorAll('.scroll')].some((box) => getComputedStyle(box).overflowX !== 'visible')",
    )
    expect(clipped).toBe(false)
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  })

  test.each(ROLES)('%s: the first page and all that it needs are under 200 kB compressed', async (role) => {
    const page = await site.pageOf(role)
    const sizes: number[] = []
    page.on('response', (response) => {
      void response.body().then(
        // fonts are compressed as they are
        (body) => sizes.push(response.url().endsWith('.woff2') ? body.length : gzipSync(body).length),
        () => undefined,
      )
    })
    await page.goto('/', { waitUntil: 'networkidle' })
    expect(sizes.length).toBeGreaterThan(1)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000)
  })
})
