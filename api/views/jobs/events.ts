/** A job's progress as server-sent events: one when it changes, a heartbeat between, and an end. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { JobView } from '../../schemas/job.ts'

export interface Pace {
  /** milliseconds between two looks */
  readonly everyMs: number
  /** milliseconds of silence before a comment says that the stream lives */
  readonly beatMs: number
  /** milliseconds after which the stream ends; a client connects again by itself, with the last id */
  readonly longestMs: number
}

const UNHURRIED: Pace = { everyMs: 500, beatMs: 15_000, longestMs: 600_000 }

const ENDED: readonly JobView['state'][] = ['completed', 'failed', 'cancelled', 'forgotten']

/** The text of the stream. An event's id is made from what it says, so that a client that comes back with the last one it saw is told
 *  what changed since, and not the same again.
 *  @param lastId of the client's last event; null: it is new
 *  @param signal the service closes */
export async function* jobEvents(
  look: () => Promise<JobView>,
  lastId: string | null,
  signal: AbortSignal,
  { everyMs, beatMs, longestMs }: Pace = UNHURRIED,
): AsyncGenerator<string> {
  yield `retry: 2000\n\n`
  let [seen, silent] = [lastId, 0]
  for (let passed = 0; passed < longestMs && !signal.aborted; passed += everyMs) {
    const view = await look()
    const id = idOf(view)
    const ended = ENDED.includes(view.state)
    if (id !== seen) yield `id: ${id}\nevent: ${ended ? 'end' : 'progress'}\ndata: ${JSON.stringify(view)}\n\n`
    else if (silent >= beatMs) yield ': still here\n\n'
    silent = id === seen && silent < beatMs ? silent + everyMs : 0
    seen = id
    if (ended) return
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined)
  }
}

const idOf = ({ state, stopping, progress, workers }: JobView): string =>
  [
    state,
    ...(workers === 0 ? ['unattended'] : []),
    ...(stopping ? ['stopping'] : []),
    ...(progress ? [progress.stage, progress.done] : []),
  ].join('.')
