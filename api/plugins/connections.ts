/** What the app works with: the store and the queues, opened by whoever starts it, and closed by them too. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Store } from '../../data/postgres/database.ts'
import type { readRunStatus } from '../../jobs/queue/queues.ts'

/** The queues as jobs/ opens them; the app only hands them on. */
export type QueueBackend = Parameters<typeof readRunStatus>[0]

export interface Connections {
  readonly store: Store
  readonly queue: QueueBackend
  /** directory of what is uploaded, which the workers read; absent: nothing is */
  readonly uploads?: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** under the login of the API, which by itself sees nobody: for keys, for health, and through `asSigner` and `asWorker`. Routes ask `request.store`. */
    readonly sharedStore: Store
    readonly queue: QueueBackend
    readonly uploads: string | null
  }
}

export const connections = fp(
  async (app: FastifyInstance, { store, queue, uploads }: Connections) => {
    app.decorate('sharedStore', store)
    app.decorate('queue', queue)
    app.decorate('uploads', uploads ?? null)
  },
  { name: 'connections' },
)
