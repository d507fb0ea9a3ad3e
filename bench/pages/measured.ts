/** What a browser measures of a page: until it can be used, until a letter that was typed is on the screen, and frames while it scrolls. */
import { chromium, type Browser, type Page } from 'playwright-core'

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH?.trim() || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  })

/** A page of somebody with a key, in a profile that has kept nothing. */
export async function pageFor(browser: Browser, url: string, token: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 900 } })
  await context.addCookies([{ name: 'winst_token', value: token, url, httpOnly: true }])
  return await context.newPage()
}

export interface Loading {
  /** until something is on the screen */
  readonly paintMs: number
  /** until the page can be used: it stands, and its islands have run */
  readonly interactiveMs: number
  /** as sent, with all that the page needs */
  readonly bytes: number
}

/** Opens a page; its islands are modules, which have run before the browser says that the document is loaded. */
export async function loading(page: Page, path: string): Promise<Loading> {
  await page.goto(path, { waitUntil: 'networkidle' })
  return await page.evaluate<Loading>(`(() => {
    const [navigation] = performance.getEntriesByType('navigation')
    const resources = performance.getEntriesByType('resource')
    const paint = performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')
    return {
      paintMs: paint?.startTime ?? Number.NaN,
      interactiveMs: navigation.domContentLoadedEventEnd,
      bytes: [navigation, ...resources].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }
  })()`)
}

/** Types the texts into a field, letter by letter, and clears it after each.
 *  @returns milliseconds from each keystroke to the frame that shows what it changed */
export async function typing(page: Page, field: string, texts: readonly string[]): Promise<number[]> {
  await page.evaluate(`(() => {
    globalThis.took = []
    document.querySelector(${JSON.stringify(field)}).addEventListener('input', ({ timeStamp }) => {
      requestAnimationFrame(() => {
        // The message comes after the frame was painted.
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => globalThis.took.push(performance.now() - timeStamp)
        port2.postMessage(null)
      })
    }, { capture: true })
  })()`)
  for (const text of texts) {
    await page.locator(field).pressSequentially(text, { delay: 120 })
    await page.locator(field).press('ControlOrMeta+a')
    await page.locator(field).press('Delete')
    await page.waitForTimeout(150)
  }
  return await page.evaluate<number[]>('globalThis.took')
}

export interface Scrolling {
  readonly frames: number
  readonly longestMs: number
  /** of frames that took longer than 50 ms */
  readonly slowShare: number
}

/** Scrolls a box from its top to its end and back, a step every frame. */
export const scrolling = (page: Page, box: string): Promise<Scrolling> =>
  page.evaluate<Scrolling>(`new Promise((done) => {
    const place = document.querySelector(${JSON.stringify(box)})
    const times = []
    const steps = 240
    let step = 0
    const frame = (at) => {
      times.push(at)
      const share = step < steps / 2 ? step / (steps / 2) : 2 - step / (steps / 2)
      place.scrollTop = share * (place.scrollHeight - place.clientHeight)
      if (step++ < steps) return void requestAnimationFrame(frame)
      const took = times.slice(1).map((each, i) => each - times[i])
      done({
        frames: took.length,
        longestMs: Math.max(...took),
        slowShare: took.filter((ms) => ms > 50).length / took.length,
      })
    }
    requestAnimationFrame(frame)
  })`)
