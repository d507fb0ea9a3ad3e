/** An insurer's journey: it checks its amount offline, approves its share, takes the payment file, and objects about a person whom it insures. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { validateXML } from 'xmllint-wasm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { amountOf } from '../../api/dashboard/files/pain001.ts'
import { formatOf } from '../../api/report/words/format.ts'
import { NO_EFFECTS } from '../../data/synthetic/effects.ts'
import type { Day } from '../../engine/kernel/calendar.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { downloaded, HANDS } from '../support/browser/hands.ts'
import { openSite, REGION, type Site } from '../support/browser/site.ts'
import { tokenFor } from '../support/services/keys.ts'

const PAIN_001 = readFileSync(new URL('../api/dashboard/pain001-used.xsd', import.meta.url), 'utf8')
const VERIFIER = new URL('../../verifier/verify.ts', import.meta.url).pathname
const cents = (of: number): string => formatOf('nl').cents(of)

interface Share {
  readonly insurer: string
  readonly due_cents: number
  readonly pays: readonly { readonly partner_id: string | null; readonly due_cents: number }[]
}

describe.skipIf(!hasBrowser)('an insurer', () => {
  let site: Site
  let place: string
  /** who goes with the mouse, and who with the keyboard */
  let walkers: readonly [string, Page][]
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), 'winst-insurer-'))
    // A partner that did well, and no malus: every insurer has something to pay.
    const well = { partner: 'p01', measure: 'hba1c', from: '2025-01-01' as Day, shift: -9 }
    const effects = { ...NO_EFFECTS, effects: [well] }
    site = await openSite({ effects, terms: { share: { gain: 0.5, loss: 0 } } })
    await act('analyst', 'bob', 'review')
    const { shares } = (await ask('analyst', 'bob', '/life')) as { readonly shares: readonly Share[] }
    const paying = shares.filter(({ insurer, due_cents: due }) => insurer !== 'unknown' && due > 0)
    expect(paying.length, JSON.stringify(shares)).toBeGreaterThan(1)
    const names = paying.slice(0, 2).map(({ insurer }) => insurer)
    for (const { insurer } of shares)
      if (insurer === 'unknown') await act('analyst', 'cas', 'release')
      else if (!names.includes(insurer)) await act('insurer', insurer, 'release')
    walkers = await Promise.all(
      names.map(async (name): Promise<[string, Page]> => [name, await site.pageOf('insurer', { subject: name })]),
    )
    expect(walkers).toHaveLength(2)
  }, 600_000)
  afterAll(async () => {
    await site?.close()
    await rm(place, { recursive: true, force: true })
  })

  async function ask(role: 'analyst' | 'insurer', subject: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${site.address}/v1/settlements/${site.settlementId}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: `Bearer ${await tokenFor(site.store, role, subject, REGION)}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    expect([path, answer.status]).toEqual([path, 200])
    return await answer.json()
  }
  const act = (role: 'analyst' | 'insurer', subject: string, name: 'review' | 'release') =>
    ask(role, subject, `/${name}`, name === 'release' ? { finality: 'final' } : {})
  const shareOf = async (insurer: string): Promise<Share> =>
    ((await ask('insurer', insurer, '/life')) as { readonly shares: readonly Share[] }).shares[0]!

  const ways = HANDS.map(([name, hand], at) => [name, hand, at] as const)

  test.each(ways)('checks its amount offline and approves it with %s', { timeout: 600_000 }, async (_, hand, at) => {
    const [insurer, page] = walkers[at]!
    const { press, write, choose } = hand
    await page.goto('/')
    const link = (name: string) => page.getByRole('link', { name }).first()
    const { name, bytes } = await downloaded(page, () => press(link('Controleer het bedrag zelf')))
    expect(await page.locator('pre').first().textContent()).toBe(`winst verify ${name}`)
    const bundle = join(place, name)
    await writeFile(bundle, bytes)
    // Where the check is made there is no database and no service.
    const verified = await promisify(execFile)(process.execPath, ['--import', 'tsx', VERIFIER, bundle], { env: {} })
    const { due_cents: due } = await shareOf(insurer)
    expect(verified.stdout).toContain(insurer)
    expect(await page.locator('.lead').first().textContent()).toContain(cents(due))

    await press(link('Ga akkoord met uw deel'))
    await choose(page.locator('#release-finality'), 'final')
    await write(page.locator('#release-note'), 'Nagerekend met winst verify.')
    await press(page.getByRole('button', { name: 'Akkoord met dit aandeel' }))
    const state = page.locator('.states [aria-current=step]', { hasText: at === 0 ? 'gecontroleerd' : 'vrijgegeven' })
    await state.waitFor()
    await page.locator('#release').waitFor({ state: 'detached' })
  })

  test.each(ways)('takes the payment file and objects with %s', { timeout: 600_000 }, async (_, hand, at) => {
    const [insurer, page] = walkers[at]!
    const { press, write, choose } = hand
    await page.goto('/')
    const link = (name: string) => page.getByRole('link', { name }).first()
    const { due_cents: due, pays } = await shareOf(insurer)
    expect(await page.locator('.lead').first().textContent()).toContain(`U betaalt ${cents(due)}; controleer vóór`)
    await press(link('Maak het bedrag over'))
    const { name, bytes } = await downloaded(page, () => press(link('Download het concept (XML)')))
    const xml = bytes.toString('utf8')
    const { errors } = await validateXML({ xml: [{ fileName: name, contents: xml }], schema: [PAIN_001] })
    expect(errors).toEqual([])
    const owed = pays.filter(({ partner_id: partner, due_cents: each }) => partner !== null && each > 0)
    expect(xml.match(/<CdtTrfTxInf>/g)).toHaveLength(owed.length)
    for (const { due_cents: each } of owed) expect(xml).toContain(`>${amountOf(each)}<`)

    const { rows } = await site.store.pool.query<{ patient: string; partner: string; day: string; measure: string }>(
      `select patient_id as patient, partner_id as partner, realised_on::text as day, measure from assessment
        where run_id = $1 and insurer = $2 and years_before = 0 and status = 'measured' and partner_id = any ($3) order by 1`,
      [site.settlementId, insurer, owed.map(({ partner_id: partner }) => partner)],
    )
    const { patient, partner, day, measure } = rows[0]!
    await press(link('Maak bezwaar'))
    await choose(page.locator('#partner'), partner)
    await choose(page.locator('#measure'), measure)
    await write(page.locator('#observed_on'), day)
    await write(page.locator('#value'), '75,5')
    await write(page.locator('#patient'), 'nobody-0')
    await press(page.getByRole('button', { name: 'Laat zien wat het verandert' }))
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('telt in deze afrekening niet mee voor deze partner')
    const typed = ['#partner', '#patient', '#measure', '#observed_on', '#value']
    expect(await Promise.all(typed.map((field) => page.locator(field).inputValue()))).toEqual([
      partner,
      'nobody-0',
      measure,
      day,
      '75,5',
    ])
    await write(page.locator('#patient'), patient)
    await press(page.getByRole('button', { name: 'Laat zien wat het verandert' }))
    const lead = page.getByText(/Uw aandeel gaat van|Voor u verandert er niets/)
    await lead.waitFor({ timeout: 300_000 })
    await write(page.locator('#evidence'), 'De declaratie van het laboratorium noemt een andere waarde.')
    await press(page.getByRole('button', { name: 'Dien het geschil in' }))
    await page.waitForURL(/\/disputes\/\d+$/)
    expect(await page.locator('dl.facts').textContent()).toContain('75,50')
    await press(link('Naar de afrekening'))
    await page.getByText(/geschil(len)? over deze afrekening/).waitFor()
  })
})
