/** Local services of a verb: the store with its schema up to date, the queue backend, threads, and a worker. */
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore, type Store } from '../../../data/postgres/database.ts'
import { migrate } from '../../../data/postgres/migrate.ts'
import { completeExcerpts } from '../../../data/settlements/excerpts.ts'
import { databaseLost, outageOf } from '../../../data/postgres/outage.ts'
import type { Refusal } from '../../../engine/kernel/refusal.ts'
import { configOf, type Config } from '../../../jobs/config.ts'
import { handlersOf } from '../../../jobs/handlers.ts'
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { awaitRun, enqueueRun, type RunPayload } from '../../../jobs/queue/queues.ts'
import { whileServicesAnswer } from '../../../jobs/queue/service-watch.ts'
import type * as tasks from '../../../jobs/threads/tasks.ts'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { startWorker, type PartLog } from '../../../jobs/queue/worker.ts'
import type { Terminal } from '../terminal.ts'

export const config = (): Config => configOf(process.env)

/** Opens the store for a verb and closes it whatever happens.
 *  @throws Refusal of an outage (data/postgres/outage.ts) where the database or a disk gave up in the middle of the work */
export async function withStore<T>(work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const { databaseUrl, home, ...rest } = config()
  const store = await openStore({ databaseUrl, home })
  try {
    await migrate(store)
    await completeExcerpts(store)
    return await work(store, { databaseUrl, home, ...rest })
  } catch (error) {
    throw outageHere(error, store) ?? error
  } finally {
    // A server that is silent does not say goodbye either.
    await Promise.race([store.close(), sleep(closeMs, undefined, { ref: false })]).catch(() => undefined)
  }
}

/** An outage, told with its place: through the queue it comes without saying which database. */
function outageHere(error: unknown, { url }: Pick<Store, 'url'>): Refusal | null {
  const outage = outageOf(error, url)
  return outage?.code === 'database_unreachable' && outage.facts.place === undefined ? databaseLost(url) : outage
}

const closeMs = 1_000

export interface LocalWorker {
  readonly backend: QueueBackend
  /** @returns false if some work would not end in time: leave the process, another worker takes it over */
  readonly stop: () => Promise<boolean>
  /** Lets go of everything without waiting for anybody: for when a service is gone. The process ends soon after. */
  readonly abandon: () => void
}

/** Starts a worker in this process: heavy work in so many threads, and one part more than that, so that no thread waits while
 *  what it made is written to the store. */
export async function startLocalWorker(
  store: Store,
  { redisUrl, uploads, pseudonymKey }: Pick<Config, 'redisUrl'> & Partial<Pick<Config, 'uploads' | 'pseudonymKey'>>,
  workers = availableParallelism(),
  onPart: (line: PartLog) => void = () => {},
): Promise<LocalWorker> {
  const backend = await openQueueBackend({ store, redisUrl })
  const threads = openThreads<typeof tasks>({
    tasks: new URL('../../../jobs/threads/tasks.ts', import.meta.url),
    threads: workers,
  })
  const handlers = handlersOf({ store, threads }, uploads === undefined ? null : { uploads, pseudonymKey })
  const worker = await startWorker({ backend, handlers, concurrency: workers + 1, onPart })
  const stop = async () => {
    const ended = await worker.stop()
    await threads.close()
    await backend.close()
    return ended
  }
  const abandon = () => {
    for (const letGo of [threads.close(), worker.stop(0), backend.close()]) letGo.catch(() => undefined)
  }
  return { backend, stop, abandon }
}

/** Seconds of work per stage, summed over its parts. */
export type StageSeconds = Readonly<Record<string, number>>

/** Has a run done by workers of this process, and any others there are.
 *  @returns what its last stage returned, and where the time went
 *  @throws Refusal `database_unreachable`, `redis_unreachable` within ten seconds after a service fell silent */
export async function runLocally(
  store: Store,
  config: Config,
  order: RunPayload,
  { terminal, workers }: { readonly terminal: Terminal; readonly workers?: number | undefined },
): Promise<{ result: unknown; seconds: StageSeconds }> {
  const milliseconds: Record<string, number> = {}
  const localWorker = await startLocalWorker(store, config, workers, ({ stage, milliseconds: ms, error }) => {
    milliseconds[stage] = (milliseconds[stage] ?? 0) + ms
    // Through the queue comes no more than that the run stopped; of an outage it is the run that tells, once and where.
    if (error && !outageOf(error, store.url)) terminal.bug(error)
  })
  const work = async () => {
    await enqueueRun(localWorker.backend, order)
    return await awaitRun(localWorker.backend, order.runId, {
      onProgress: ({ stage, done, of }) => terminal.progress.stage(stage, done, of),
    })
  }
  let lost = false
  try {
    const result = await whileServicesAnswer({ url: store.url, redisUrl: config.redisUrl }, work)
    const seconds = Object.fromEntries(Object.entries(milliseconds).map(([stage, ms]) => [stage, ms / 1000]))
    return { result, seconds }
  } catch (error) {
    const outage = outageHere(error, store)
    lost = outage?.code === 'database_unreachable' || outage?.code === 'redis_unreachable'
    throw outage ?? error
  } finally {
    terminal.progress.close()
    if (lost) localWorker.abandon()
    else await localWorker.stop()
  }
}
