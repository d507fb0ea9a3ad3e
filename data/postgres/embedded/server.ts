/** The embedded server of one home: started by the first process that needs it, shared by all, stopped by the last one out.
 *
 *  It runs apart from every process (a crash of one takes nothing away from the others), on a free port of 127.0.0.1, behind a
 *  password in `<home>/postgres.json`. Each process holds one anchor connection; a process that leaves as the last one stops the
 *  server. After a crash it may stay behind: the next process finds it, uses it, and stops it. */
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { invariant, Refusal } from '../../../engine/kernel/refusal.ts'
import { placementOf } from './account.ts'
import type { Account, Placement } from './account.ts'
import { binariesFor } from './binaries.ts'
import type { Binaries } from './binaries.ts'
import { alive, identityOf, withLock } from './lock.ts'

const run = promisify(execFile)
const anchorName = 'winst anchor '
const databaseName = 'winst'
const startSeconds = 60

export interface Membership {
  readonly url: string
  leave(): Promise<void>
}

/** How to reach the server: what postgres.json holds. */
interface Address {
  readonly port: number
  readonly user: string
  readonly password: string
}

interface Cluster extends Placement {
  readonly home: string
  readonly binaries: Binaries
  readonly durable: boolean
}

/** Joins the server of `home`, making and starting it where needed.
 *  @param durable false: never waits for the disk (tests)
 *  @throws Refusal `database_not_started` with the end of the server's log */
export async function joinServer(homeAsGiven: string, durable: boolean): Promise<Membership> {
  const home = resolve(homeAsGiven)
  const placement = await placementOf(home)
  const cluster = { ...placement, home, durable, binaries: await binariesFor(placement.account) }
  const lock = join(home, 'postgres.lock')
  const { anchor, address } = await withLock(lock, () => enter(cluster))
  anchor.unref() // an open anchor must not keep a process alive
  return { url: urlOf(address, databaseName), leave: () => withLock(lock, () => leave(cluster, anchor)) }
}

/** What the types of pg leave out of a client. */
type Anchor = Client & { ref(): void; unref(): void }

async function enter(cluster: Cluster): Promise<{ anchor: Anchor; address: Address }> {
  const known = await addressOf(cluster)
  await makeCluster(cluster, known)
  const running = known.port > 0 ? await anchorAt(known, await serverRuns(cluster)) : undefined
  if (running) return { anchor: running, address: known }
  const address = await startServer(cluster, known)
  const anchor = await anchorAt(address, true)
  invariant(anchor, 'a server that was started answers')
  const { rowCount } = await anchor.query('select from pg_database where datname = $1', [databaseName])
  if (rowCount === 0) await anchor.query(`create database ${databaseName}`)
  return { anchor, address }
}

async function leave(cluster: Cluster, anchor: Anchor): Promise<void> {
  anchor.ref()
  try {
    // The connection of a process that ended may be listed a moment longer: what counts is a living process that has not left.
    await anchor.query(`set application_name = 'winst left'`)
    const { rows } = await anchor.query<{ name: string }>(
      'select application_name as name from pg_stat_activity where starts_with(application_name, $1)',
      [anchorName],
    )
    const others = await Promise.all(rows.map(({ name }) => alive(name.slice(anchorName.length))))
    await anchor.end()
    if (!others.includes(true)) await command(cluster, ['stop', '-w', '-m', 'fast'])
  } catch {
    return // stopped or killed by someone else: nothing is left to do
  }
}

/** An anchor connection, or nothing when no server listens. With `patient`, one that is still starting is waited for. */
async function anchorAt(address: Address, patient: boolean): Promise<Anchor | undefined> {
  const application_name = anchorName + (await identityOf(process.pid))
  for (let attempt = 0; ; attempt++) {
    const client = new Client({ connectionString: urlOf(address, 'postgres'), application_name })
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client as Anchor
    } catch (error) {
      const { code } = error as { code?: string }
      if (!patient || (code !== 'ECONNREFUSED' && code !== '57P03')) return undefined
      if (attempt > startSeconds * 10) return undefined
      await sleep(100)
    }
  }
}

const urlOf = ({ port, user, password }: Address, database: string): string =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`

async function addressOf({ home }: Cluster): Promise<Address> {
  try {
    return JSON.parse(await readFile(join(home, 'postgres.json'), 'utf8')) as Address
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return writeAddress(home, { port: 0, user: 'winst', password: randomBytes(24).toString('hex') })
  }
}

async function writeAddress(home: string, address: Address): Promise<Address> {
  const path = join(home, 'postgres.json')
  await writeFile(`${path}.new`, JSON.stringify(address), { mode: 0o600 })
  await rename(`${path}.new`, path)
  return address
}

/** Creates the cluster in a temporary directory and renames it when complete, so that a crash leaves no partial cluster. */
async function makeCluster({ account, dataDir, binaries, durable }: Cluster, address: Address): Promise<void> {
  if (await stat(join(dataDir, 'PG_VERSION')).catch(() => undefined)) return
  const draft = `${dataDir}.new`
  const secret = `${draft}.secret`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(secret, address.password, { mode: 0o600 })
  await give(account, draft, secret)
  const flags = [`--username=${address.user}`, `--pwfile=${secret}`, '--auth=scram-sha-256', '-E', 'UTF8', '--locale=C']
  try {
    await run(binaries.initdb, ['-D', draft, ...flags, ...(durable ? [] : ['--no-sync'])], { ...account, cwd: '/' })
  } catch (error) {
    throw notStarted(`initdb failed: ${String((error as { stderr?: string }).stderr ?? error).trim()}`)
  } finally {
    await rm(secret, { force: true })
  }
  await appendFile(join(draft, 'postgresql.conf'), settingsOf(durable))
  await rename(draft, dataDir)
}

const settingsOf = (durable: boolean): string => `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 128MB
work_mem = 32MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
wal_level = minimal
max_wal_senders = 0
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off
log_timezone = 'UTC'
timezone = 'UTC'
${durable ? '' : 'fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n'}`

async function give({ uid, gid }: Account, ...paths: string[]): Promise<void> {
  if (uid === undefined || gid === undefined) return
  for (const path of paths) await chown(path, uid, gid)
}

async function startServer(cluster: Cluster, known: Address): Promise<Address> {
  if (!(await serverRuns(cluster))) await rm(join(cluster.dataDir, 'postmaster.pid'), { force: true })
  let failure = ''
  // Between finding a port free and listening on it someone else may take it.
  for (let attempt = 0; attempt < 5; attempt++) {
    const address = await writeAddress(cluster.home, { ...known, port: await freePort() })
    const log = join(cluster.dataDir, 'server.log')
    await rm(log, { force: true })
    try {
      await command(cluster, ['start', '-w', '-t', String(startSeconds), '-l', log, '-o', `-p ${address.port}`])
      return address
    } catch {
      failure = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n').slice(-5).join(' | ')
    }
  }
  throw notStarted(failure)
}

const command = ({ binaries, dataDir, account }: Cluster, verb: string[]) =>
  run(binaries.pgCtl, [...verb, '-D', dataDir], { ...account, cwd: '/' })

/** Whether the process that postmaster.pid names is a server of this very directory; after a crash its number may be another's. */
async function serverRuns({ dataDir }: Cluster): Promise<boolean> {
  const pid = Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0])
  if (!(pid > 0)) return false
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  if (words !== undefined) return words.split('\0').includes(dataDir)
  const { stdout } = await run('ps', ['-p', String(pid), '-o', 'command=']).catch(() => ({ stdout: '' }))
  return stdout.includes(dataDir)
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const place = probe.address()
      probe.close(() => (place && typeof place === 'object' ? resolve(place.port) : reject(new Error('no port'))))
    })
  })

const notStarted = (why: string): Refusal =>
  new Refusal('database_not_started', `The embedded PostgreSQL did not start: ${why}. Or set DATABASE_URL to another.`)
