/** What the rest of the house knows of the queues: ask for a run, look how far it is, wait for what it gave.
 *  A job carries ids, never data, and its own id says what it does (dots: BullMQ refuses colons). */
import type { Job } from 'bullmq'
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { refusalOf } from './failure.ts'
import type { FlowName, Stage } from '../flow.ts'
import { progressOf, sameProgress, type Progress } from './progress.ts'
import type { QueueBackend } from './queue-backend.ts'

/** One run of a flow. `runId` is made from everything else and the data: the same run is asked for by the same id. */
export interface RunPayload {
  readonly runId: string
  readonly flow: FlowName
  readonly region: string
  readonly contractSha256: string
  readonly asOf: Day
  /** the measures of the contract's outcomes, in its order */
  readonly measures: readonly string[]
  /** who asked for it (role:subject) and so prepares what comes of it; absent: the command line */
  readonly preparedBy?: string
  /** of a correction: the settlement whose contract and frozen models it keeps, and why it is corrected */
  readonly correction?: {
    readonly corrects: string
    readonly cause: 'late_data' | 'ruling' | 'defect'
    readonly disputeId: number | null
    readonly note: string
  }
  /** the two settlements that a difference is between */
  readonly compares?: { readonly from: string; readonly to: string }
}

/** What a handler may return and a later stage may read: ids and counts, small enough for a job. */
export type Result = string | number | boolean | null | readonly Result[] | { readonly [key: string]: Result }

/** Results of the stages that are done, in the order of their parts. */
export type Results = { readonly [stage in Stage]?: readonly Result[] }

/** The one job of queue `runs`: where the run is. */
export interface RunJob {
  readonly run: RunPayload
  /** index in the flow; past its end when all are done */
  readonly stage: number
  /** the parts of that stage are in their queue */
  readonly added: boolean
  readonly results: Results
  /** why it will fail, once the parts at work are done; null while all is well */
  readonly failure: string | null
}

/** A job of queue `parts`: one part of one stage. */
export interface PartJob {
  readonly run: RunPayload
  readonly stage: Stage
  readonly part: string
  readonly results: Results
}

export const runJobId = (runId: string) => `run.${runId}`
export const partJobId = (runId: string, stage: Stage, part: string) => `${stage}.${runId}.${part}`

export type RunState = 'waiting' | 'running' | 'completed' | 'failed'

export interface RunStatus {
  readonly runId: string
  readonly state: RunState
  readonly progress: Progress | null
  /** of the last stage; null until completed */
  readonly result: Result
  /** null unless failed */
  readonly refusal: Refusal | null
}

// Long enough for anyone to come back for the answer; the store keeps what was settled for ever.
const keepRuns = { age: 30 * 86_400, count: 1_000 }

/** Puts a run in its queue. Asking again joins the run that is there, returns at once for one that is done, and tries a
 *  failed one anew. */
export async function enqueueRun(backend: QueueBackend, run: RunPayload): Promise<RunStatus> {
  const { runId } = run
  const before = await readRun(backend, runId)
  if (before?.state === 'failed') await forgetRun(backend, runId)
  else if (before) return before
  const data: RunJob = { run, stage: 0, added: false, results: {}, failure: null }
  await backend
    .queue('runs')
    .add(run.flow, data, { jobId: runJobId(runId), removeOnComplete: keepRuns, removeOnFail: keepRuns })
  return { runId, state: 'waiting', progress: null, result: null, refusal: null }
}

/** How far a run is, or null when the queue does not know it. */
export async function readRun(backend: QueueBackend, runId: string): Promise<RunStatus | null> {
  const runs = backend.queue('runs')
  // First the state, then the job: read the other way round, a job that ends in between has ended without its result.
  const state = stateOf(await runs.getJobState(runJobId(runId)))
  const job = await runs.getJob(runJobId(runId))
  if (!job) return null
  return {
    runId,
    state,
    progress: await progressOf(job as Job<RunJob>),
    result: state === 'completed' ? (job.returnvalue as Result) : null,
    refusal: state === 'failed' ? refusalOf(job.failedReason ?? '') : null,
  }
}

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

/** Takes a run and its parts out of the queues, so that it can be asked for as if it never was. What is being done is left alone. */
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
 *  @throws the Refusal that a part threw; `run_unknown` when the queue does not (or no longer) know the run */
export async function awaitRun(
  backend: QueueBackend,
  runId: string,
  { onProgress, signal, everyMs = 100 }: Waiting = {},
): Promise<Result> {
  let seen: Progress | null = null
  // Looked at rather than listened for: an event can be missed between two reads, a state cannot.
  for (;;) {
    signal?.throwIfAborted()
    const status = await readRun(backend, runId)
    if (!status) throw new Refusal('run_unknown', `Run ${runId} is not in the queue: ask for it again`, { runId })
    if (status.progress && !sameProgress(status.progress, seen)) onProgress?.((seen = status.progress))
    if (status.refusal) throw status.refusal
    if (status.state === 'completed') return status.result
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
