/** Regions: each reader its own. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readRegions, type Region } from '../../data/region/regions.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { BadRequest, Forbidden, Unauthorised } from '../schemas/problem.ts'

const REGIONS: Listing<Region> = {
  sorts: { region: { kind: 'text', of: ({ name }) => name } },
  id: { kind: 'text', of: ({ name }) => name },
  first: 'region',
}

export const regionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/regions',
    {
      schema: {
        tags: ['regions'],
        summary: 'The region that the token is of',
        querystring: Type.Object(pageQuery(REGIONS)),
        response: {
          200: Page(Type.Object({ region: Type.String() })),
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
        },
      },
    },
    async (request) =>
      pageOfAll(REGIONS, request.query, await readRegions(request.store), ({ name }) => ({ region: name })),
  )
}
