/** Progress of a run: its stage, and how many of its parts are done. */
import type { Job } from 'bullmq'
import { FLOWS, partsOf, type Stage } from '../flow.ts'
import type { RunJob } from './run-job.ts'

export interface Progress {
  readonly stage: Stage
  readonly done: number
  readonly of: number
}

/** Read from the job itself: parts done so far, less those of the stages before. A run that is done stands at its last stage. */
export async function progressOf(job: Job<RunJob>): Promise<Progress> {
  const { run, stage: at, results } = job.data
  const stages: readonly Stage[] = FLOWS[run.flow]
  const stage = stages[Math.min(at, stages.length - 1)] as Stage
  const of = partsOf(stage, run.models).length
  if (at >= stages.length) return { stage, done: of, of }
  const before = Object.values(results).reduce((sum, parts) => sum + parts.length, 0)
  const { processed = 0 } = await job.getDependenciesCount({ processed: true })
  // The parts of a stage may be done before the run has gone on to the next.
  return { stage, done: Math.min(of, Math.max(0, processed - before)), of }
}

export const sameProgress = (a: Progress, b: Progress | null) =>
  b !== null && a.stage === b.stage && a.done === b.done && a.of === b.of
