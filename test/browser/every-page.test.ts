/** Every page that links reach from a first page, for each role in each language: it is there, accessible, fits a narrow window and A4 paper. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { axeFinds, beyondPaper, sidewaysScroll, smallestChartText } from '../support/browser/checks.ts'
import { hasBrowser } from '../support/browser/chromium.ts'
import { crawl, type Found } from '../support/browser/crawl.ts'
import { everythingHappens, type Eventful } from '../support/browser/eventful.ts'
import { openSite, PEOPLE, type Site } from '../support/browser/site.ts'
import { printedBeyond } from '../support/browser/printed.ts'
import { ROUTES, routesOf } from '../support/browser/routes.ts'
import type { Role } from '../../data/access/keys.ts'

const ROLES = Object.keys(PEOPLE) as Role[]
const NARROW = { width: 360, height: 740 }

describe.skipIf(!hasBrowser)('every page', () => {
  let [site, made]: [Site, Eventful] = [null!, null!]
  const visited = new Set<string>()
  /** what was printed for one role is laid out alike for the next */
  const printed = new Set<string>()
  beforeAll(async () => {
    site = await openSite()
    made = await everythingHappens(site)
  }, 300_000)
  afterAll(() => site?.close())

  test.each(ROLES)(
    '%s: is there, axe finds nothing on it in either language, it fits 360 px, and A4 prints whole',
    async (role) => {
      const page = await site.pageOf(role, { viewport: NARROW })
      const { found } = await crawl(page.context(), { most: 2, from: made.byForm[role] ?? [] })
      for (const { route } of found) visited.add(route.slice('GET '.length))
      const faults = found.filter(({ status }) => status !== 200).map(({ status, path }) => `${status} ${path}`)
      for (const { path, route } of onePerRoute(found))
        for (const lang of ['nl', 'en'] as const) {
          const wrong = (what: string): void => void faults.push(`${path} (${lang}): ${what}`)
          const answer = await page.goto(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
          if (answer?.status() !== 200) wrong(`answered with ${answer?.status()}`)
          for (const each of await axeFinds(page)) wrong(each)
          const wider = await sidewaysScroll(page)
          if (wider > 0) wrong(`scrolls sideways by ${wider} px`)
          const size = await smallestChartText(page)
          if (size !== null && size < 11) wrong(`text of ${size} px in a chart`)
          for (const each of await beyondPaper(page)) wrong(each)
          const layout = route === 'GET /' ? `first page of ${role}` : route
          if (printed.has(layout)) continue
          printed.add(layout)
          for (const each of await printedBeyond(page)) wrong(each)
        }
      expect(faults).toEqual([])
    },
    300_000,
  )

  test('was opened by somebody who may: nothing is left that no link leads to', () => {
    const forSomebody = ROUTES.filter((url) => ROLES.some((role) => routesOf(role).includes(url)))
    expect(forSomebody.filter((url) => !visited.has(url))).toEqual([])
  })
})

const onePerRoute = (found: readonly Found[]): Found[] =>
  found.filter(
    ({ isPage, route }, at) => isPage && found.findIndex((each) => each.isPage && each.route === route) === at,
  )
