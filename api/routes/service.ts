/** The service itself: health and index. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { storeIdentity } from '../../data/postgres/identity.ts'
import { readRunStatus } from '../../jobs/queue/queues.ts'

const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  database: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  queue: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  queue_on: Type.Union([Type.Literal('redis'), Type.Literal('postgres')]),
})

const lives = async (asked: Promise<unknown>): Promise<'ok' | 'down'> => {
  try {
    await asked
    return 'ok'
  } catch {
    // The reason is in the database's log; a health check reports the state only.
    return 'down'
  }
}

export const serviceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/health',
    {
      schema: {
        tags: ['service'],
        summary: 'Whether the store and the queue answer',
        security: [],
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const [database, queue] = await Promise.all([
        lives(storeIdentity(app.sharedStore.pool)),
        lives(readRunStatus(app.queue, 'health')),
      ])
      const status = database === 'ok' && queue === 'ok' ? 'ok' : 'down'
      return reply.code(status === 'ok' ? 200 : 503).send({ status, database, queue, queue_on: app.queue.kind })
    },
  )

  app.get(
    '/openapi.json',
    {
      schema: {
        tags: ['service'],
        summary: 'This description',
        security: [],
        response: { 200: Type.Object({}, { additionalProperties: true, description: 'OpenAPI 3.1' }) },
      },
    },
    // a document as it stands: its interface has no index signature
    async () => app.swagger() as unknown as Record<string, unknown>,
  )
}
