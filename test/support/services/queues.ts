/** Both queues that a store may have, for tests that must hold on either. */
import { Redis } from 'ioredis'
import type { Store } from '../../../data/postgres/database.ts'
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import type { RunPayload } from '../../../jobs/queue/queues.ts'
import { liveRedis } from './redis.ts'

export interface LiveQueues {
  /** a new connection to the queues of a store, as another process would open one; closed with the rest */
  readonly open: (store: Pick<Store, 'pool' | 'url'>) => Promise<QueueBackend>
  readonly redisUrl: string | null
  readonly close: () => Promise<void>
}

/** PostgreSQL always; Redis where there is one.
 *  @param leftOut what is not tested without Redis */
export async function liveQueues(
  leftOut: string,
): Promise<readonly { readonly kind: string; readonly queues: LiveQueues }[]> {
  const redis = await liveRedis(leftOut)
  const onPostgres = { kind: 'PostgreSQL', queues: queuesAt(null, async () => {}) }
  return redis ? [onPostgres, { kind: 'Redis', queues: queuesAt(redis.url, redis.close) }] : [onPostgres]
}

function queuesAt(redisUrl: string | null, stopServer: () => Promise<void>): LiveQueues {
  const opened: QueueBackend[] = []
  const open = async (store: Pick<Store, 'pool' | 'url'>) => {
    const backend = await openQueueBackend({ store, redisUrl })
    opened.push(backend)
    return backend
  }
  const close = async () => {
    await Promise.all(opened.map((backend) => backend.close()))
    if (redisUrl !== null) await erase(redisUrl, new Set(opened.map(({ namespace }) => namespace)))
    await stopServer()
  }
  return { open, redisUrl, close }
}

/** What a test file leaves in a Redis that others use too. (In PostgreSQL it goes with its database.) */
async function erase(redisUrl: string, namespaces: ReadonlySet<string>): Promise<void> {
  const redis = new Redis(redisUrl)
  for (const namespace of namespaces)
    for await (const keys of redis.scanStream({ match: `bull:${namespace}.*`, count: 1_000 }) as AsyncIterable<
      string[]
    >)
      if (keys.length > 0) await redis.del(...keys)
  await redis.quit()
}

/** A run of a contract with three outcomes: 53 parts. */
export const runOf = (runId: string, more: Partial<RunPayload> = {}): RunPayload => ({
  runId,
  flow: 'settle',
  region: 'noord',
  contractSha256: 'c0ffee',
  asOf: '2026-03-01',
  models: ['hba1c', 'sbp', 'ldl'],
  ...more,
})
