/** Receipts, from a cent to the clause and the patient, and calculations, which can be added up again: for analysts and for the partner itself. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { readerOf } from '../plugins/access.ts'
import { calculationFor } from '../views/receipts/calculation.ts'
import { receiptOf } from '../views/receipts/receipt.ts'
import { Id } from '../schemas/id.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { CalculationView } from '../schemas/receipts/calculation.ts'
import { RECEIPT_PAGE, ReceiptView } from '../schemas/receipts/receipt.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'
import { statementFor } from '../views/role-view.ts'

/** Patients a page, unless asked otherwise. */
const PAGE = 500

export const receiptRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/settlements/:settlement/calculation',
    {
      schema: {
        tags: ['settlements'],
        summary:
          'Every payment worked out from patients to cents, the bridge to the total, and what a payment depends on',
        description:
          'Each equation holds as written, in decimals given as text. A partner sees its own, an insurer its share without arithmetic; a small panel gets its payment only.',
        params: SettlementId,
        response: { 200: CalculationView, 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const settled = await readSettlementRecord(request.store, reader, request.params.settlement)
      return calculationFor(request.store, reader, settled)
    },
  )

  app.get(
    '/settlements/:settlement/partners/:partner/receipt',
    {
      schema: {
        tags: ['settlements'],
        summary: 'How the payment of one partner came about, to the patient and the source row',
        description:
          'Rows of persons: never for insurers and researchers. A partner sees its own patients, without the claims of others. A small panel gets its payment only.',
        params: Type.Object({
          settlement: Id,
          partner: Type.String(),
        }),
        querystring: Type.Object({
          patient: Type.Optional(Type.String({ description: 'one patient, with the rows it came from' })),
          after: Type.Optional(Type.String({ description: 'patients after this one' })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: RECEIPT_PAGE, default: PAGE })),
        }),
        response: { 200: ReceiptView, 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request): Promise<ReceiptView> => {
      const reader = readerOf(request)
      const { settlement, partner } = request.params
      const settled = await readSettlementRecord(request.store, reader, settlement)
      const { small_panel, payment_cents = 0, reason = null, ...head } = statementFor(reader, settled, partner)
      const { settlement_id, contract, as_of } = head
      if (small_panel)
        return { settlement_id, contract, as_of, partner_id: partner, small_panel, payment_cents, reason }
      const order = { ...request.query, partner, claims: reader.role === 'analyst' }
      const receipt = await receiptOf(request.store, settled, order)
      // the engine's lists may only be read, the schema's may be written to
      return { ...structuredClone(receipt), small_panel } as ReceiptView
    },
  )
}
