/** `npm run bench:api`: how fast the API shows a large region to many at once, beside a bare Fastify route that sends the same bytes.
 *
 *  A region is generated and settled once and kept in `--keep`; then the real server runs in a process of its own, and the peer in another with
 *  the same flags. For every kind of page several roles ask at once; server and peer take turns. Ends with 1 where a limit is not met.
 *  `--patients N --keep DIR --seconds N --rounds N --clients N --only TEXT` */
import type { ChildProcess } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import autocannon, { type Result } from 'autocannon'
import { type BenchRegion, environmentIn, madeIn, openRegion, recordSomething } from './region.ts'
import { NO_RATES, ready, started, stopped, type Served } from './served.ts'

const { values } = parseArgs({
  options: {
    patients: { type: 'string', default: '100000' },
    keep: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '50' },
    only: { type: 'string', default: '' },
  },
})
const patients = Number(values.patients)
const place = resolve(values.keep ?? join(tmpdir(), `winst-bench-api-${patients}`))
const [seconds, rounds, connections] = [values.seconds, values.rounds, values.clients].map(Number) as [
  number,
  number,
  number,
]
const out = (line: string): void => void process.stdout.write(`${line}\n`)

interface Asked {
  readonly role: keyof BenchRegion['tokens']
  readonly path: string
}

interface Target {
  readonly name: string
  /** milliseconds */
  readonly p99Below: number
  readonly asks: readonly Asked[]
}

/** At least this share of what the peer does a second. */
const LEAST_SHARE = 0.5

async function targetsOf(region: BenchRegion, url: string): Promise<Target[]> {
  const { settlement, partner } = region
  const of = `/v1/settlements/${settlement.settlement_id}`
  const by = (roles: readonly Asked['role'][], path: string): Asked[] => roles.map((role) => ({ role, path }))
  return [
    { name: 'settlement', p99Below: 50, asks: by(['analyst', 'auditor', 'insurer', 'partner', 'researcher'], of) },
    {
      name: 'partner',
      p99Below: 50,
      asks: by(['analyst', 'auditor', 'insurer', 'partner'], `${of}/partners/${partner}`),
    },
    {
      name: 'list',
      p99Below: 50,
      asks: by(['analyst', 'auditor', 'insurer', 'partner', 'researcher'], '/v1/settlements'),
    },
    {
      name: 'outcomes',
      p99Below: 50,
      asks: by(['analyst', 'auditor', 'insurer', 'partner'], `${of}/outcomes?by=partner,sex`),
    },
    { name: 'research', p99Below: 200, asks: await answersFor(region, url) },
  ]
}

/** Questions of research as they are asked: registered with a plan, answered once, then looked at. */
async function answersFor({ settlement, tokens }: BenchRegion, url: string): Promise<Asked[]> {
  const plan = { hypothesis: 'all gain alike', outcome: 'mean gain', groups: 'as asked', analysis: 'two means' }
  const asked = [['sex'], ['age_band'], ['group', 'sex']].map(async (by) => {
    const body = JSON.stringify({ contract: settlement.contract, title: `by ${by.join(', ')}`, ...plan, by })
    const headers = { authorization: `Bearer ${tokens.researcher}`, 'content-type': 'application/json' }
    const answer = await fetch(`${url}/v1/questions`, { method: 'POST', headers, body })
    if (!answer.ok) throw new Error(`question ${body}: ${answer.status} ${await answer.text()}`)
    const { question_id } = (await answer.json()) as { question_id: string }
    return { role: 'researcher', path: `/v1/questions/${question_id}/answer` } as const
  })
  return await Promise.all(asked)
}

interface Page {
  readonly ask: Asked
  readonly headers: Readonly<Record<string, string>>
  readonly type: string
  readonly bytes: Buffer
  /** milliseconds, made anew, the median of five */
  readonly anewMs: number
}

/** Asks for a page after something was recorded, so that it is made anew. */
async function pageOf(region: BenchRegion, url: string, ask: Asked): Promise<Page> {
  const headers = { authorization: `Bearer ${region.tokens[ask.role]}` }
  const took: number[] = []
  for (let time = 0; ; time++) {
    await recordSomething(region)
    const from = performance.now()
    const answer = await fetch(url + ask.path, { headers })
    const bytes = Buffer.from(await answer.arrayBuffer())
    took.push(performance.now() - from)
    if (answer.status !== 200) throw new Error(`${ask.role} ${ask.path}: ${answer.status} ${bytes.toString()}`)
    const [type, anewMs] = [answer.headers.get('content-type') ?? '', took.toSorted((a, b) => a - b)[2]!]
    if (time === 4) return { ask, headers, type, bytes, anewMs }
  }
}

interface Load {
  readonly perSecond: number
  /** microseconds of processor time of the serving process, all its threads; it says more than the clock where others use the machine */
  readonly cpuMicros: number
  readonly p50: number
  readonly p99: number
}

/** Microseconds of processor time that a process has used, on Linux; elsewhere 0. */
async function cpuOf({ pid }: ChildProcess): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number)
  return ((user ?? 0) + (system ?? 0)) * 10_000
}

async function loaded({ url, child }: Served, requests: Parameters<typeof autocannon>[0]['requests']): Promise<Load> {
  const before = await cpuOf(child)
  const result: Result = await autocannon({ url, connections, duration: seconds, requests })
  const { errors, timeouts, non2xx, latency } = result
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${url}: ${errors} errors, ${timeouts} timeouts, ${non2xx} not 200`)
  const cpuMicros = ((await cpuOf(child)) - before) / result.requests.total
  return { perSecond: result.requests.average, cpuMicros, p50: latency.p50, p99: latency.p99 }
}

/** The middle one by requests a second. */
const middle = (loads: readonly Load[]): Load =>
  loads.toSorted((a, b) => a.perSecond - b.perSecond)[Math.floor(loads.length / 2)]!

const requestsFor = (pages: readonly Page[]) =>
  pages.map(({ ask, headers }) => ({ method: 'GET' as const, path: ask.path, headers }))

/** Server and peer in turns, so that whatever else the machine does is shared; the share is the middle one of the rounds.
 *  @returns whether the limits are met */
async function compared({ name, p99Below }: Target, pages: readonly Page[], served: Served): Promise<boolean> {
  const file = join(place, `pages-${name}.json`)
  await writeFile(file, JSON.stringify(pages.map(({ type, bytes }) => ({ type, base64: bytes.toString('base64') }))))
  const bare = await started(place, [join(import.meta.dirname, 'bare.ts'), file], process.env)
  const barely = pages.map((_, at) => ({ method: 'GET' as const, path: `/${at}` }))
  const [ours, theirs]: [Load[], Load[]] = [[], []]
  try {
    for (let round = 0; round < rounds; round++) {
      theirs.push(await loaded(bare, barely))
      ours.push(await loaded(served, requestsFor(pages)))
    }
  } finally {
    bare.child.kill()
  }
  const [mine, peer] = [middle(ours), middle(theirs)]
  // round by round: what else the machine does in one weighs on both
  const shares = ours.map(({ perSecond }, round) => perSecond / theirs[round]!.perSecond).toSorted((a, b) => a - b)
  const share = shares[Math.floor(shares.length / 2)]!
  const met = mine.p99 < p99Below && share >= LEAST_SHARE
  const bytes = Math.round(pages.reduce((sum, page) => sum + page.bytes.length, 0) / pages.length)
  const anew = Math.max(...pages.map(({ anewMs }) => anewMs))
  const cells = [name, pages.length, bytes, mine.p50, mine.p99, `< ${p99Below}`, mine.perSecond.toFixed(0)]
  out(
    `| ${[...cells, peer.perSecond.toFixed(0), share.toFixed(2), mine.cpuMicros.toFixed(0), peer.cpuMicros.toFixed(0), anew.toFixed(0), met ? 'met' : 'missed'].join(' | ')} |`,
  )
  return met
}

/** All pages at once, while something is recorded every second, so that nothing is kept for longer.
 *  @returns whether the limit is met */
async function whileThingsHappen(region: BenchRegion, pages: readonly Page[], served: Served): Promise<boolean> {
  let changes = 0
  const timer = setInterval(() => void recordSomething(region).then(() => changes++), 1_000)
  const { p50, p99, perSecond } = await loaded(served, requestsFor(pages)).finally(() => clearInterval(timer))
  out(
    `\nAll ${pages.length} pages at once, something recorded ${changes} times meanwhile: p50 ${p50} ms, p99 ${p99} ms, ${perSecond.toFixed(0)} a second.`,
  )
  return p99 < 200
}

await madeIn(place, patients, out)
const region = await openRegion(place)
const server = await started(place, ['api/cli/cli.ts', 'serve', '--port', '0'], {
  ...environmentIn(place),
  ...NO_RATES,
})
try {
  await ready(server.url)
  const load = loadavg()[0]!.toFixed(1)
  out(
    `${patients} patients, ${connections} clients, ${rounds} rounds of ${seconds} s, the middle one; ${availableParallelism()} cores, one minute's load ${load}, Node ${process.versions.node}\n`,
  )
  out(
    '| pages | asked by | bytes | p50, ms | p99, ms | limit | requests a second | bare Fastify | share of it | CPU a request, us | of the bare, us | made anew, ms | |',
  )
  out('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  const all: Page[] = []
  let met = true
  for (const target of (await targetsOf(region, server.url)).filter(({ name }) => name.includes(values.only))) {
    const pages: Page[] = []
    for (const ask of target.asks) pages.push(await pageOf(region, server.url, ask))
    met = (await compared(target, pages, server)) && met
    all.push(...pages)
  }
  met = (await whileThingsHappen(region, all, server)) && met
  process.exitCode = met ? 0 : 1
} finally {
  await stopped(server)
  await region.store.close()
}
