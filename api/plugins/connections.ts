/** The store and the queues as decorators of the app; its caller opens and closes them. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Store } from '../../data/postgres/database.ts'
import type { readRunStatus } from '../../jobs/queue/queues.ts'

/** The queues as opened by jobs/queue. */
export type QueueBackend = Parameters<typeof readRunStatus>[0]

export interface Connections {
  readonly store: Store
  readonly queue: QueueBackend
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly store: Store
    readonly queue: QueueBackend
  }
}

export const connections = fp(
  async (app: FastifyInstance, { store, queue }: Connections) => {
    app.decorate('store', store)
    app.decorate('queue', queue)
  },
  { name: 'connections' },
)
