/** `npm run attack`: researchers who want to single somebody out, against the API on a real store. Ends with 1 if they find anybody.
 *
 *  --sequences N   populations, each with five settlements (200)    --questions N   at most, in a sequence (200)    --seed N   what is drawn (1)
 *  --programs N   groups that linear programming tries in each (200) */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { buildApp } from '../../api/app.ts'
import { openStore } from '../../data/postgres/database.ts'
import { migrate } from '../../data/postgres/migrate.ts'
import { openQueueBackend } from '../../jobs/queue/queue-backend.ts'
import { withDatabase } from '../support/services/database-url.ts'
import { HONEST } from './researchers.ts'
import { attack, type Attacked } from './sequence.ts'

const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '200' },
    questions: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    programs: { type: 'string', default: '200' },
  },
})
const out = (line: string) => process.stdout.write(`${line}\n`)
const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)}%`

const home = await mkdtemp(join(tmpdir(), 'attack-'))
await chmod(home, 0o711) // as root, the embedded server runs under another account
const server = await openStore({ databaseUrl: process.env.DATABASE_URL, home, durable: false })
const name = `attack_${randomBytes(6).toString('hex')}`
await server.pool.query(`create database ${name}`)
const store = await openStore({ databaseUrl: withDatabase(server.url, name), home })
const queue = await openQueueBackend({ store, redisUrl: null })
try {
  await migrate(store)
  const app = await buildApp({ store, queue })
  const all: Attacked[] = []
  for (let sequence = 0; sequence < Number(values.sequences); sequence++) {
    const seed = Number(values.seed) * 100_000 + sequence
    const order = { seed, questions: Number(values.questions), programs: Number(values.programs) }
    const attacked = await attack(app, store, order)
    all.push(attacked)
    const { persons, asked, answered, found } = attacked
    for (const each of found) out(`FOUND ${each.persons} (${each.by}, ${each.counted}): ${each.where}`)
    out(`${seed}: ${persons} persons, ${asked} questions, ${answered} answered, ${found.length} groups found`)
  }
  await app.close()
  const found = all.reduce((sum, each) => sum + each.found.length, 0)
  const asked = all.reduce((sum, each) => sum + each.asked, 0)
  out(`${all.length} sequences, ${asked} questions; singled out: ${found} groups`)
  tellHonest(all)
  process.exitCode = found > 0 ? 1 : 0
} finally {
  await queue.close()
  await store.close()
  await server.pool.query(`drop database ${name} with (force)`)
  await server.close()
  await rm(home, { recursive: true, force: true })
}

/** What it costs those who ask honestly: questions refused, and persons who stand in no row. */
function tellHonest(all: readonly Attacked[]): void {
  for (const isBroken of [false, true]) {
    const these = all.filter((each) => each.isBroken === isBroken)
    if (these.length === 0) continue
    const refused = these.flatMap(({ honestRefused }) => honestRefused)
    const period = isBroken ? 'two calendar years' : 'one calendar year'
    const share = percent(refused.length, these.length * HONEST.length)
    out(`honest questions refused, contracts in ${period}: ${share} (${[...new Set(refused)].join('; ')})`)
  }
  for (const by of [1, 2, 3]) {
    const shares = all.flatMap(({ told }) => told).filter((each) => each.by === by)
    const mean = shares.reduce((total, { share }) => total + share, 0)
    out(`of the measured, told in tables of ${by} dimensions: ${percent(mean, shares.length)}`)
  }
}
