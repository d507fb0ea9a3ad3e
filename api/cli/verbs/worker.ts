/** `winst worker`: takes jobs from the queue until it is asked to stop. */
import type { Verb } from '../verb.ts'
import { untilAsked } from './until-asked.ts'
import { startLabour, withStore } from './workplace.ts'

export const worker: Verb<{ concurrency?: number }> = ({ concurrency }, { terminal }) =>
  withStore(async (store, config) => {
    const labour = await startLabour(store, config, concurrency, ({ run, stage, part, milliseconds, error }) =>
      terminal.progress.note(
        `${stage} ${part} of ${run.slice(0, 12)}: ${error ? `failed, ${error.message}` : 'done'} in ${milliseconds} ms`,
      ),
    )
    terminal.progress.note(`A worker listens on ${labour.backend.kind}.`)
    await untilAsked()
    // What would not end is taken over by another worker; this process must not outlive its connections.
    if (!(await labour.stop())) process.exit(1)
    return undefined
  })
