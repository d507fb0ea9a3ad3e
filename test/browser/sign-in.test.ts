/** Somebody comes in, by the keyboard alone, and goes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFinds, sidewaysScroll, tabTo } from '../support/browser/checks.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, REGION, type Site } from '../support/browser/site.ts'
import { tokenFor } from '../support/services/keys.ts'

describe.skipIf(!hasBrowser)('signing in', () => {
  let site: Site
  beforeAll(async () => void (site = await openSite({ until: 'empty' })), 120_000)
  afterAll(() => site?.close())

  test('what holds of every page is seen where it does not hold', async () => {
    const page = await site.page({ viewport: { width: 360, height: 740 } })
    await page.setContent('<p style="width: 500px; color: #ccc">Pale and wide</p><img src="data:,">')
    expect((await axeFinds(page)).join('\n')).toMatch(/color-contrast: [^]*image-alt: /)
    expect(await sidewaysScroll(page)).toBeGreaterThan(100)
  })

  test('with a key, by the keyboard; the page that was asked for comes after, and the language stays', async () => {
    const token = await tokenFor(site.store, 'analyst', 'bob', REGION)
    const page = await site.page({ viewport: { width: 360, height: 740 } })
    await page.goto('/settlements?lang=en')
    expect(await page.title()).toBe('Sign in · gezondheidswinst')
    expect([await axeFinds(page), await sidewaysScroll(page)]).toEqual([[], 0])
    await tabTo(page, '#token')
    await page.keyboard.type('not a key')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('This key is not known')
    await tabTo(page, '#token')
    await page.keyboard.type(token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Settlements' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/settlements')
    expect([await axeFinds(page), await sidewaysScroll(page)]).toEqual([[], 0])
    await tabTo(page, '.who button')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.goto('/settlements')
    expect(new URL(page.url()).pathname).toBe('/sign-in')
  })
})
