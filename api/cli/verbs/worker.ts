/** `winst worker`: takes jobs from the queue until SIGINT or SIGTERM. */
import { outageOf } from '../../../data/postgres/outage.ts'
import { watchServices } from '../../../jobs/queue/service-watch.ts'
import type { Verb } from '../verb.ts'
import { untilAsked } from './until-signal.ts'
import { startLocalWorker, withStore } from './local-services.ts'
import { outageNotes } from './outage-notes.ts'

/** A refusal's sentence, an outage's too; of a bug all that is known, since this is the log that its job's failure points to. */
const reasonOf = (error: Error): string => outageOf(error)?.message ?? error.stack ?? error.message

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
    const services = { url: store.url, redisUrl: config.redisUrl }
    const stopWatching = watchServices(services, outageNotes(terminal, 'The worker'))
    await untilAsked()
    stopWatching()
    // Unfinished work is taken over by another worker; this process must not outlive its connections.
    if (!(await localWorker.stop())) process.exit(1)
    return undefined
  })
