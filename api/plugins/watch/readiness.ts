/** Whether the service can answer: the store, its schema and the queue, each asked with a limit on its patience. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { pendingMigrations } from '../../../data/postgres/migrate.ts'
import { readRunStatus } from '../../../jobs/queue/queues.ts'

export interface Readiness {
  readonly database: 'ok' | 'down'
  readonly schema: 'ok' | 'behind' | 'unknown'
  readonly queue: 'ok' | 'down'
  /** what is missing, in a sentence each; empty: nothing */
  readonly missing: string[]
}

/** Each is waited for so long: whoever asks whether the service is ready does not wait either. */
const PATIENCE_MS = 2_000

const LATE = Symbol('no answer in time')

/** What was asked, or null where it fails or does not come in time; the reason stands in the log of what was asked. */
async function inTime<T>(asked: Promise<T>): Promise<{ readonly answer: T } | null> {
  const given = new AbortController()
  try {
    const answer = await Promise.race([asked, sleep(PATIENCE_MS, LATE, { signal: given.signal })])
    return answer === LATE ? null : { answer: answer as T }
  } catch {
    return null
  } finally {
    given.abort()
  }
}

/** Whether the store answers with its schema up to date, and the queue. */
export async function readinessOf({ sharedStore, queue }: FastifyInstance): Promise<Readiness> {
  const [pending, queued] = await Promise.all([
    inTime(pendingMigrations(sharedStore)),
    inTime(readRunStatus(queue, 'ready')),
  ])
  const steps = pending?.answer ?? []
  return {
    database: pending ? 'ok' : 'down',
    schema: pending ? (steps.length === 0 ? 'ok' : 'behind') : 'unknown',
    queue: queued ? 'ok' : 'down',
    missing: [
      ...(pending ? [] : ['The database does not answer.']),
      ...(steps.length > 0
        ? [`The schema lacks ${steps.length} of its steps, from ${steps[0]} on: run winst migrate.`]
        : []),
      ...(queued ? [] : [`The queue on ${queue.kind === 'redis' ? 'Redis' : 'PostgreSQL'} does not answer.`]),
    ],
  }
}
