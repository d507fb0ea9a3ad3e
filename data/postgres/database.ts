/** The store: PostgreSQL through pg and Kysely, wherever it runs. */
import { Kysely, PostgresDialect } from 'kysely'
import { Pool, types } from 'pg'
import type { ClientBase } from 'pg'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { joinServer } from './embedded/server.ts'
import { placeOf } from './place.ts'
import type { Tables } from './tables.ts'

export interface Store {
  readonly db: Kysely<Tables>
  readonly pool: Pool
  /** what another process, thread or library needs to reach the same database; holds a password: not for logs */
  readonly url: string
  /** Ends every connection; of an embedded server, the last process out stops it. */
  close(): Promise<void>
}

export interface StoreOptions {
  /** a running PostgreSQL; without it an embedded one lives under `home` */
  readonly databaseUrl?: string | undefined
  /** directory of the embedded server, `.winst` or WINST_HOME */
  readonly home: string
  /** false: the embedded server may lose everything in a crash (tests) */
  readonly durable?: boolean
  /** connections at most */
  readonly connections?: number
  /** milliseconds after which a statement is given up; left out: never */
  readonly statementMs?: number
}

const oldestServer = 150_000 // PostgreSQL 15: unique nulls not distinct

/** Opens the store that DATABASE_URL names, or the embedded one under `home`, started if it does not run.
 *  @throws Refusal `no_home`, `database_unreachable`, `database_too_old`, and those of the embedded server */
export async function openStore(options: StoreOptions): Promise<Store> {
  if (options.databaseUrl) return storeAt(options.databaseUrl, options)
  if (options.home.trim() === '')
    throw new Refusal(
      'no_home',
      'There is no database and no place to make one: set DATABASE_URL, or WINST_HOME to a directory for the embedded one.',
    )
  const server = await joinServer(options.home, options.durable ?? true)
  try {
    const store = await storeAt(server.url, options)
    const close = async () => {
      await store.close()
      await server.leave()
    }
    return { ...store, close: once(close) }
  } catch (error) {
    await server.leave()
    throw error
  }
}

async function storeAt(url: string, { connections = 10, statementMs = 0 }: Partial<StoreOptions>): Promise<Store> {
  // the pool waits for what this returns, which its types do not say
  const onConnect = (client: ClientBase): unknown =>
    client.query(`${sessionSettings}; set statement_timeout = ${statementMs}`)
  const pool = new Pool({ connectionString: url, max: connections, types: { getTypeParser }, onConnect })
  // A server that stops while a connection idles is reported by the next query; without a listener it would end the process.
  pool.on('error', () => undefined)
  try {
    await refuseOldServer(pool)
  } catch (error) {
    await pool.end()
    throw unreachable(error, url)
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const close = async () => {
    await db.destroy()
    if (!pool.ended) await pool.end() // Kysely ends a pool only if it has used it
  }
  return { db, pool, url, close: once(close) }
}

// Parallel plans add doubles in an order of their own, and need more shared memory than a container has.
const sessionSettings = `set datestyle = 'ISO, YMD'; set timezone = 'UTC'; set extra_float_digits = 1;
  set jit = off; set max_parallel_workers_per_gather = 0`

async function refuseOldServer(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ version: string; number: number }>(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number`,
  )
  const found = rows[0]
  invariant(found, 'a server reports its version')
  if (found.number < oldestServer)
    throw new Refusal('database_too_old', `PostgreSQL ${found.version} is too old; 15 or later is needed.`)
}

function unreachable(error: unknown, url: string): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error
  const place = placeOf(url)
  return new Refusal(
    'database_unreachable',
    `No database answers at ${place}: ${reasonOf(error)}. Start it, correct DATABASE_URL, or leave DATABASE_URL out for the embedded one.`,
    { place },
  )
}

// A refused connection to "localhost" is an AggregateError without a message: one reason per address.
const reasonOf = (error: Error): string =>
  error instanceof AggregateError
    ? [...new Set(error.errors.map((each) => (each instanceof Error ? each.message : String(each))))].join('; ')
    : error.message

const DATE = 1082
const INT8 = 20

/** Days stay ISO text; int8 becomes a number, and one that a number cannot hold is a bug. */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && oid === DATE) return (text: string) => text
  if (format !== 'binary' && oid === INT8) return safeInteger
  return types.getTypeParser(oid, format)
}

function safeInteger(text: string): number {
  const value = Number(text)
  invariant(Number.isSafeInteger(value), `${text} fits a number`)
  return value
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => (closing ??= close())
}
