/** Rights as the browser meets them: every link of everybody's pages, opened by everybody else, shows nothing that is foreign to whoever opens it. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RIGHTS } from '../../api/rights.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { crawl, routeOf, type Link } from '../support/browser/crawl.ts'
import { everythingHappens, type Eventful } from '../support/browser/eventful.ts'
import { foreignIn, foreignTo, textIn, type Foreign, type Reader } from '../support/browser/foreign.ts'
import { openSite, PEOPLE, type Site } from '../support/browser/site.ts'

/** Everybody who looks: each role, a second of both parties, and somebody of another region. */
const READERS: readonly Reader[] = [
  ...(Object.entries(PEOPLE) as [keyof typeof PEOPLE, string][]).map(([role, subject]) => ({ role, subject })),
  { role: 'partner', subject: 'p02' },
  { role: 'insurer', subject: '3311' },
  { role: 'analyst', subject: 'zoe', region: 'zuid' },
  { role: 'partner', subject: 'p01', region: 'zuid' },
]
const nameOf = ({ role, subject, region = '' }: Reader): string => `${role} ${subject} ${region}`.trim()

/** Links of one route on one reader's pages that everybody else opens. */
const PER_ROUTE = 2

/** What a region without a delivery is answered, and a form that is not filled in. */
const NOTHING_THERE: ReadonlySet<number> = new Set([415, 422])

interface Looker {
  readonly reader: Reader
  readonly page: Page
  readonly foreign: Foreign
  readonly links: readonly Link[]
  /** what stands on its own pages */
  readonly texts: readonly string[]
}

describe.skipIf(!hasBrowser)('links of others', () => {
  let [site, made]: [Site, Eventful] = [null!, null!]
  const lookers = new Map<string, Looker>()
  const links = new Map<string, Link>()
  beforeAll(async () => {
    site = await openSite()
    made = await everythingHappens(site)
    for (const reader of READERS) {
      const page = await site.pageOf(reader.role, reader)
      const isMaker = reader.subject === PEOPLE[reader.role] && reader.region === undefined
      const from = isMaker ? (made.byForm[reader.role] ?? []) : []
      const found = await crawl(page.context(), { most: PER_ROUTE, from })
      const own = { reader, page, foreign: await foreignTo(site.store, reader) }
      const opened = found.found.filter(({ status }) => status === 200)
      lookers.set(nameOf(reader), {
        ...own,
        links: sampleOf([...found.links, ...from.map((path) => ({ method: 'GET' as const, path }))]),
        texts: opened.map(({ text }) => text),
      })
    }
    for (const looker of lookers.values())
      for (const link of looker.links) links.set(`${link.method} ${link.path}`, link)
  }, 400_000)
  afterAll(() => site?.close())

  test('what is foreign to each is there to be found: somebody else has it on its pages', () => {
    const all = [...lookers.values()]
    for (const { reader, foreign, texts } of all) {
      if ((reader.role === 'analyst' || reader.role === 'auditor') && reader.region === undefined) continue
      const others = all.filter((each) => each.texts !== texts).flatMap((each) => each.texts)
      const seen = new Set(others.flatMap((text) => foreignIn(text, foreign)))
      expect([nameOf(reader), [...seen].some((each) => each.startsWith('s')), seen.size > 20]).toEqual([
        nameOf(reader),
        true,
        true,
      ])
      expect([nameOf(reader), texts.flatMap((text) => foreignIn(text, foreign))]).toEqual([nameOf(reader), []])
    }
  })

  test.each(READERS.map(nameOf))(
    '%s: is let in by api/rights.ts alone, and nothing foreign is in any answer',
    async (name) => {
      const { reader, page, foreign } = lookers.get(name)!
      const wrong: string[] = []
      for (const { method, path } of links.values()) {
        const route = routeOf(method, path)
        const right = route === null ? undefined : RIGHTS[route]
        const isHeld = right !== undefined && right !== 'public' && !(reader.role in right)
        // Who may do something would do it.
        if (right === 'public' || (method === 'POST' && !isHeld && reader.region === undefined)) continue
        const answer = await page.context().request.fetch(path, {
          method,
          headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
          ...(method === 'POST' ? { form: { key: 'foreign' } } : {}),
        })
        const status = answer.status()
        const isRefused = status === 403 || status === 404 || (reader.region !== undefined && NOTHING_THERE.has(status))
        if (isHeld ? status !== 403 : status !== 200 && !isRefused) wrong.push(`${status} for ${method} ${path}`)
        const text = await textIn(answer.headers()['content-type'] ?? '', await answer.body())
        for (const each of foreignIn(text, foreign, status === 200 ? '' : path).slice(0, 3))
          wrong.push(`${each} in ${method} ${path}`)
      }
      expect(wrong).toEqual([])
    },
    300_000,
  )

  test.each(READERS.map(nameOf))(
    '%s: finds nothing foreign by the address bar either, and no page without a way back',
    async (name) => {
      const { reader, page, foreign } = lookers.get(name)!
      const expected = new Set([200, 403, 404, ...(reader.region === undefined ? [] : NOTHING_THERE)])
      for (const path of onePageEach([...links.values()])) {
        const answer = await page.goto(path)
        const status = answer?.status() ?? 0
        expect([path, status, expected.has(status)]).toEqual([path, status, true])
        expect([path, foreignIn(await page.content(), foreign, status === 200 ? '' : path)]).toEqual([path, []])
        expect(await page.locator('a.brand').count()).toBe(1)
      }
    },
    120_000,
  )
})

/** So many links of each route. */
function sampleOf(all: readonly Link[]): Link[] {
  const taken = new Map<string, number>()
  return all.filter(({ method, path }) => {
    const route = routeOf(method, path) ?? path
    taken.set(route, (taken.get(route) ?? 0) + 1)
    return taken.get(route)! <= PER_ROUTE
  })
}

/** Pages about somebody, an address of each kind: the rest is the same for all who may. */
function onePageEach(links: readonly Link[]): string[] {
  const about =
    /^GET \/(settlements\/:settlement(\/partners\/:partner(\/patients(\/:patient)?)?)?|patients\/:patient|disputes\/:dispute|dispute-previews\/:preview|jobs\/:job|research\/:question)$/
  const found = new Map(
    links.filter(({ method }) => method === 'GET').map(({ path }) => [routeOf('GET', path) ?? '', path]),
  )
  return [...found].filter(([route]) => about.test(route)).map(([, path]) => path)
}
