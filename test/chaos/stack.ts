/** A whole stack of its own: PostgreSQL on a small disk, Redis, the API and a worker; and the command that is run on it. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import type { SmallRegion } from '../support/regions/small-region.ts'
import { freePort } from '../support/services/free-port.ts'
import { ownPostgres, ownRedis, type OwnService } from '../support/services/own-services.ts'
import { withDatabase } from '../support/services/database-url.ts'
import { pause, WinstProcess } from './process.ts'

const minute = 60_000

export class Stack {
  readonly out: string
  api: WinstProcess | undefined
  worker: WinstProcess | undefined
  private databaseUrl = ''
  private port = 0

  private constructor(
    private readonly place: string,
    readonly postgres: OwnService,
    readonly redis: OwnService,
    private readonly dataset: SmallRegion,
    readonly disks: { readonly postgres: Disk; readonly out: Disk } | null,
  ) {
    this.out = join(place, 'out')
  }

  /** @throws Error where the machine has no redis-server */
  static async start(place: string, dataset: SmallRegion): Promise<Stack> {
    await mkdir(place, { recursive: true, mode: 0o711 })
    await chmod(place, 0o711)
    const home = join(place, 'postgres')
    const disks = await smallDisks(home, join(place, 'out'))
    const postgres = await ownPostgres(home, join(home, 'data'))
    const redis = await ownRedis(join(place, 'redis'))
    if (!redis) throw new Error('there is no redis-server on this machine')
    return new Stack(place, postgres, redis, dataset, disks)
  }

  /** A database of its own, with an API and a worker on it, and nothing in it yet. */
  async renew(): Promise<void> {
    const name = `chaos_${randomBytes(6).toString('hex')}`
    const before = this.databaseUrl
    await this.asAdministrator(`create database ${name}`)
    await Promise.all([this.api?.kill(), this.worker?.kill()])
    if (before !== '') await this.asAdministrator(`drop database ${new URL(before).pathname.slice(1)} with (force)`)
    this.databaseUrl = withDatabase(this.postgres.url, name)
    await rm(join(this.out, '.'), { recursive: true, force: true }).catch(() => undefined)
    for (const file of ['settlement.json', 'expectations.csv']) await rm(join(this.out, file), { force: true })
    this.port = await freePort()
    const migrated = new WinstProcess(['migrate'], this.environment())
    const { status } = await migrated.ended
    if (status !== 0) throw new Error(`migrate ended with ${status}: ${migrated.stderr}`)
    this.startApi()
    this.startWorker()
  }

  startApi(): void {
    this.api = new WinstProcess(['serve', '--port', String(this.port)], this.environment())
  }

  startWorker(more: Readonly<Record<string, string>> = {}): void {
    this.worker = new WinstProcess(['worker', '--concurrency', '1'], { ...this.environment(), ...more })
  }

  /** The command that is disturbed, and given again. */
  command(more: Readonly<Record<string, string>> = {}): WinstProcess {
    const { dir, contract } = this.dataset
    const args = [
      'run',
      '--data',
      dir,
      '--contract',
      contract,
      '--region',
      'chaos',
      '--out',
      this.out,
      '--workers',
      '1',
    ]
    return new WinstProcess(args, { ...this.environment(), ...more })
  }

  environment(): Record<string, string> {
    return {
      DATABASE_URL: this.databaseUrl,
      REDIS_URL: this.redis.url,
      WINST_HOME: join(this.place, 'home'),
      WINST_TOKEN: '',
      WINST_DEBUG: '',
    }
  }

  get url(): string {
    return this.databaseUrl
  }

  async settlement(): Promise<string> {
    return await readFile(join(this.out, 'settlement.json'), 'utf8')
  }

  /** Whether the API answers, started again if it had to be. */
  async apiAnswers(): Promise<boolean> {
    if (this.api && !this.api.isRunning) this.startApi()
    for (const until = performance.now() + minute; performance.now() < until; await pause(200)) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/ready`).catch(() => null)
      if (answer?.ok) return true
    }
    return false
  }

  async end(): Promise<void> {
    await Promise.all([this.api?.kill(), this.worker?.kill()])
    await Promise.all([this.postgres.kill(), this.redis.kill()])
    this.disks?.postgres.unmount()
    this.disks?.out.unmount()
  }

  private async asAdministrator(statement: string): Promise<void> {
    const client = new Client({ connectionString: this.postgres.url })
    await client.connect()
    await client.query(statement)
    await client.end()
  }
}

/** A disk of a known size, in memory, that can be filled to its last byte. */
export class Disk {
  private readonly filler: string

  constructor(private readonly path: string) {
    this.filler = join(path, 'filler')
  }

  fill(): void {
    const file = openSync(this.filler, 'w')
    try {
      for (let bytes = 1 << 20; bytes >= 1;)
        try {
          writeSync(file, Buffer.alloc(bytes))
        } catch {
          bytes >>= 1
        }
    } finally {
      closeSync(file)
    }
  }

  async empty(): Promise<void> {
    await rm(this.filler, { force: true })
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.path])
  }
}

/** @returns null where this account may mount nothing: then no disk is filled */
async function smallDisks(postgres: string, out: string): Promise<{ postgres: Disk; out: Disk } | null> {
  const sizes = { [postgres]: '900m', [out]: '64m' }
  for (const path of [postgres, out]) await mkdir(path, { recursive: true, mode: 0o711 })
  try {
    for (const path of [postgres, out])
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizes[path]},mode=0711`, 'tmpfs', path], { stdio: 'ignore' })
    return { postgres: new Disk(postgres), out: new Disk(out) }
  } catch {
    return null
  }
}
