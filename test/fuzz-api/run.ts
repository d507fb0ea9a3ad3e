/** `npm run fuzz:api`: requests out of the OpenAPI document, right and broken, as every role of two regions and as nobody. Ends with 1 if
 *  anything broke.
 *
 *  --requests N   how many (20000)    --seed N   what is drawn (1) */
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { openStore } from '../../data/postgres/database.ts'
import { migrate } from '../../data/postgres/migrate.ts'
import { withDatabase } from '../support/services/database-url.ts'
import { rounds } from './rounds.ts'
import { socketFaults } from './sockets.ts'
import { worldOn } from './world.ts'

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
})
const [requests, seed] = [Number(values.requests), Number(values.seed)]
/** MB of heap and buffers after collection, from the first tenth of the requests to the last; caches fill in the first. */
const MOST_GROWTH = 32

const out = (line: string) => process.stdout.write(`${line}\n`)
const MB = (bytes: number) => Math.round(bytes / 2 ** 20)
const mean = (of: readonly number[]) => of.reduce((a, b) => a + b, 0) / Math.max(1, of.length)

/** Of the app's log what went wrong in it: a line of JSON with the stack. */
const faultsTo = (to: NodeJS.WritableStream): Writable =>
  new Writable({
    write(line: Buffer, _encoding, done) {
      if (/"level":(50|60)/.test(String(line))) to.write(line)
      done()
    },
  })

const home = await mkdtemp(join(tmpdir(), 'fuzz-api-'))
await chmod(home, 0o711) // as root, the embedded server runs under another account
const server = await openStore({ databaseUrl: process.env.DATABASE_URL, home, durable: false })
const name = `fuzz_api_${randomBytes(6).toString('hex')}`
await server.pool.query(`create database ${name}`)
const store = await openStore({ databaseUrl: withDatabase(server.url, name), home })
try {
  await migrate(store)
  const world = await worldOn(store, faultsTo(process.stderr))
  const began = performance.now()
  const account = await rounds(world, {
    requests,
    seed,
    onFailure: ({ number, why, asked }) => out(`BROKEN (request ${number}): ${why}\n  ${asked}`),
  })
  const seconds = (performance.now() - began) / 1_000
  const socketed = await socketFaults(world.app, { requests: Math.ceil(requests / 20), seed })
  for (const fault of socketed) out(`BROKEN (socket): ${fault}`)
  await world.close()

  const statuses = [...account.statuses].sort(([a], [b]) => a - b).map(([status, times]) => `${status} ${times}`)
  out(`${requests} requests, seed ${seed}, in ${seconds.toFixed(1)} s: ${statuses.join(', ')}`)
  out(
    `${account.served.size} of ${account.operations} operations served somebody; never: ${account.neverServed.join(', ') || 'none'}`,
  )
  out(`longest answer ${Math.round(account.longest)} ms (${account.longestOf})`)
  const [first, last] = [MB(mean(account.inUse.slice(0, 2))), MB(mean(account.inUse.slice(-2)))]
  out(`memory in use after collection: ${first} MB in the first tenth, ${last} MB in the last`)
  out(`memory, after each twentieth: ${account.inUse.map(MB).join(' ')} MB`)
  const grows = last - first > MOST_GROWTH
  if (grows) out('BROKEN: memory grows')
  const broken = account.failures.length + socketed.length
  if (broken > 0) out(`BROKEN: ${broken} times`)
  process.exitCode = broken > 0 || grows ? 1 : 0
} finally {
  await store.close()
  await server.pool.query(`drop database if exists ${name} with (force)`)
  await server.close()
  await rm(home, { recursive: true, force: true })
}
