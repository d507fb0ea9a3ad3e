/** The public functions of the queues: enqueue a run, read its progress, wait for its result. */
import type { Job } from 'bullmq'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { cancellationOf } from './cancellation.ts'
import { refusalOf } from './failure.ts'
import { progressOf, sameProgress, type Progress } from './progress.ts'
import type { QueueBackend } from './queue-backend.ts'
import { runJobId, type Result, type RunJob, type RunPayload } from './run-job.ts'

/** The queues of the web process, which imports no other file of jobs/queue. */
export type { RunPayload } from './run-job.ts'

export type RunState = 'waiting' | 'running' | 'completed' | 'failed' | 'cancelled'

export interface RunStatus {
  readonly runId: string
  readonly state: RunState
  readonly progress: Progress | null
  /** of the last stage; null until completed */
  readonly result: Result
  /** null unless failed or cancelled */
  readonly refusal: Refusal | null
  /** somebody called it off, and what is being done comes to its end */
  readonly stopping: boolean
}

// Long enough for a client to fetch the result; the store keeps the settlement itself.
const keepRuns = { age: 30 * 86_400, count: 1_000 }

/** Puts a run in its queue. Asking again joins the run that is there, returns at once for one that is done, and tries a
 *  failed one anew. */
export async function enqueueRun(backend: QueueBackend, run: RunPayload): Promise<RunStatus> {
  const { runId } = run
  const before = await readRunStatus(backend, runId)
  if (before?.state === 'failed' || before?.state === 'cancelled') await forgetRun(backend, runId)
  else if (before) return before
  const data: RunJob = { run, stage: 0, added: false, results: {}, failure: null }
  await backend
    .queue('runs')
    .add(run.flow, data, { jobId: runJobId(runId), removeOnComplete: keepRuns, removeOnFail: keepRuns })
  return { runId, state: 'waiting', progress: null, result: null, refusal: null, stopping: false }
}

/** The progress of a run, or null when the queue does not know it. */
export async function readRunStatus(backend: QueueBackend, runId: string): Promise<RunStatus | null> {
  const runs = backend.queue('runs')
  // First the state, then the job: read the other way round, a job that ends in between has ended without its result.
  const found = stateOf(await runs.getJobState(runJobId(runId)))
  const job = await runs.getJob(runJobId(runId))
  if (!job) return null
  const state = found === 'waiting' && hasBegun(job as Job<RunJob>) ? 'running' : found
  const refusal = state === 'failed' ? refusalOf(job.failedReason ?? '') : null
  return {
    runId,
    state: refusal?.code === 'cancelled' ? 'cancelled' : state,
    progress: await progressOf(job as Job<RunJob>),
    result: state === 'completed' ? (job.returnvalue as Result) : null,
    refusal,
    stopping: state === 'running' && cancellationOf(job) !== null,
  }
}

/** Calls a run off: one that waits is taken out of its queue, one that is under way stops at its next part, and what it has stored stays.
 *  @returns its state right after; null: the queue did not know it, or no longer does
 *  @throws Refusal `already_ended` */
export async function cancelRun(backend: QueueBackend, runId: string, by: string): Promise<RunState | null> {
  const status = await readRunStatus(backend, runId)
  if (!status) return null
  const { state } = status
  if (state !== 'waiting' && state !== 'running')
    throw new Refusal('already_ended', `This job is ${state}; only one that waits or is under way is called off.`, {
      state,
    })
  const job = await backend.queue('runs').getJob(runJobId(runId))
  // A worker may take it at this very moment: then it is under way, and reads the mark.
  const removed =
    state === 'waiting' &&
    (await job?.remove().then(
      () => true,
      () => false,
    ))
  if (removed) return 'cancelled'
  await job?.updateProgress({ cancelledBy: by })
  return 'running'
}

/** Between two stages a run waits for its worker, and is under way all the same. */
const hasBegun = ({ data }: Job<RunJob>): boolean => data.added || data.stage > 0

function stateOf(state: string): RunState {
  if (state === 'completed' || state === 'failed') return state
  return state === 'active' || state === 'waiting-children' ? 'running' : 'waiting'
}

/** The hosts whose workers listen for parts, as often as they do: whether anybody is there to do the work. */
export async function workersOf(backend: QueueBackend): Promise<readonly string[]> {
  const workers = await backend.queue('parts').getWorkers()
  // BullMQ names a worker's connection `queue:w:worker`.
  return workers.map((worker) => worker.rawname?.split(':w:')[1] ?? '').sort()
}

/** Takes a run and its parts out of the queues, so that it can be enqueued anew. Parts being processed are left alone. */
export async function forgetRun(backend: QueueBackend, runId: string): Promise<void> {
  const job = await backend.queue('runs').getJob(runJobId(runId))
  await job?.remove({ removeChildren: true })
}

export interface Waiting {
  /** called when a run's stage or count changes */
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
  /** milliseconds between two looks */
  readonly everyMs?: number
}

/** Waits until a run is done.
 *  @returns what its last stage returned
 *  @throws the Refusal that a part threw; `unknown_run` when the queue does not (or no longer) know the run */
export async function awaitRun(
  backend: QueueBackend,
  runId: string,
  { onProgress, signal, everyMs = 100 }: Waiting = {},
): Promise<Result> {
  let seen: Progress | null = null
  // Polled rather than subscribed: an event can be missed between two reads, a state cannot.
  for (;;) {
    signal?.throwIfAborted()
    const status = await readRunStatus(backend, runId)
    if (!status) throw new Refusal('unknown_run', `Run ${runId} is not in the queue: ask for it again`, { runId })
    if (status.progress && !sameProgress(status.progress, seen)) onProgress?.((seen = status.progress))
    if (status.refusal) throw status.refusal
    if (status.state === 'completed') return status.result
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
