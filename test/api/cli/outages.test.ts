/** A run that loses Redis, PostgreSQL or its disk says so in one sentence within ten seconds, and the same command then does the work. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { smallRegion } from '../../support/regions/small-region.ts'
import { ownPostgres, ownRedis, type OwnService } from '../../support/services/own-services.ts'

const root = resolve(import.meta.dirname, '../../..')
const minutes = 60_000
const soon = 10_000

let place: string
let postgres: OwnService
let redis: OwnService | null
const started: ChildProcess[] = []

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'winst-outage-'))
  await chmod(place, 0o711)
  await smallRegion(join(place, 'region'))
  postgres = await ownPostgres(join(place, 'postgres'))
  redis = await ownRedis(join(place, 'redis'))
}, minutes)
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
  await postgres.start()
  await redis?.start()
})
afterAll(async () => {
  await postgres.kill()
  await redis?.kill()
  await rm(place, { recursive: true, force: true })
})

interface Ended {
  readonly status: number | null
  /** why it ended, and any line of a stack */
  readonly sentences: readonly string[]
  readonly saidAfterMs: (since: number) => number
}

interface Running {
  /** resolves when the run has shown this on stderr */
  readonly reached: (shown: RegExp) => Promise<void>
  readonly ended: Promise<Ended>
}

/** A copy under another name is another region: none of its work is done yet, however far an earlier test came. */
async function newRegion(name: string): Promise<string> {
  await cp(join(place, 'region'), join(place, name), { recursive: true })
  return name
}

function run(region: string, redisUrl: string): Running {
  const args = ['run', '--data', join(place, region), '--contract', join(place, region, 'contract.yaml')]
  const services = { DATABASE_URL: postgres.url, REDIS_URL: redisUrl, WINST_HOME: join(place, 'home'), WINST_TOKEN: '' }
  const all = ['--import', 'tsx', 'api/cli/cli.ts', ...args, '--out', join(place, `${region}-out`)]
  const env = { ...process.env, ...services, WINST_DEBUG: '' }
  const child = spawn(process.execPath, all, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] })
  started.push(child)
  let stderr = ''
  let saidAt = Infinity
  child.stderr.on('data', (chunk) => {
    stderr += String(chunk)
    if (/^winst: /m.test(stderr)) saidAt = Math.min(saidAt, performance.now())
  })
  const ended = new Promise<Ended>((done) =>
    child.once('close', (status) => {
      const sentences = stderr.split('\n').filter((line) => line.startsWith('winst:') || /^\s+at /.test(line))
      done({ status, sentences, saidAfterMs: (since) => saidAt - since })
    }),
  )
  const reached = async (shown: RegExp) => {
    while (!shown.test(stderr) && child.exitCode === null) await new Promise((wait) => setTimeout(wait, 10))
    expect(stderr).toMatch(shown)
  }
  return { reached, ended }
}

describe('a run', { timeout: 8 * minutes }, () => {
  for (const [signal, queue] of [
    ['SIGKILL', 'PostgreSQL'],
    ['SIGSTOP', 'Redis'],
  ] as const)
    test(`whose PostgreSQL gets ${signal}, its queue on ${queue}`, async () => {
      if (queue === 'Redis' && !redis) return
      const { reached, ended } = run(
        await newRegion(`lost-postgres-${signal.toLowerCase()}`),
        queue === 'Redis' ? redis!.url : '',
      )
      await reached(/window/)
      const since = performance.now()
      postgres.signal(signal)
      const { status, sentences, saidAfterMs } = await ended
      postgres.signal('SIGCONT')
      expect(sentences).toEqual([
        expect.stringMatching(
          /^winst: The database at 127\.0\.0\.1:\d+\/postgres was lost in the middle of the work: it does not answer any more\. Start it and give the same command again/,
        ),
      ])
      expect(status).toBe(1)
      expect(saidAfterMs(since)).toBeLessThan(soon)
    })

  for (const signal of ['SIGKILL', 'SIGSTOP'] as const)
    test(`whose Redis gets ${signal}`, async () => {
      if (!redis) return
      const { reached, ended } = run(await newRegion(`lost-redis-${signal.toLowerCase()}`), redis.url)
      await reached(/snapshot|window/)
      const since = performance.now()
      redis.signal(signal)
      const { status, sentences, saidAfterMs } = await ended
      redis.signal('SIGCONT')
      expect(sentences).toEqual([
        expect.stringMatching(/^winst: Redis at 127\.0\.0\.1:\d+ was lost in the middle of the work: /),
      ])
      expect(status).toBe(1)
      expect(saidAfterMs(since)).toBeLessThan(soon)
    })

  test('that finds a directory in place of a file says which; the same command then ends well', async () => {
    await mkdir(join(place, 'region-out', 'settlement.json'), { recursive: true })
    const { status, sentences } = await run('region', '').ended
    expect(sentences).toEqual([
      `winst: ${join(place, 'region-out', 'settlement.json')} cannot be written: a directory lies there; name another path, or move it away.`,
    ])
    expect(status).toBe(1)
    await rm(join(place, 'region-out', 'settlement.json'), { recursive: true })
    const again = await run('region', '').ended
    expect([again.status, again.sentences]).toEqual([0, []])
    expect(JSON.parse(await readFile(join(place, 'region-out', 'settlement.json'), 'utf8'))).toHaveProperty(
      'settlement_id',
    )
  })
})
