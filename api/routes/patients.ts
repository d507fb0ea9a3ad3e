/** Patients, for those who may see them: a partner its own. Every look is in the audit log. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listPatients, PATIENTS, type ListedPatient } from '../../data/region/people-lists.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { AsOf, PatientListed } from '../schemas/region.ts'
import { asKnown } from '../lists/as-known.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 422: Unprocessable }

const viewOf = ({ enrolments, ...patient }: ListedPatient) => ({
  ...patient,
  enrolments: enrolments.map((enrolment) => ({ ...enrolment })),
})

export const patientRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/patients',
    {
      schema: {
        operationId: 'listPatients',
        tags: ['patients'],
        summary: 'Patients with their enrolments',
        description: 'A partner gets those that are or were enrolled with it; insurers and researchers none.',
        querystring: Type.Object({
          as_of: AsOf,
          partner: Type.Optional(Type.String({ description: 'enrolled with it on the day' })),
          programme: Type.Optional(Type.String({ description: 'enrolled in it on the day' })),
          ...pageQuery(PATIENTS),
        }),
        response: { 200: Page(PatientListed), ...refusals },
      },
    },
    async (request) => {
      const { as_of: asOf, partner = null, programme = null, ...page } = request.query
      const asked = pageAsked(PATIENTS, page)
      const at = await asKnown(request.store, readerOf(request), asOf)
      return pageView(await listPatients(request.store, at, asked, { partner, programme }), asked, viewOf)
    },
  )

  app.get(
    '/patients/:patient',
    {
      schema: {
        operationId: 'getPatient',
        tags: ['patients'],
        summary: 'One patient',
        params: Type.Object({ patient: Type.String() }),
        querystring: Type.Object({ as_of: AsOf }),
        response: { 200: PatientListed, ...refusals },
      },
    },
    async (request) => {
      const { patient } = request.params
      const at = await asKnown(request.store, readerOf(request), request.query.as_of)
      const { items } = await listPatients(request.store, at, pageAsked(PATIENTS, { limit: 1 }), { patient })
      if (items[0]) return viewOf(items[0])
      throw new Refusal('unknown_patient', 'There is no such patient, or none that you may see.')
    },
  )
}
