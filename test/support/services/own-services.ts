/** A PostgreSQL and a Redis of a test's own, to be killed, stopped and started again at the same address: the machine's are never touched. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { appendFile, chmod, chown, mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { placementOf } from '../../../data/postgres/embedded/account.ts'
import { binariesFor } from '../../../data/postgres/embedded/binaries.ts'
import { freePort } from './free-port.ts'

export interface OwnService {
  readonly url: string
  /** Starts it where it was, with what it holds; returns when it answers. */
  readonly start: () => Promise<void>
  /** SIGSTOP and SIGCONT reach its children too. */
  readonly signal: (signal: NodeJS.Signals) => void
  /** Kills it and all it started, and returns when nothing of it is left. */
  readonly kill: () => Promise<void>
}

/** Makes and starts a PostgreSQL.
 *  @param place a directory that any account may enter: as root, the server runs under another
 *  @param dataDir where its files lie; default: in `place` */
export async function ownPostgres(place: string, dataDir = join(place, 'data')): Promise<OwnService> {
  await mkdir(place, { recursive: true, mode: 0o711 })
  const { account } = await placementOf(place)
  const { initdb } = await binariesFor(account)
  await handTo(account, dataDir)
  const options = { ...account, cwd: '/' }
  await promisify(execFile)(initdb, ['-D', dataDir, '-U', 'winst', '--auth=trust', '-E', 'UTF8', '--locale=C'], options)
  await appendFile(join(dataDir, 'postgresql.conf'), settings)
  const port = await freePort()
  const url = `postgres://winst@127.0.0.1:${port}/postgres`
  const program = join(dirname(initdb), 'postgres')
  const service = childService(
    url,
    () => spawn(program, ['-D', dataDir, '-p', String(port)], { ...options, stdio: 'ignore' }),
    () => postgresAnswers(url),
    // Of a server that was killed this is left, and its number may be another's by now.
    () => rm(join(dataDir, 'postmaster.pid'), { force: true }),
  )
  await service.start()
  return service
}

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 64MB
max_wal_size = 256MB
max_connections = 120
jit = off
`

async function handTo({ uid, gid }: { readonly uid?: number; readonly gid?: number }, dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if (uid === undefined || gid === undefined) return
  await chown(dir, uid, gid)
  await chmod(dir, 0o700)
}

/** Makes and starts a Redis under a directory, that keeps what it was told before it answered.
 *  @returns null where the machine has no redis-server */
export async function ownRedis(place: string): Promise<OwnService | null> {
  await mkdir(place, { recursive: true })
  const there = await promisify(execFile)('redis-server', ['--version']).catch(() => null)
  if (!there) return null
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', place, '--save', '', '--appendonly', 'yes']
  const url = `redis://127.0.0.1:${port}`
  const service = childService(
    url,
    () => spawn('redis-server', [...args, '--appendfsync', 'always'], { stdio: 'ignore' }),
    () => redisAnswers(url),
  )
  await service.start()
  return service
}

function childService(
  url: string,
  launch: () => ChildProcess,
  answers: () => Promise<boolean>,
  before: () => Promise<void> = async () => undefined,
): OwnService {
  let child: ChildProcess | undefined
  const start = async () => {
    // What a killed server started may live a moment longer than it, and keeps the next one out for as long.
    for (const until = performance.now() + 60_000; performance.now() < until; await delay(100)) {
      if (!child || child.exitCode !== null || child.signalCode !== null) {
        await before()
        child = launch()
        child.on('error', () => undefined)
      }
      if (await answers()) return
    }
    throw new Error(`${url} did not start in a minute`)
  }
  // A server is its processes: stopped but for its first one it would go on answering.
  const signal = (name: NodeJS.Signals) => {
    const pid = child?.pid
    if (pid === undefined || child?.exitCode !== null || child.signalCode !== null) return
    child.kill(name)
    if (name === 'SIGSTOP' || name === 'SIGCONT') for (const each of childrenOf(pid)) signalIfThere(each, name)
  }
  const kill = async () => {
    const ended = child
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return
    ended.kill('SIGKILL')
    await once(ended, 'exit')
  }
  return { url, start, signal, kill }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

function signalIfThere(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    return // it ended by itself
  }
}

async function postgresAnswers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  redis.on('error', () => undefined)
  try {
    await redis.connect()
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}
