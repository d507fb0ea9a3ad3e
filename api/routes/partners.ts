/** The partners of the region: practices, groups, hospitals. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listPartners, PARTNERS } from '../../data/region/people-lists.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { AsOf, PartnerListed } from '../schemas/region.ts'
import { asKnown } from '../lists/as-known.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 422: Unprocessable }

export const partnerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/partners',
    {
      schema: {
        operationId: 'listPartners',
        tags: ['regions'],
        summary: 'The partners of the region',
        querystring: Type.Object({ as_of: AsOf, kind: Type.Optional(Type.String()), ...pageQuery(PARTNERS) }),
        response: { 200: Page(PartnerListed), ...refusals },
      },
    },
    async (request) => {
      const { as_of: asOf, kind = null, ...page } = request.query
      const asked = pageAsked(PARTNERS, page)
      const at = await asKnown(request.store, readerOf(request), asOf)
      return pageView(await listPartners(request.store, at, asked, { kind }), asked, (row) => row)
    },
  )

  app.get(
    '/partners/:partner',
    {
      schema: {
        operationId: 'getPartner',
        tags: ['regions'],
        summary: 'One partner',
        params: Type.Object({ partner: Type.String() }),
        querystring: Type.Object({ as_of: AsOf }),
        response: { 200: PartnerListed, ...refusals },
      },
    },
    async (request) => {
      const { partner } = request.params
      const at = await asKnown(request.store, readerOf(request), request.query.as_of)
      const { items } = await listPartners(request.store, at, pageAsked(PARTNERS, { limit: 1 }), { partner })
      if (items[0]) return items[0]
      throw new Refusal('unknown_partner', `The region has no partner "${partner}" on ${at.asOf}.`, { partner })
    },
  )
}
