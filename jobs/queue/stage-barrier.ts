/** The barrier between stages: the job of a run adds the parts of a stage, waits until they are done, and goes on to the next.
 *
 *  It may be killed between any two lines and run again by another worker: parts have ids made from the run, so that adding
 *  them twice adds them once; the step to the next stage is one write; and results are read from the parts, not remembered. */
import { UnrecoverableError, WaitingChildrenError, type Job } from 'bullmq'
import { invariant } from '../../engine/kernel/refusal.ts'
import { FLOWS, partsOf, type Stage } from '../flow.ts'
import type { QueueBackend, WinstQueue } from './queue-backend.ts'
import { calledOff, cancellationOf } from './cancellation.ts'
import { thrownFor } from './failure.ts'
import { partJobId, runJobId, type PartJob, type Result, type RunJob } from './run-job.ts'

export interface Retries {
  /** how often a part is tried, when what it throws is not a refusal */
  readonly attempts: number
  /** before the second try; twice as long before each next one */
  readonly backoffMs: number
}

// A result is ids and counts; data belongs in the store.
const resultBytes = 16_384
// Done parts must outlive their own stage only, so that a run that is no longer polled leaves nothing behind.
const keepParts = { age: 86_400, count: 10_000 }
const notBegun = 'not begun: the run is failing, or gone'

/** Goes through the stages of a run from wherever it stands.
 *  @returns the result of the last stage's first part
 *  @throws WaitingChildrenError when the stage's parts are still at work: the queue calls again when they are done */
export async function passStages(
  backend: QueueBackend,
  job: Job<RunJob>,
  token: string,
  retries: Retries,
): Promise<Result> {
  const stages: readonly Stage[] = FLOWS[job.data.run.flow]
  for (;;) {
    const { stage: at, added, results } = job.data
    const stage = stages[at]
    if (!stage) return results[stages.at(-1) as Stage]?.[0] ?? null
    const off = await calledOff(backend, job.data.run.runId)
    if (off && !added) throw thrownFor(off)
    if (!added) await addParts(backend, job, stage, retries)
    await noteFailure(job)
    // Parts being processed cannot be cancelled: a failing run fails once they are done.
    if (await job.moveToWaitingChildren(token)) throw new WaitingChildrenError()
    await noteFailure(job)
    if (job.data.failure !== null) throw new UnrecoverableError(job.data.failure)
    // Called off, and some parts of the stage did not begin; where all were done before they could know, the stage stands.
    const late = await calledOff(backend, job.data.run.runId)
    if (late && (await anyNotBegun(job))) throw thrownFor(late)
    const done = await resultsOf(backend.queue('parts'), job, stage)
    await job.updateData({ ...job.data, stage: at + 1, added: false, results: { ...results, [stage]: done } })
  }
}

/** Refuses to begin a part whose run is failing, or is no longer there. */
export async function refuseUnlessGoingOn(backend: QueueBackend, { run }: PartJob): Promise<void> {
  const job = await backend.queue('runs').getJob(runJobId(run.runId))
  if (!job || (job.data as RunJob).failure !== null || cancellationOf(job) !== null)
    throw new UnrecoverableError(notBegun)
}

async function addParts(
  backend: QueueBackend,
  job: Job<RunJob>,
  stage: Stage,
  { attempts, backoffMs }: Retries,
): Promise<void> {
  const { run, results } = job.data
  const parent = { id: job.id as string, queue: backend.queue('runs').qualifiedName }
  await backend.queue('parts').addBulk(
    partsOf(stage, run.models).map((part) => ({
      name: stage,
      data: { run, stage, part, results } satisfies PartJob,
      opts: {
        jobId: partJobId(run.runId, stage, part),
        parent,
        attempts,
        backoff: { type: 'exponential', delay: backoffMs },
        // The first failure wakes the run at once; the reason stays with the run, so the part itself need not stay.
        continueParentOnFailure: true,
        removeOnFail: true,
        removeOnComplete: keepParts,
      },
    })),
  )
  await job.updateData({ ...job.data, added: true })
}

/** Writes down why the run cannot go on: of the parts that failed, the first by id. Parts that have not begun read it. */
async function noteFailure(job: Job<RunJob>): Promise<void> {
  if (job.data.failure !== null) return
  const failures = Object.entries((await job.getIgnoredChildrenFailures()) ?? {})
  failures.sort(([a], [b]) => (a < b ? -1 : 1))
  const failure = failures.map(([, reason]) => reason).find((reason) => reason !== notBegun)
  if (failure !== undefined) await job.updateData({ ...job.data, failure })
}

const anyNotBegun = async (job: Job<RunJob>): Promise<boolean> =>
  Object.keys((await job.getIgnoredChildrenFailures()) ?? {}).length > 0

async function resultsOf(parts: WinstQueue, job: Job<RunJob>, stage: Stage): Promise<Result[]> {
  const { run } = job.data
  const values = (await job.getChildrenValues<Result>()) ?? {}
  return partsOf(stage, run.models).map((part) => {
    const key = parts.toKey(partJobId(run.runId, stage, part))
    invariant(key in values, `part ${key} of the run is done when its stage is`)
    const result = values[key] ?? null
    invariant(JSON.stringify(result).length <= resultBytes, `result of ${key} is ids and counts, not data`)
    return result
  })
}
