/** An analyst's journey: files handed in, faults by practice, a contract, a run, its models approved and the settlement reviewed by a colleague. */
import { appendFile, cp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { hasBrowser } from '../support/browser/chromium.ts'
import { downloaded, HANDS } from '../support/browser/hands.ts'
import { openSite, type Site } from '../support/browser/site.ts'

const FILES = ['partners', 'patients', 'enrolments', 'observations', 'conditions', 'medications', 'claims', 'quality']

const ways = HANDS.map(([name, hand], at) => ({ name, hand, at }))

// A service for each: the files of one walk are the very facts of the other, so that no model would wait for approval.
describe.skipIf(!hasBrowser).each(ways)('an analyst with $name', ({ hand, at }) => {
  const { press, write, choose, hand: give } = hand
  let site: Site
  beforeAll(async () => void (site = await openSite({ until: 'empty' })), 300_000)
  afterAll(() => site?.close())

  /** The region's files with rows that cannot be true: as many as asked, all of one patient and so of its practice. */
  async function withFaults(name: string, faults: number) {
    const dir = `${site.data}-${name}`
    await cp(site.data, dir, { recursive: true })
    const [, first = ''] = (await readFile(join(dir, 'enrolments.csv'), 'utf8')).split('\n')
    const [patient = '', , practice = ''] = first.split(',')
    const lines = Array.from({ length: faults }, (_, i) => `${patient},hba1c,2024-02-${30 + i},60,mmol/mol,\n`)
    await appendFile(join(dir, 'observations.csv'), lines.join(''))
    const there = await readdir(dir)
    const files = FILES.map((file) => `${file}.csv`).filter((file) => there.includes(file))
    return { paths: files.map((file) => join(dir, file)), practice }
  }

  const done = async (page: Page): Promise<void> => {
    await page.waitForURL(/\/jobs\//)
    await page.getByText('De taak is klaar.').waitFor({ timeout: 400_000 })
  }

  test('goes from files to a reviewed settlement', { timeout: 900_000 }, async () => {
    const faults = 3 - at
    const { paths, practice } = await withFaults(String(at), faults)
    const page = await site.pageOf('analyst')
    const link = (name: string | RegExp) => page.getByRole('link', { name }).first()
    const button = (name: string) => page.getByRole('button', { name })
    await page.goto('/')
    await press(link('Leveringen'))
    await give(page.locator('#files'), paths)
    await press(button('Lever aan'))
    await done(page)
    await press(link('Naar de levering'))

    const practices = page.getByRole('table', { name: /Praktijken met regels om te herstellen/ })
    await practices.waitFor()
    const row = practices.locator('tr').filter({ hasText: `Regels van ${practice} (CSV)` })
    const [rejected, kept] = (await row.locator('td').allTextContents()).map(Number)
    const { bytes } = await downloaded(page, () => press(row.getByRole('link')))
    const lines = bytes.toString('utf8').trim().split('\n').slice(1)
    expect(lines).toHaveLength(rejected! + kept!)
    expect(lines.filter((line) => line.includes(',2024-02-3'))).toHaveLength(faults)
    await press(link('Vandaag'))
    await page.getByRole('link', { name: /praktijken hebben regels te herstellen/ }).waitFor()

    await press(link('Contracten'))
    await press(link('Voeg een contract toe'))
    const yaml = (await readFile(site.contract, 'utf8')).replace(/^contract: .*$/m, `contract: walked-${at}`)
    await write(page.locator('#yaml'), yaml.replace('programme: dm2', 'programme: dm3'))
    await press(button('Bewaar dit contract'))
    await page.getByRole('alert').waitFor()
    expect(await page.locator('#yaml').inputValue()).toContain('programme: dm3')
    await write(page.locator('#yaml'), yaml)
    await press(button('Bewaar dit contract'))
    await press(button('Begin met afrekenen'))
    await done(page)
    await press(link('Naar de afrekening'))
    await page.locator('.states [aria-current=step]').waitFor()
    expect(await page.locator('.states [aria-current=step]').textContent()).toContain('opgesteld')
    expect(await page.getByText('De afrekening wacht op controle door een analist.').count()).toBe(1)
    const settlement = page.url()

    // What one person prepared another judges.
    const colleague = await site.pageOf('analyst', { subject: 'cas' })
    const theirs = (name: RegExp) => colleague.getByRole('link', { name }).first()
    await colleague.goto('/')
    await press(theirs(/^Keur het model van HbA1c goed/))
    await choose(colleague.locator('#state'), 'payable')
    await write(colleague.locator('#reason'), 'De toetsen kloppen.')
    await press(colleague.getByRole('button', { name: 'Teken' }))
    await colleague.getByRole('cell', { name: 'De toetsen kloppen.' }).waitFor()
    await press(theirs(/^Vandaag/))
    await press(theirs(new RegExp(`^Controleer de afrekening van walked-${at}`)))
    await colleague.waitForURL(settlement)
    await write(colleague.locator('#review-note'), 'Nagerekend.')
    await press(colleague.getByRole('button', { name: 'Gecontroleerd' }))
    await colleague.getByText('De afrekening wacht op akkoord van de verzekeraars.').waitFor()
    expect(await colleague.locator('.states [aria-current=step]').textContent()).toContain('gecontroleerd')
    await page.context().close()
    await colleague.context().close()
  })
})
