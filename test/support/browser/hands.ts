/** Two ways to do the same on a page: with a mouse, and with nothing but a keyboard. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Download, Locator, Page } from 'playwright-core'

interface Hand {
  /** a link, a button, a summary */
  readonly press: (on: Locator) => Promise<void>
  /** in place of what stands in the field; a day as YYYY-MM-DD */
  readonly write: (into: Locator, text: string) => Promise<void>
  /** an option of a list by its value */
  readonly choose: (from: Locator, value: string) => Promise<void>
  /** a box that is not ticked */
  readonly tick: (box: Locator) => Promise<void>
  /** files into the field of a form: dropped on it, or chosen in the dialogue of the system */
  readonly hand: (into: Locator, paths: readonly string[]) => Promise<void>
}

const mouse: Hand = {
  press: (on) => on.click(),
  write: (into, text) => into.fill(text),
  choose: async (from, value) => void (await from.selectOption(value)),
  tick: (box) => box.check(),
  async hand(into, paths) {
    const files = await Promise.all(
      paths.map(async (path) => ({ name: basename(path), text: await readFile(path, 'utf8') })),
    )
    // What a browser makes of files that are dragged in from outside it.
    const dropped = await into.page().evaluateHandle(`(() => {
      const data = new DataTransfer()
      for (const { name, text } of ${JSON.stringify(files)}) data.items.add(new File([text], name))
      return data
    })()`)
    await into.locator('xpath=ancestor-or-self::*[contains(@class, "drop")]').dispatchEvent('drop', {
      dataTransfer: dropped,
    })
  },
}

/** Goes by the Tab key until the element has the focus.
 *  @throws Error where it cannot be reached so */
async function reach(to: Locator): Promise<void> {
  await to.waitFor()
  const { keyboard } = to.page()
  for (let at = 0; at < 400; at++) {
    if (await to.evaluate((element: { matches(selector: string): boolean }) => element.matches(':focus'))) return
    await keyboard.press('Tab')
  }
  throw new Error(`${String(to)} cannot be reached by the keyboard on ${to.page().url()}`)
}

const keyboard: Hand = {
  async press(on) {
    await reach(on)
    await on.page().keyboard.press('Enter')
  },
  async write(into, text) {
    await reach(into)
    const { keyboard: keys } = into.page()
    const [year, month, day] = text.split('-')
    // A field for a day is written as the browser's language has it: that of a test is American.
    if ((await into.getAttribute('type')) === 'date') return await keys.type(`${month}${day}${year}`)
    await keys.press('Control+A')
    await keys.insertText(text)
  },
  async choose(from, value) {
    await reach(from)
    const { keyboard: keys } = from.page()
    await keys.press('Home')
    for (let at = 0; (await from.inputValue()) !== value; at++) {
      if (at > 200) throw new Error(`${value} is none of the choices of ${String(from)}`)
      await keys.press('ArrowDown')
    }
  },
  async tick(box) {
    await reach(box)
    await box.page().keyboard.press('Space')
  },
  async hand(into, paths) {
    await reach(into)
    const dialogue = into.page().waitForEvent('filechooser')
    await into.page().keyboard.press('Space')
    await (await dialogue).setFiles([...paths])
  },
}

export const HANDS: readonly (readonly [string, Hand])[] = [
  ['a mouse', mouse],
  ['the keyboard alone', keyboard],
]

/** What a link gives when it is pressed, as text. */
export async function downloaded(page: Page, press: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all<[Promise<Download>, Promise<void>]>([page.waitForEvent('download'), press()])
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}
