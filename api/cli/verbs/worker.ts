/** `winst worker`: takes jobs from the queue until SIGINT or SIGTERM. */
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Verb } from '../verb.ts'
import { untilAsked } from './until-signal.ts'
import { startLocalWorker, withStore } from './workplace.ts'

/** A refusal's sentence; of a bug all that is known, since this is the log that its job's failure points to. */
const reasonOf = (error: Error): string => (error instanceof Refusal ? error.message : (error.stack ?? error.message))

export const worker: Verb<{ concurrency?: number }> = ({ concurrency }, { terminal }) =>
  withStore(async (store, config) => {
    const localWorker = await startLocalWorker(
      store,
      config,
      concurrency,
      ({ run, stage, part, milliseconds, error }) =>
        terminal.progress.note(
          `${stage} ${part} of ${run.slice(0, 12)}: ${error ? `failed, ${reasonOf(error)}` : 'done'} in ${milliseconds} ms`,
        ),
    )
    terminal.progress.note(`A worker listens on ${localWorker.backend.kind}.`)
    await untilAsked()
    // Unfinished work is taken over by another worker; this process must not outlive its connections.
    if (!(await localWorker.stop())) process.exit(1)
    return undefined
  })
