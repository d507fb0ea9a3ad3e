/** `npm run bench:pages`: how soon a first page can be used, and how a long work list filters and scrolls, as Chromium measures it.
 *
 *  Ends with 1 where a limit is not met. `--patients N --keep DIR --rounds N` */
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { environmentIn, madeIn, openRegion, recordSomething } from '../api/region.ts'
import { NO_RATES, ready, started, stopped, type Served } from '../api/served.ts'
import { loading, pageFor, scrolling, startBrowser, typing, type Loading } from './measured.ts'
import { contractOfWork, openWorkRegion, workRegionIn } from './work-region.ts'

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '2000' },
    keep: { type: 'string' },
    rounds: { type: 'string', default: '7' },
  },
})
const place = resolve(values.keep ?? join(tmpdir(), 'winst-bench-pages'))
const rounds = Number(values.rounds)
const out = (line: string): void => void process.stdout.write(`${line}\n`)

const INTERACTIVE_MS = 1_000
const FIRST_PAGE_BYTES = 200_000
const FILTER_MS = 100
const LEAST_ROWS = 10_000
/** A frame in a hundred may be slow: what scrolls still looks smooth. */
const SLOW_SHARE = 0.01

/** least / middle / most */
function spread(of: readonly number[], decimals = 0): string {
  const sorted = of.toSorted((a, b) => a - b)
  return [sorted[0], middle(of), sorted.at(-1)].map((each) => (each ?? Number.NaN).toFixed(decimals)).join(' / ')
}
const middle = (of: readonly number[]): number => of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN

const serving = (at: string): Promise<Served> =>
  started(at, ['api/cli/cli.ts', 'serve', '--port', '0'], { ...environmentIn(at), ...NO_RATES })

async function firstPages(browser: Browser): Promise<boolean> {
  const at = join(place, `region-${values.patients}`)
  await madeIn(at, Number(values.patients), out)
  const region = await openRegion(at)
  const server = await serving(at)
  try {
    await ready(server.url)
    out(
      `\nFirst pages, ${values.patients} patients, ${rounds} times each, made anew, nothing kept: least / middle / most\n`,
    )
    out(
      `| role | first paint, ms | interactive, ms | limit | bytes as sent | limit | |\n| --- | --- | --- | --- | --- | --- | --- |`,
    )
    let met = true
    for (const [role, token] of Object.entries(region.tokens)) {
      const took: Loading[] = []
      for (let round = 0; round < rounds; round++) {
        await recordSomething(region)
        const page = await pageFor(browser, server.url, token)
        took.push(await loading(page, '/'))
        await page.context().close()
      }
      const interactive = took.map(({ interactiveMs }) => interactiveMs)
      const bytes = Math.max(...took.map((each) => each.bytes))
      const isMet = middle(interactive) < INTERACTIVE_MS && bytes < FIRST_PAGE_BYTES
      met &&= isMet
      const paint = spread(took.map(({ paintMs }) => paintMs))
      out(
        `| ${[role, paint, spread(interactive), `< ${INTERACTIVE_MS}`, bytes, `< ${FIRST_PAGE_BYTES}`, isMet ? 'met' : 'missed'].join(' | ')} |`,
      )
    }
    return met
  } finally {
    await stopped(server)
    await region.store.close()
  }
}

async function workList(browser: Browser): Promise<boolean> {
  const at = join(place, 'work')
  await workRegionIn(at, out)
  const { store, token } = await openWorkRegion(at)
  const server = await serving(at)
  try {
    await ready(server.url)
    const answer = await fetch(`${server.url}/v1/contracts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' },
      body: await contractOfWork(at),
    })
    if (!answer.ok) throw new Error(`the contract: ${answer.status} ${await answer.text()}`)
    const [filter, longest, slow, shown]: [number[], number[], number[], number[]] = [[], [], [], []]
    let rows = 0
    for (let round = 0; round < Math.min(rounds, 5); round++) {
      const page = await pageFor(browser, server.url, token)
      await page.goto('/work')
      await page.locator('#work-search').waitFor()
      shown.push(await page.evaluate<number>('performance.now()'))
      rows = Number(await page.locator('#work-table table').getAttribute('aria-rowcount')) - 1
      filter.push(...(await typing(page, '#work-search', ['hba1c', 's0004', 'p0012'])))
      const scrolled = await scrolling(page, '#work-table .scroll')
      longest.push(scrolled.longestMs)
      slow.push(scrolled.slowShare)
      await page.context().close()
    }
    const isMet = rows >= LEAST_ROWS && Math.max(...filter) < FILTER_MS && middle(slow) <= SLOW_SHARE
    out(`\nWork list of ${rows} rows, ${shown.length} times: least / middle / most\n`)
    out('| what | figure | limit | |\n| --- | --- | --- | --- |')
    out(`| until the whole list can be filtered, ms | ${spread(shown)} | | |`)
    out(
      `| from a keystroke to its frame, ms, ${filter.length} keystrokes | ${spread(filter)} | every one < ${FILTER_MS} | |`,
    )
    out(`| longest frame while scrolling, ms | ${spread(longest)} | | |`)
    out(
      `| frames over 50 ms while scrolling, % | ${spread(
        slow.map((share) => share * 100),
        1,
      )} | middle <= ${SLOW_SHARE * 100} | ${isMet ? 'met' : 'missed'} |`,
    )
    return isMet
  } finally {
    await stopped(server)
    await store.close()
  }
}

const browser = await startBrowser()
try {
  out(
    `${availableParallelism()} cores, one minute's load ${loadavg()[0]!.toFixed(1)}, Node ${process.versions.node}, Chromium ${browser.version()}`,
  )
  const [first, work] = [await firstPages(browser), await workList(browser)]
  process.exitCode = first && work ? 0 : 1
} finally {
  await browser.close()
}
