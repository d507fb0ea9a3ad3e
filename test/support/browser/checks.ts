/** What holds of every page, as the browser sees it. What runs in the page is written as its text: tests have no DOM of their own. */
import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Everything that axe finds wrong with the page as it stands, a line each. */
export async function axeFinds(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>('axe.run()')
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
}

/** By how many pixels the page is wider than its window; what scrolls within a box of its own does not count. */
export const sidewaysScroll = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

/** The smallest text in a chart that is shown, in pixels as drawn; null where no chart is shown. */
export const smallestChartText = (page: Page): Promise<number | null> =>
  page.evaluate<number | null>(`(() => {
    const shown = [...document.querySelectorAll('figure svg')].filter((svg) => svg.getBoundingClientRect().width > 0)
    const sizes = shown.flatMap((svg) => {
      const scale = svg.getBoundingClientRect().width / (svg.viewBox.baseVal.width || 1)
      return [...svg.querySelectorAll('text')].map((text) => Number.parseFloat(getComputedStyle(text).fontSize) * scale)
    })
    return sizes.length === 0 ? null : Math.min(...sizes)
  })()`)

/** Goes by the Tab key until the element has the focus, as somebody without a mouse does.
 *  @throws Error where it cannot be reached so */
export async function tabTo(page: Page, selector: string): Promise<void> {
  const reached = `document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`
  for (let at = 0; at < 300; at++) {
    if (await page.evaluate<boolean>(reached)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`${selector} cannot be reached by the keyboard on ${page.url()}`)
}

/** A4 less the margins of the style sheet, in pixels of 1/96 inch. */
const PRINTABLE = { width: 687, height: 988 }

/** What a sheet of A4 would cut off at its side, and tables whose heads would not be repeated on the next, as the page is laid out for paper. */
export async function beyondPaper(page: Page): Promise<string[]> {
  const window = page.viewportSize()
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize(PRINTABLE)
  const found = await page.evaluate<string[]>(`(() => {
    const isShown = (each) => each.getClientRects().length > 0
    const named = (each) => each.outerHTML.slice(0, 160)
    const all = [...document.body.querySelectorAll('*')].filter(isShown)
    const wide = all.filter((each) => each.getBoundingClientRect().right > ${PRINTABLE.width} + 1)
    const cut = all.filter((each) => getComputedStyle(each).overflowX !== 'visible' && !each.closest('svg') && each.scrollWidth > each.clientWidth + 1)
    const heads = all.filter((each) => each.tagName === 'THEAD' && getComputedStyle(each).display !== 'table-header-group')
    return [
      ...wide.slice(0, 3).map((each) => 'wider than A4: ' + named(each)),
      ...cut.slice(0, 3).map((each) => 'cut off on paper: ' + named(each)),
      ...heads.map((each) => 'a head that is not repeated: ' + named(each)),
    ]
  })()`)
  await page.emulateMedia({ media: null })
  if (window) await page.setViewportSize(window)
  return found
}
