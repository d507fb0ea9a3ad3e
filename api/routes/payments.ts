/** Payments that were made: to analysts and auditors all of the region, to an insurer its own, to a partner those that paid it. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listPayments } from '../../data/accounts/payment-list.ts'
import { readerOf } from '../plugins/access.ts'
import { PaymentView } from '../schemas/ledger.ts'
import { BadRequest, Forbidden, Unauthorised } from '../schemas/problem.ts'

export const paymentRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/payments',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Payments, the latest first',
        querystring: Type.Object({
          settlement: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
          contract: Type.Optional(Type.String()),
        }),
        response: { 200: Type.Array(PaymentView), 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const { settlement: settlementId, contract: contractId } = request.query
      const { regionId } = readerOf(request)
      return (await listPayments(request.store, { regionId, settlementId, contractId })).map((payment) => ({
        ...payment,
      }))
    },
  )
}
