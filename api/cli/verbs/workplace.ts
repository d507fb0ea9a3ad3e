/** What the verbs that do work need open: the store with its schema up to date, the queues, threads, and workers. */
import { availableParallelism } from 'node:os'
import { openStore, type Store } from '../../../data/postgres/database.ts'
import { migrate } from '../../../data/postgres/migrate.ts'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { configOf, type Config } from '../../../jobs/config.ts'
import { handlersOf } from '../../../jobs/handlers.ts'
import { openQueueBackend, type QueueBackend } from '../../../jobs/queue/queue-backend.ts'
import { awaitRun, enqueueRun, type RunPayload } from '../../../jobs/queue/queues.ts'
import type * as tasks from '../../../jobs/threads/tasks.ts'
import { openThreads } from '../../../jobs/threads/threads.ts'
import { startWorker, type PartLog } from '../../../jobs/queue/worker.ts'
import type { Terminal } from '../terminal.ts'

export const config = (): Config => configOf(process.env)

/** Opens the store for a verb and closes it whatever happens. */
export async function withStore<T>(work: (store: Store, config: Config) => Promise<T>): Promise<T> {
  const { databaseUrl, home, ...rest } = config()
  const store = await openStore({ databaseUrl, home })
  try {
    await migrate(store)
    return await work(store, { databaseUrl, home, ...rest })
  } finally {
    await store.close()
  }
}

export interface LocalWorker {
  readonly backend: QueueBackend
  /** @returns false if some work would not end in time: leave the process, another worker takes it over */
  readonly stop: () => Promise<boolean>
}

/** Starts a worker in this process: heavy work in so many threads, and one part more than that, so that no thread waits while
 *  what it made is written to the store. */
export async function startLocalWorker(
  store: Store,
  { redisUrl }: Pick<Config, 'redisUrl'>,
  workers = availableParallelism(),
  onPart: (line: PartLog) => void = () => {},
): Promise<LocalWorker> {
  const backend = await openQueueBackend({ store, redisUrl })
  const threads = openThreads<typeof tasks>({
    tasks: new URL('../../../jobs/threads/tasks.ts', import.meta.url),
    threads: workers,
  })
  const handlers = handlersOf({ store, threads })
  const worker = await startWorker({ backend, handlers, concurrency: workers + 1, onPart })
  const stop = async () => {
    const ended = await worker.stop()
    await threads.close()
    await backend.close()
    return ended
  }
  return { backend, stop }
}

/** Seconds of work per stage, summed over its parts. */
export type StageSeconds = Readonly<Record<string, number>>

/** Has a run done by workers of this process, and any others there are.
 *  @returns what its last stage returned, and where the time went */
export async function runLocally(
  store: Store,
  config: Config,
  order: RunPayload,
  { terminal, workers }: { readonly terminal: Terminal; readonly workers?: number | undefined },
): Promise<{ result: unknown; seconds: StageSeconds }> {
  const milliseconds: Record<string, number> = {}
  const localWorker = await startLocalWorker(store, config, workers, ({ stage, milliseconds: ms, error }) => {
    milliseconds[stage] = (milliseconds[stage] ?? 0) + ms
    // Through the queue comes no more than that the run stopped.
    if (error && !(error instanceof Refusal)) terminal.bug(error)
  })
  try {
    await enqueueRun(localWorker.backend, order)
    const result = await awaitRun(localWorker.backend, order.runId, {
      onProgress: ({ stage, done, of }) => terminal.progress.stage(stage, done, of),
    })
    const seconds = Object.fromEntries(Object.entries(milliseconds).map(([stage, ms]) => [stage, ms / 1000]))
    return { result, seconds }
  } finally {
    terminal.progress.close()
    await localWorker.stop()
  }
}
