/** A worker: takes runs and parts from the queues and gives each part to the handler of its stage. Any number of workers may run, on any host. */
import { hostname } from 'node:os'
import type { Job } from 'bullmq'
import { thrownFor } from './failure.ts'
import type { Stage } from '../flow.ts'
import type { QueueBackend, WorkerTimings } from './queue-backend.ts'
import type { PartJob, Result, RunJob } from './run-job.ts'
import { passStages, refuseUnlessGoingOn, type Retries } from './stage-barrier.ts'

/** Does one part of a stage and says what later stages need to know of it (ids, counts). It may be called twice for the same
 *  part, also at once by two workers: what it writes, it writes through `once()`. `signal` fires when the worker must stop. */
export type Handler = (part: PartJob, signal: AbortSignal | undefined) => Promise<Result>
export type Handlers = { readonly [stage in Stage]: Handler }

/** One line of a worker's log: a part that was done, or that failed this time. */
export interface PartLog {
  readonly run: string
  readonly stage: Stage
  readonly part: string
  readonly milliseconds: number
  readonly result: Result
  readonly error: Error | null
}

export interface WorkerSettings {
  readonly backend: QueueBackend
  readonly handlers: Handlers
  /** parts at work at once in this process; their heavy work is in threads */
  readonly concurrency: number
  readonly onPart?: (line: PartLog) => void
  readonly recovery?: Recovery
  readonly retries?: Retries
}

/** How soon the work of a worker that was killed is taken over: after `lockMs`, and then at most two looks. */
export interface Recovery {
  /** a worker that lives says so twice in this time */
  readonly lockMs: number
  /** milliseconds between two looks for jobs whose worker is gone */
  readonly lookEveryMs: number
}

const unhurried: Recovery = { lockMs: 30_000, lookEveryMs: 10_000 }
const threeTries: Retries = { attempts: 3, backoffMs: 500 }

// A part during which five workers died is taken for the cause.
const maxStalledCount = 5
// Runs only wait: many may be under way in one process.
const runsAtOnce = 16

export interface StartedWorker {
  /** Takes no new job and waits for what is being done; after `graceMs` it asks that to stop, and waits a little more.
   *  @returns whether all of it came to an end; if not, end the process: another worker takes over when its lock runs out */
  readonly stop: (graceMs?: number) => Promise<boolean>
}

/** Starts taking jobs; resolves when both queues are being listened to. */
export async function startWorker({
  backend,
  handlers,
  concurrency,
  onPart = () => {},
  recovery: { lockMs, lookEveryMs } = unhurried,
  retries = threeTries,
}: WorkerSettings): Promise<StartedWorker> {
  const timings: WorkerTimings = {
    name: hostname(),
    lockDuration: lockMs,
    stalledInterval: lookEveryMs,
    // A job taken back from a dead worker wakes nobody on Redis: an idle worker finds it at its next turn, seconds.
    drainDelay: Math.min(5, lookEveryMs / 1_000),
    maxStalledCount,
  }
  const runs = backend.worker('runs', (job, token = '') => passStages(backend, job as Job<RunJob>, token, retries), {
    ...timings,
    concurrency: runsAtOnce,
  })
  const parts = backend.worker(
    'parts',
    (job, _token, signal) => beginPart(backend, job.data as PartJob, handlers, signal, onPart),
    { ...timings, concurrency },
  )
  await Promise.all([runs.waitUntilReady(), parts.waitUntilReady()])
  const stop = async (graceMs = 25_000) => {
    const finished = finishedOf(Promise.all([runs.close(), parts.close()]))
    if (await Promise.race([finished, tooLate(graceMs)])) return true
    parts.cancelAllJobs('the worker stops')
    return Promise.race([finished, tooLate(afterAbortMs)])
  }
  return { stop }
}

// Handlers that listen to their signal end within this time.
const afterAbortMs = 2_000

async function finishedOf(work: Promise<unknown>): Promise<boolean> {
  await work
  return true
}

/** False, after a while; it does not keep the process alive. */
const tooLate = (ms: number) => new Promise<boolean>((resolve) => setTimeout(resolve, ms, false).unref())

async function beginPart(
  backend: QueueBackend,
  part: PartJob,
  handlers: Handlers,
  signal: AbortSignal | undefined,
  onPart: (line: PartLog) => void,
): Promise<Result> {
  await refuseUnlessGoingOn(backend, part)
  const since = performance.now()
  const line = (result: Result, error: Error | null) =>
    onPart({
      run: part.run.runId,
      stage: part.stage,
      part: part.part,
      milliseconds: Math.round(performance.now() - since),
      result,
      error,
    })
  try {
    const result = await handlers[part.stage](part, signal)
    line(result, null)
    return result
  } catch (error) {
    const thrown = thrownFor(error)
    line(null, error instanceof Error ? error : thrown)
    throw thrown
  }
}
