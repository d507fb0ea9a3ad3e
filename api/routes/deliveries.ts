/** Deliveries of a region: the profile, as written next to rejects.csv by the import. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { deliveryOn } from '../../data/region/deliveries.ts'
import { profileOf } from '../../data/profile/profile.ts'
import { readSuspicions } from '../../data/profile/suspicions.ts'
import { regionAsked } from '../../data/region/regions.ts'
import { SMALLEST_GROUP } from '../../engine/disclosure/small-groups.ts'
import { disclosedProfile } from '../views/profile.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'

const Rows = Type.Unsafe<readonly object[]>(Type.Array(Type.Object({}, { additionalProperties: true })))
const ProfileView = Type.Object({
  region: Type.String(),
  delivered_on: Type.String(),
  hidden_below: Type.Integer({ description: 'counts of fewer people than this are null, or left out' }),
  readings: Type.Union([Type.Integer(), Type.Null()]),
  measures: Rows,
  missing: Rows,
  pairs: Rows,
  days: Rows,
  late: Type.Object({}, { additionalProperties: true }),
  outside_lives: Rows,
  causes: Rows,
  sources: Type.Record(Type.String(), Type.String({ description: 'where each rule comes from' })),
})

export const deliveryRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/deliveries/profile',
    {
      schema: {
        tags: ['deliveries'],
        summary: 'What a delivery looks like, and what in it deserves a second look',
        description: `As in profile.json, computed on request. No figure of fewer than ${SMALLEST_GROUP} people is disclosed.`,
        querystring: Type.Object({
          region: Type.Optional(Type.String({ description: 'left out: the only one' })),
          delivered_on: Type.Optional(Type.String({ description: 'YYYY-MM-DD; left out: the latest delivery' })),
        }),
        response: { 200: ProfileView, 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request) => {
      const on = dayMaybeAsked('delivered_on', request.query.delivered_on)
      const region = await regionAsked(request.store, request.query.region)
      const delivery = await deliveryOn(request.store, region, on)
      const order = { ...delivery, region: region.name, regionId: region.regionId }
      return disclosedProfile(await profileOf(request.store, order), await readSuspicions())
    },
  )
}
