/** `npm run fuzz`: corrupted sources of every import format, on a real store, for some minutes. Ends with 1 if anything broke.
 *
 *  --minutes N   how long (10)    --seed N   what is drawn (1)    --skip-large   without the sources made to exhaust */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openStore } from '../../data/postgres/database.ts'
import type { Store } from '../../data/postgres/database.ts'
import { migrate } from '../../data/postgres/migrate.ts'
import { withDatabase } from '../support/services/database-url.ts'
import { EXHAUSTING, exhaust } from './exhausting.ts'
import { Account, round } from './rounds.ts'
import type { Failure } from './rounds.ts'
import { seedsOf } from './seeds.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    'skip-large': { type: 'boolean', default: false },
  },
})
const casesPerRound = 50
const mostGrowth = 32 // MB of heap and buffers after collection, from the first tenth of the rounds to the last
const out = (line: string) => process.stdout.write(`${line}\n`)
const tell = ({ seed, drawn, why }: Failure) => out(`BROKEN (${seed}): ${JSON.stringify(drawn)}\n  ${why}`)
const MB = (bytes: number) => Math.round(bytes / 2 ** 20)
const median = (of: readonly number[]) => [...of].sort((a, b) => a - b)[of.length >> 1] ?? 0

const home = await mkdtemp(join(tmpdir(), 'fuzz-'))
await chmod(home, 0o711) // as root, the embedded server runs under another account
process.env.TMPDIR = join(home, 'tmp') // what an import leaves there is seen
await mkdir(process.env.TMPDIR)
const server = await openStore({ databaseUrl: process.env.DATABASE_URL, home, durable: false })
const template = `fuzz_${randomBytes(6).toString('hex')}`

/** A migrated database of its own for some work. */
async function fresh<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const name = `${template}_${randomBytes(4).toString('hex')}`
  await server.pool.query(`create database ${name} template ${template}`)
  const store = await openStore({ databaseUrl: withDatabase(server.url, name), home })
  try {
    return await work(store)
  } finally {
    await store.close()
    await server.pool.query(`drop database ${name} with (force)`)
  }
}

/** Bytes in use after collection. */
function inUse(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

try {
  await server.pool.query(`create database ${template}`)
  const made = await openStore({ databaseUrl: withDatabase(server.url, template), home })
  await migrate(made)
  await made.close()

  const account = new Account()
  if (!values['skip-large'])
    for (const source of EXHAUSTING) out(await fresh((store) => exhaust(store, source, account)))

  const seeds = await fresh((store) => seedsOf(store, 12, process.env.WINST_REAL_DATA ?? join('..', 'shared', 'data')))
  const until = performance.now() + Number(values.minutes) * 60_000
  const used: number[] = []
  for (let count = 0; performance.now() < until; count++) {
    const millisecondsLeft = until - performance.now()
    const of = { seed: Number(values.seed) * 1_000_003 + count, cases: casesPerRound, millisecondsLeft }
    const failures = account.failures.length
    await fresh((store) => round(store, seeds, account, of))
    for (const failure of account.failures.slice(failures)) tell(failure)
    used.push(inUse())
  }

  for (const [format, outcomes] of account.outcomes) {
    const counts = [...outcomes].sort((a, b) => b[1] - a[1]).map(([outcome, times]) => `${outcome} ${times}`)
    out(`${format}: ${[...outcomes.values()].reduce((a, b) => a + b)} cases: ${counts.join(', ')}`)
  }
  const tenth = Math.max(1, Math.floor(used.length / 10))
  const [first, last] = [MB(median(used.slice(0, tenth))), MB(median(used.slice(-tenth)))]
  out(`${account.cases} cases in ${values.minutes} minutes, seed ${values.seed}, ${seeds.length} sources`)
  out(`event loop held at most ${account.longestHeld.toFixed(2)} s`)
  out(`memory in use after collection: ${first} MB in the first tenth, ${last} MB in the last`)
  out(`largest memory of the process: ${MB(process.resourceUsage().maxRSS * 1024)} MB`)
  if (account.failures.length > 0) out(`BROKEN: ${account.failures.length} times`)
  if (last - first > mostGrowth) out('BROKEN: memory grows')
  process.exitCode = account.failures.length > 0 || last - first > mostGrowth ? 1 : 0
} finally {
  await server.pool.query(`drop database if exists ${template} with (force)`)
  await server.close()
  await rm(home, { recursive: true, force: true })
}
