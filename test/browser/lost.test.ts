/** The service lost, a session that ended, a worker that died: each is told in words, and nothing that was typed is lost. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser } from '../support/browser/chromium.ts'
import { openSite, type Site } from '../support/browser/site.ts'
import { tokenFor } from '../support/services/keys.ts'
import { startWinst } from '../support/services/winst.ts'

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

describe.skipIf(!hasBrowser)('a worker', () => {
  let site: Site
  const workers: ChildProcessWithoutNullStreams[] = []
  const startWorker = (): ChildProcessWithoutNullStreams => {
    const environment = { DATABASE_URL: site.store.url, WINST_UPLOADS: site.uploads, REDIS_URL: undefined }
    const worker = startWinst(['worker'], environment)
    workers.push(worker)
    return worker
  }
  beforeAll(async () => void (site = await openSite({ until: 'empty', worker: 'none' })), 300_000)
  afterAll(async () => {
    for (const worker of workers) worker.kill('SIGKILL')
    await site?.close()
  })

  test('that is not there, or has died, is told of; what was asked for and typed waits for the next one', async () => {
    const page = await site.pageOf('analyst')
    await page.goto('/imports')
    await page.locator('summary').click()
    await page.locator('#delivered').fill('2026-09-30')
    await page.getByRole('button', { name: 'Neem deze keuzes over' }).click()
    await page.getByText('Gekozen').waitFor()
    const files = ['partners', 'patients', 'enrolments', 'observations'].map((file) => join(site.data, `${file}.csv`))
    await page.locator('#files').setInputFiles(files)
    await page.getByRole('button', { name: 'Lever aan' }).click()
    await page.waitForURL(/\/jobs\//)
    const none = page.getByText('Er luistert nu geen werker')
    await none.waitFor()
    expect(await page.locator('dl.facts').textContent()).toContain('30 september 2026')

    // One comes, cannot come to an end, and dies at work: the page says so without being loaded again.
    const held = await site.store.pool.connect()
    await held.query('begin; lock table delivery in share mode')
    const died = startWorker()
    await none.waitFor({ state: 'hidden', timeout: 300_000 })
    died.kill('SIGKILL')
    await page.getByText(/Er luistert (nu geen werker|geen werker meer)/).waitFor({ timeout: 300_000 })
    await held.query('rollback')
    held.release()
    await page.goto('/jobs')
    await page.getByText('Er luistert nu geen werker').waitFor()

    startWorker()
    await page.getByRole('link', { name: 'Levering opnemen' }).click()
    await page.getByText('De taak is klaar.').waitFor({ timeout: 300_000 })
    await page.getByRole('link', { name: 'Naar de levering' }).click()
    await page.getByRole('heading', { name: 'Levering van 30 september 2026' }).waitFor()
  }, 900_000)
})
