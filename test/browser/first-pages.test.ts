/** First pages: what they weigh, and how a page of tables comes on paper. */
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../data/access/keys.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, PEOPLE, type Site } from '../support/browser/site.ts'
import { releasedByHand } from '../support/settlements/released.ts'

const ROLES = Object.keys(PEOPLE) as Role[]

describe.skipIf(!hasBrowser)('pages', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
    await releasedByHand(site.store, site.settlementId)
  }, 600_000)
  afterAll(() => site?.close())

  test('a page prints whole: on A4 every row of its tables is there', async () => {
    const page = await site.pageOf('auditor')
    await page.goto('/')
    // What was just looked at stands in the log within a second.
    await expect
      .poll(async () => {
        await page.goto('/audit')
        return await page.locator('tbody tr').count()
      })
      .toBeGreaterThan(0)
    const rows = await page.locator('tbody tr').count()
    await page.emulateMedia({ media: 'print' })
    const shown = await page.locator('tbody tr:visible').count()
    expect(shown).toBe(rows)
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
