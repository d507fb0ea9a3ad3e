/** A server in a process of its own, as the benches of pages and of the API start it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'

export interface Served {
  readonly url: string
  readonly child: ChildProcess
}

/** Rates are for the world outside. */
export const NO_RATES = Object.fromEntries(
  ['READS', 'WRITES', 'ADDRESS', 'GUESSES'].map((rate) => [`WINST_${rate}_PER_MINUTE`, '999999999']),
)

/** A server that says its address on a line, and the process that it is; what it says otherwise goes to `server.log` in the directory. */
export async function started(place: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Served> {
  const log = openSync(join(place, 'server.log'), 'a')
  const child = spawn(process.execPath, ['--import', 'tsx', ...args], { env, stdio: ['ignore', 'pipe', log] })
  const ended = new Promise<never>((_, reject) =>
    child.once('exit', (code) =>
      reject(new Error(`${args[0]} ended with ${code}; ${join(place, 'server.log')} says why`)),
    ),
  )
  ended.catch(() => undefined)
  const said = (async () => {
    for await (const line of createInterface({ input: child.stdout! })) {
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
      if (url) return url
    }
    return await ended
  })()
  return { url: await Promise.race([said, ended]), child }
}

/** Waits until the server is past its start, when it is behind and says so. */
export async function ready(url: string): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await fetch(`${url}/v1/settlements`)).status === 401) return
    await setTimeout(500)
  }
  throw new Error(`the server at ${url} is not ready after half a minute; its server.log says why`)
}

/** Ends it, and waits until it has. */
export async function stopped({ child }: Served): Promise<void> {
  child.kill('SIGTERM')
  await new Promise((done) => child.once('close', done))
}
