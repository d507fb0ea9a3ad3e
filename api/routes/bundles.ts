/** The bundle of an insurer: what its own amounts follow from, sealed, for `winst verify` on its own machine. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { asWorker } from '../../data/access/request-store.ts'
import { insurerBundle } from '../../data/settlements/insurer-bundle.ts'
import { readerOf } from '../plugins/access.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'

export const bundleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/settlements/:settlement/bundle',
    {
      // a link of a page leads to it
      config: { page: true },
      schema: {
        tags: ['settlements'],
        summary: 'What an insurer’s own amounts follow from, in one sealed file',
        description: 'winst verify FILE computes its cents anew, offline. Nobody else’s persons or amounts are in it.',
        params: SettlementId,
        produces: ['application/gzip'],
        response: {
          200: {
            description: 'a gzip file of parts, with their hashes',
            content: { 'application/gzip': { schema: Type.Any() } },
          },
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
        },
      },
    },
    async (request, reply) => {
      const reader = readerOf(request)
      const { settlement } = request.params
      // The insurer may know of it by row-level security; what the bundle leaves out of the whole is read without it.
      await readSettlementRecord(request.store, reader, settlement)
      const bundle = await asWorker(app.sharedStore, (store) => insurerBundle(store, settlement, reader.subject))
      return reply
        .type('application/gzip')
        .header('content-disposition', `attachment; filename="${settlement.slice(0, 12)}-${reader.subject}.bundle"`)
        .send(bundle)
    },
  )
}
