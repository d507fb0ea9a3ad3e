/** Patients, for those who may see them: a partner its own. Every look is in the audit log. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listPatients, PATIENTS, type ListedPatient } from '../../data/region/people-lists.ts'
import type { Identity } from '../../data/access/keys.ts'
import type { Store } from '../../data/postgres/database.ts'
import { settlementsOfPatient } from '../../data/settlements/receipts.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { AsOf, PatientListed, PatientView } from '../schemas/region.ts'
import { asKnown } from '../lists/as-known.ts'
import { statementFor } from '../views/role-view.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 422: Unprocessable }

const viewOf = ({ enrolments, ...patient }: ListedPatient) => ({
  ...patient,
  enrolments: enrolments.map((enrolment) => ({ ...enrolment })),
})

/** Where the reader may see what was expected of a patient: small panels are not told of. */
async function countsIn(store: Store, reader: Identity, patientId: string) {
  const found = await settlementsOfPatient(store, { regionId: reader.regionId, patientId })
  const told = await Promise.all(
    found.map(async ({ settlementId, partnerId }) => {
      const settled = await readSettlementRecord(store, reader, settlementId).catch(notTold)
      const { partners } = settled?.settlement ?? { partners: [] }
      if (!settled || !partners.some(({ partner_id }) => partner_id === partnerId)) return []
      const { small_panel: small } = statementFor(reader, settled, partnerId)
      return small ? [] : [{ settlement_id: settlementId, partner_id: partnerId }]
    }),
  )
  return told.flat()
}

function notTold(error: unknown): null {
  if (error instanceof Refusal && error.code === 'not_found') return null
  throw error
}

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
        response: { 200: PatientView, ...refusals },
      },
    },
    async (request) => {
      const { patient } = request.params
      const at = await asKnown(request.store, readerOf(request), request.query.as_of)
      const { items } = await listPatients(request.store, at, pageAsked(PATIENTS, { limit: 1 }), { patient })
      if (items[0]) return { ...viewOf(items[0]), counts_in: await countsIn(request.store, readerOf(request), patient) }
      throw new Refusal('unknown_patient', 'There is no such patient, or none that you may see.')
    },
  )
}
