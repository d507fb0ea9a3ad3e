/** The service itself: whether it lives and is ready, and its description. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readinessOf } from '../plugins/watch/readiness.ts'

const Ready = Type.Object({
  status: Type.Union([Type.Literal('ready'), Type.Literal('not_ready')]),
  database: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  schema: Type.Union([Type.Literal('ok'), Type.Literal('behind'), Type.Literal('unknown')]),
  queue: Type.Union([Type.Literal('ok'), Type.Literal('down')]),
  queue_on: Type.Union([Type.Literal('redis'), Type.Literal('postgres')]),
  missing: Type.Array(Type.String(), { description: 'a sentence for each thing that is missing' }),
})

export const serviceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/health',
    {
      schema: {
        tags: ['service'],
        summary: 'Whether the process lives',
        description: 'Says nothing of what it works with; /ready does.',
        security: [],
        response: { 200: Type.Object({ status: Type.Literal('ok') }) },
      },
    },
    () => ({ status: 'ok' as const }),
  )

  app.get(
    '/ready',
    {
      schema: {
        tags: ['service'],
        summary: 'Whether it can answer: the store, its schema and the queue',
        description: 'Within two seconds or so, whatever is lost.',
        security: [],
        response: { 200: Ready, 503: Ready },
      },
    },
    async (_request, reply) => {
      const found = await readinessOf(app)
      const isReady = found.missing.length === 0
      return reply
        .code(isReady ? 200 : 503)
        .send({ status: isReady ? 'ready' : 'not_ready', ...found, queue_on: app.queue.kind })
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
