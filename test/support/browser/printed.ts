/** A page as it comes on A4: read back from the file that the browser prints. */
import type { Page } from 'playwright-core'
import { getDocumentProxy } from 'unpdf'

/** In points: what a printer cannot reach, and what Chromium rounds. */
const EDGE = 12

/** Texts that lie outside of the sheet or at its very edge. */
export async function printedBeyond(page: Page): Promise<string[]> {
  const file = await getDocumentProxy(new Uint8Array(await page.pdf({ format: 'A4', preferCSSPageSize: true })))
  const beyond: string[] = []
  for (let at = 1; at <= file.numPages; at++) {
    const sheet = await file.getPage(at)
    const { width } = sheet.getViewport({ scale: 1 })
    const { items } = await sheet.getTextContent()
    for (const item of items)
      if ('str' in item && item.str.trim() !== '') {
        const left = Number(item.transform[4])
        if (left < EDGE || left + item.width > width - EDGE) beyond.push(`printed beyond sheet ${at}: ${item.str}`)
      }
  }
  await file.cleanup()
  return beyond.slice(0, 3)
}
