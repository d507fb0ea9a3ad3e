/** The mark of a run that was called off. It stands beside the run's data, which its worker writes, so that neither undoes the other. */
import type { Job } from 'bullmq'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { QueueBackend } from './queue-backend.ts'
import { runJobId } from './run-job.ts'

/** Who called the run off; null: nobody. */
export function cancellationOf({ progress }: Pick<Job, 'progress'>): string | null {
  const by = typeof progress === 'object' && 'cancelledBy' in progress ? progress.cancelledBy : null
  return typeof by === 'string' ? by : null
}

/** The refusal that a run ends with which was called off since it was read; null: go on. */
export async function calledOff(backend: QueueBackend, runId: string): Promise<Refusal | null> {
  const job = await backend.queue('runs').getJob(runJobId(runId))
  const by = job ? cancellationOf(job) : null
  return by === null ? null : new Refusal('cancelled', `The job was called off by ${by}.`, { by })
}
