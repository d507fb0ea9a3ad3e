/** Chromium for browser tests, or a sentence why they are left out. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const DEBIANS = '/usr/bin/chromium'
/** Not among what is installed here: a machine without Debian's Chromium may have it. */
const OF_THE_REGISTRY: string = '@sparticuz/chromium'

async function found(): Promise<string | null> {
  const named = process.env.CHROMIUM_PATH?.trim()
  if (named) return named
  if (existsSync(DEBIANS)) return DEBIANS
  const packed = (await import(OF_THE_REGISTRY).catch(() => null)) as {
    readonly default: { executablePath(): Promise<string> }
  } | null
  return packed ? await packed.default.executablePath() : null
}

const path = await found()
/** Whether there is a browser; that there is none is said once a test file. */
export const hasBrowser = path !== null
if (!hasBrowser)
  process.stderr.write(
    `left out, browser tests: no Chromium in CHROMIUM_PATH, at ${DEBIANS}, or in the package ${OF_THE_REGISTRY}\n`,
  )

/** Starts the browser; whoever asks closes it. */
export async function startBrowser(): Promise<Browser> {
  if (path === null) throw new Error('there is no Chromium on this machine')
  return await chromium.launch({ executablePath: path, args: FLAGS })
}
