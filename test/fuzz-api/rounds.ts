/** Rounds of requests: asked one by one of the real app, each held to what must hold; what was found, and how long it took. */
import { setTimeout as sleep } from 'node:timers/promises'
import { documentOf } from './document.ts'
import { drawn, type Drawn } from './draw.ts'
import { Holding, MOST_MS, nameOf } from './hold.ts'
import { learn, type World } from './world.ts'

export interface Failure {
  readonly number: number
  readonly why: string
  readonly asked: string
}

export interface Account {
  readonly failures: Failure[]
  readonly statuses: Map<number, number>
  /** operations that were asked and answered with less than 400 */
  readonly served: Set<string>
  readonly operations: number
  /** operations that nobody was served */
  neverServed: string[]
  /** milliseconds from a request to its answer, the longest */
  longest: number
  longestOf: string
  /** bytes in use after collection, after each twentieth of the requests */
  readonly inUse: number[]
}

export interface Order {
  readonly requests: number
  readonly seed: number
  /** called with each failure as it is found */
  readonly onFailure?: (failure: Failure) => void
}

/** As many as this are found before it is over: more of a kind tell nothing new. */
const ENOUGH = 50
const NEVER_MS = 40_000

/** Asks and holds. A slow answer is asked for again, since other processes have the machine too: twice slow is slow. */
export async function rounds(world: World, { requests, seed, onFailure }: Order): Promise<Account> {
  const document = await documentOf(world.app)
  const holding = new Holding(world, document)
  const account: Account = {
    failures: [],
    statuses: new Map(),
    served: new Set(),
    operations: document.operations.length,
    neverServed: [],
    longest: 0,
    longestOf: '',
    inUse: [],
  }
  const twentieth = Math.max(1, Math.floor(requests / 20))
  for (let number = 0; number < requests && account.failures.length < ENOUGH; number++) {
    const request = drawn(world, document, seed, number)
    if (isStream(request)) continue
    let { answer, ms } = await ask(world, request)
    if (ms > MOST_MS) ({ answer, ms } = await ask(world, request))
    note(account, request, answer.statusCode, ms)
    const why = holding.faultOf(request, answer, ms)
    learn(world, answer.headers.location ?? '')
    if (why !== null) {
      const failure = { number, why, asked: shown(request) }
      account.failures.push(failure)
      onFailure?.(failure)
    }
    if (number % twentieth === twentieth - 1) account.inUse.push(inUse())
  }
  account.neverServed = document.operations.map(nameOf).filter((name) => !account.served.has(name))
  const ready = await world.app.inject('/ready')
  if (ready.statusCode !== 200)
    account.failures.push({ number: requests, why: `is not ready any more: ${ready.body}`, asked: 'GET /ready' })
  return account
}

/** What goes on until the job ends has tests of its own. */
const isStream = ({ operation: { answers } }: Drawn): boolean =>
  Object.values(answers).some(({ content }) => content?.['text/event-stream'])

async function ask(world: World, { method, url, headers, payload }: Drawn) {
  const began = performance.now()
  const answering = world.app.inject({
    method: method as 'GET',
    url,
    headers: { ...headers },
    ...(payload === undefined ? {} : { payload }),
  })
  // Stopped once there is an answer: what waits holds on to it.
  const answered = new AbortController()
  const late = sleep(NEVER_MS, null, { signal: answered.signal }).catch(() => null)
  const answer = await Promise.race([answering, late])
  answered.abort()
  if (answer === null) throw new Error(`never answered: ${method} ${url}`)
  return { answer, ms: performance.now() - began }
}

function note(account: Account, request: Drawn, status: number, ms: number): void {
  account.statuses.set(status, (account.statuses.get(status) ?? 0) + 1)
  if (status < 400) account.served.add(nameOf(request.operation))
  if (ms > account.longest) Object.assign(account, { longest: ms, longestOf: nameOf(request.operation) })
}

const shown = ({ asker, method, url, headers, payload, broken }: Drawn): string =>
  [
    `${asker.role} ${asker.subject} of ${asker.mark}`,
    `${method} ${url.slice(0, 300)}`,
    headers['content-type'] ?? '',
    String(payload ?? '').slice(0, 300),
    broken && `(broken: ${broken})`,
  ].join(' | ')

/** Bytes in use after collection. */
function inUse(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
