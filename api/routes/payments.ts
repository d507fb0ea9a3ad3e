/** Payments that were made: to analysts and auditors all of the region, to an insurer its own, to a partner those that paid it. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listPayments, type PaymentListed } from '../../data/accounts/payment-list.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { PaymentView } from '../schemas/ledger.ts'
import { BadRequest, Forbidden, Unauthorised } from '../schemas/problem.ts'

const PAYMENTS: Listing<PaymentListed> = {
  sorts: { paid_on: { kind: 'day', of: ({ paid_on }) => paid_on } },
  id: { kind: 'integer', of: ({ seq }) => seq },
  first: '-paid_on',
}

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
          ...pageQuery(PAYMENTS),
        }),
        response: { 200: Page(PaymentView), 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const { settlement: settlementId, contract: contractId, ...page } = request.query
      const { regionId } = readerOf(request)
      const payments = await listPayments(request.store, { regionId, settlementId, contractId })
      return pageOfAll(PAYMENTS, page, payments, ({ seq: _seq, ...payment }) => payment)
    },
  )
}
