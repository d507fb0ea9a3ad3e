/** The service lost, and a session that ended: each is told in words, and nothing that was typed is lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, type Site } from '../support/browser/site.ts'
import { tokenFor } from '../support/services/keys.ts'

describe.skipIf(!hasBrowser)('what is typed', () => {
  let site: Site
  beforeAll(async () => void (site = await openSite({ until: 'empty' })), 120_000)
  afterAll(() => site?.close())

  test('stays while the service is away, and when the session has ended', async () => {
    const page = await site.pageOf('administrator')
    await page.goto('/keys')
    await page.locator('#subject').fill('somebody new')
    await page.locator('#days').fill('12')
    // The session ends: the key is withdrawn while the form is filled in.
    await site.store.pool.query("insert into access_key_revocation select key_id, 'operator' from access_key")
    await page.locator('#give button').click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('Uw sessie is verlopen')
    await page.locator('#token').fill(await tokenFor(site.store, 'administrator', 'ada', 'noord'))
    await page.getByRole('button', { name: 'Aanmelden' }).click()
    await page.getByRole('heading', { name: 'Een sleutel uitgeven' }).waitFor()
    expect([await page.locator('#subject').inputValue(), await page.locator('#days').inputValue()]).toEqual([
      'somebody new',
      '12',
    ])
    // The service is lost: the server itself is stopped.
    await site.server.close()
    await page.locator('#give button').click()
    await expect.poll(() => page.locator('#said').textContent()).toContain('De verbinding met de dienst is weg')
    expect(await page.locator('#subject').inputValue()).toBe('somebody new')
  })
})
