/** Jobs as their readers see them: what the store keeps of who asked, with how far the queue is. */
import { appendCancellation, appendJob, findJob, type Job, type JobKind } from '../../../data/runs/jobs.ts'
import type { Identity } from '../../../data/access/keys.ts'
import { asSigner } from '../../../data/access/request-store.ts'
import type { Store } from '../../../data/postgres/database.ts'
import { invariant, Refusal } from '../../../engine/kernel/refusal.ts'
import { cancelRun, enqueueRun, readRunStatus, workersOf, type RunPayload } from '../../../jobs/queue/queues.ts'
import type { JobView } from '../../schemas/job.ts'
import { signatureOf } from '../signature.ts'

type Queue = Parameters<typeof enqueueRun>[0]

/** What the app works with, and the request's own view of it. */
export interface Jobs {
  readonly sharedStore: Store
  readonly queue: Queue
}

const KIND_OF: Readonly<Record<RunPayload['flow'], JobKind>> = {
  settle: 'settle',
  train: 'train',
  correct: 'correct',
  preview: 'preview',
  difference: 'difference',
  import: 'import',
}

/** Keeps that somebody asks for a run, and puts it in the queue: the same run asked for again is the same job. */
export async function requestJob({ sharedStore, queue }: Jobs, reader: Identity, run: RunPayload): Promise<JobView> {
  const { runId: jobId, flow, contractSha256, asOf, correction, compares, delivery } = run
  const about = {
    ...(flow === 'import' ? {} : { contract_sha256: contractSha256, as_of: asOf }),
    ...(correction ? { corrects: correction.corrects } : {}),
    ...compares,
    ...(delivery ? { format: delivery.format, delivered: delivery.delivered } : {}),
  }
  const by = signatureOf(reader)
  await asSigner(sharedStore, reader, (store) =>
    appendJob(store, { jobId, regionId: reader.regionId, kind: KIND_OF[flow], about, by }),
  )
  await enqueueRun(queue, run)
  const job = await asSigner(sharedStore, reader, (store) => findJob(store, jobId))
  invariant(job, 'what was just asked for is there')
  return await jobView(queue, job)
}

/** @throws Refusal `unknown_job` where the reader may not know of it */
export async function readJob(store: Pick<Store, 'db'>, jobId: string): Promise<Job> {
  const job = await findJob(store, jobId)
  if (job) return job
  throw new Refusal('unknown_job', `There is no job "${jobId}"; GET /v1/jobs lists those that there are.`, { jobId })
}

/** A job with how far it is. */
export async function jobView(queue: Queue, job: Job): Promise<JobView> {
  const status = await readRunStatus(queue, job.jobId)
  const { requestedAt } = job
  return {
    job_id: job.jobId,
    kind: job.kind,
    state: status?.state ?? (job.cancelledBy === null ? 'forgotten' : 'cancelled'),
    stopping: status?.stopping ?? false,
    progress: status?.progress ? { ...status.progress } : null,
    workers: isOpen(status?.state) ? (await workersOf(queue)).length : null,
    about: { ...job.about },
    result: status?.result ?? null,
    refusal: status?.refusal ? shown(status.refusal) : null,
    requested_by: job.requestedBy,
    requested_at: requestedAt.toISOString(),
    cancelled_by: job.cancelledBy,
  }
}

const isOpen = (state: string | undefined): boolean => state === 'waiting' || state === 'running'

/** What a bug said is for the log of the worker. */
const shown = ({ code, message, facts }: Refusal) => ({
  code,
  detail: message,
  facts: code === 'job_failed' ? {} : { ...facts },
})

/** Calls a job off in the reader's name.
 *  @throws Refusal `already_ended` */
export async function cancelJob({ sharedStore, queue }: Jobs, reader: Identity, job: Job): Promise<void> {
  const by = signatureOf(reader)
  const state = await cancelRun(queue, job.jobId, by)
  if (state === null)
    throw new Refusal('already_ended', 'This job is no longer in the queue; there is nothing to call off.')
  await asSigner(sharedStore, reader, (store) => appendCancellation(store, job.jobId, by))
}
