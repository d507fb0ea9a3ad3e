/** The backend of the queues: BullMQ on Redis if configured, else on its own tables in PostgreSQL. */
import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  runMigrations,
  Worker,
  type BackendFactory,
  type IQueueBackend,
  type JobProgress,
  type PgPool,
  type Processor,
  type WorkerOptions,
} from 'bullmq'
import { Redis } from 'ioredis'
import { Pool, type PoolConfig } from 'pg'
import type { Store } from '../../data/postgres/database.ts'
import { storeIdentity } from '../../data/postgres/identity.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** `runs`: one job a run, which only waits for its parts. `parts`: the work. Two queues, so that a waiting run never occupies a worker. */
export type QueueName = 'runs' | 'parts'

export interface QueueBackend {
  readonly kind: 'redis' | 'postgres'
  /** before the name of every queue */
  readonly namespace: string
  readonly queue: (name: QueueName) => WinstQueue
  readonly worker: (name: QueueName, processor: WinstProcessor, options: WorkerTimings) => WinstWorker
  /** Closes workers first (they finish what they are doing), then queues, then the connections. */
  readonly close: () => Promise<void>
}

export type WinstQueue = Queue<unknown, unknown, string, unknown, unknown, string, IQueueBackend, Connection>
export type WinstWorker = Worker<unknown, unknown, string, IQueueBackend, JobProgress, Connection>
export type WinstProcessor = Processor<unknown, unknown>
export type WorkerTimings = Omit<WorkerOptions, 'connection' | 'prefix' | 'telemetry'>
type Connection = Redis | Pool
type Factory = BackendFactory<IQueueBackend, Connection>

export interface QueuePlace {
  /** whose work the queues carry */
  readonly store: Pick<Store, 'pool' | 'url'>
  /** null: the queues live in the store's PostgreSQL too */
  readonly redisUrl: string | null
  /** errors of idle connections, which BullMQ survives by itself; default: ignored */
  readonly onError?: (error: Error) => void
}

// Two workers each hold one connection to listen on; the rest serve short queries.
const poolConnections = 8
const answerWithinMs = 5_000
// The only name that BullMQ accepts when it is handed a pool (and its other ways do not load under ES modules).
const queueSchema = 'bullmq'

/** Opens the queues of one store. They are named by the store's identity: any number of stores, and tests, share one Redis
 *  or one database without ever seeing each other's jobs.
 *  @throws Refusal `redis_unreachable` */
export async function openQueueBackend({ store, redisUrl, onError = () => {} }: QueuePlace): Promise<QueueBackend> {
  const namespace = `winst.${await storeIdentity(store.pool)}`
  return redisUrl === null ? openOnPostgres(store.url, namespace, onError) : openOnRedis(redisUrl, namespace, onError)
}

async function openOnPostgres(url: string, namespace: string, onError: (error: Error) => void): Promise<QueueBackend> {
  const pool = new Pool({ ...withSearchPath(url, queueSchema), max: poolConnections, keepAlive: true })
  pool.on('error', onError)
  const client = await pool.connect()
  try {
    await runMigrations(client, queueSchema, {})
  } finally {
    client.release()
  }
  // BullMQ describes the part of a pool that it uses in types of its own.
  const connection = pool as unknown as PgPool
  const factory: Factory = (name, options, more) => createPostgresBackend(name, { ...options, connection }, more)
  return backendOf('postgres', namespace, pool, factory, onError, () => pool.end())
}

async function openOnRedis(url: string, namespace: string, onError: (error: Error) => void): Promise<QueueBackend> {
  // A worker's blocking read may wait for ever, so BullMQ wants no limit on retries.
  const redis = new Redis(url, { maxRetriesPerRequest: null, lazyConnect: true, connectTimeout: answerWithinMs })
  redis.on('error', onError)
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    throw new Refusal(
      'redis_unreachable',
      `REDIS_URL names ${placeOf(url)}, which does not answer (${(error as Error).message}); start it, or leave REDIS_URL out to queue on PostgreSQL`,
    )
  }
  const factory: Factory = (name, options, more) => createRedisBackend(name, { ...options, connection: redis }, more)
  return backendOf('redis', namespace, redis, factory, onError, async () => void (await redis.quit()))
}

function backendOf(
  kind: QueueBackend['kind'],
  namespace: string,
  connection: Connection,
  factory: Factory,
  onError: (error: Error) => void,
  disconnect: () => Promise<void>,
): QueueBackend {
  const options = { connection }
  const fullName = (name: QueueName) => `${namespace}.${name}`
  const queues = new Map<QueueName, WinstQueue>()
  const workers: WinstWorker[] = []
  const queue = (name: QueueName) => {
    const opened: WinstQueue = queues.get(name) ?? new Queue(fullName(name), options, factory)
    if (!queues.has(name)) opened.on('error', onError)
    queues.set(name, opened)
    return opened
  }
  const worker = (name: QueueName, processor: WinstProcessor, timings: WorkerTimings) => {
    const started: WinstWorker = new Worker(fullName(name), processor, { ...timings, ...options }, factory)
    started.on('error', onError)
    workers.push(started)
    return started
  }
  let closing: Promise<void> | undefined
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.close()))
    await Promise.all([...queues.values()].map((queue) => queue.close()))
    await disconnect()
  }
  return { kind, namespace, queue, worker, close: () => (closing ??= close()) }
}

/** The same URL with another search_path; its other options are kept. */
function withSearchPath(databaseUrl: string, schema: string): PoolConfig {
  const url = new URL(databaseUrl)
  const asked = url.searchParams.get('options')
  url.searchParams.delete('options')
  const path = `-c search_path=${schema}`
  return { connectionString: url.toString(), options: asked ? `${asked} ${path}` : path }
}

/** A URL without user and password. */
export const placeOf = (url: string): string =>
  URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : 'no URL'
