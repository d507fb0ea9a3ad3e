/** The programmes of the region, with the measures of their outcomes. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Listing } from '../../data/postgres/keyset.ts'
import { regionProgrammes } from '../../data/region/region-programmes.ts'
import type { Programme } from '../../engine/contract/programme.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { ProgrammeView } from '../schemas/region.ts'

/** What was delivered up to any day. */
const LATEST = '9999-12-31'

const PROGRAMMES: Listing<Programme> = {
  sorts: { programme: { kind: 'text', of: ({ programme }) => programme } },
  id: { kind: 'text', of: ({ programme }) => programme },
  first: 'programme',
}

const viewOf = ({ programme, title, measures }: Programme) => ({
  programme,
  title: { ...title },
  measures: measures.map(({ key, title: name, unit, better, plausible, mcid }) => ({
    measure: key,
    title: { ...name },
    unit,
    better,
    plausible: [...plausible],
    mcid: mcid ?? null,
  })),
})

export const programmeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/programmes',
    {
      schema: {
        operationId: 'listProgrammes',
        tags: ['regions'],
        summary: 'The programmes of the region: those built in, and those that it delivered',
        querystring: Type.Object(pageQuery(PROGRAMMES)),
        response: { 200: Page(ProgrammeView), 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const programmes = await regionProgrammes(request.store.pool, readerOf(request).regionId, LATEST)
      return pageOfAll(PROGRAMMES, request.query, [...programmes.values()], viewOf)
    },
  )

  app.get(
    '/programmes/:programme',
    {
      schema: {
        operationId: 'getProgramme',
        tags: ['regions'],
        summary: 'One programme',
        params: Type.Object({ programme: Type.String() }),
        response: { 200: ProgrammeView, 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request) => {
      const { programme: name } = request.params
      const found = (await regionProgrammes(request.store.pool, readerOf(request).regionId, LATEST)).get(name)
      if (found) return viewOf(found)
      throw new Refusal(
        'not_found',
        `The region has no programme "${name}"; GET /v1/programmes lists those that there are.`,
      )
    },
  )
}
