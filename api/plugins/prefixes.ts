/** Ids in an address may be cut short: before a handler runs, as whoever asks, each is made whole. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ID_KINDS, idOf } from '../../data/access/id-prefix.ts'

export const prefixes = fp(
  async (app: FastifyInstance) => {
    // Wrapped before access wraps: what this asks, it asks in the transaction and identity of the request.
    app.addHook('onRoute', (route) => {
      const segments = route.url.split('/')
      const kinds = ID_KINDS.filter((kind) => segments.includes(`:${kind}`))
      // What a thread reads, it finds by the id as it was given.
      if (kinds.length === 0 || route.config?.inThread) return
      const { handler } = route
      route.handler = async function (request, reply) {
        const params = request.params as Record<string, string> // of the kinds above, by the address of the route
        for (const kind of kinds) params[kind] = await idOf(request.store, kind, params[kind] ?? '')
        return await handler.call(this, request, reply)
      }
    })
  },
  { name: 'prefixes' },
)
