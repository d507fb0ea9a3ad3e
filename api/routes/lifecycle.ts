/** Review, release, reject and pay a settlement, signed by the token's holder; and the ledger. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { balancesAsOf } from '../../data/settlements/balances.ts'
import { actOn } from '../../data/settlements/lifecycle.ts'
import { ledgerHead } from '../../data/settlements/settlements.ts'
import { asSigner } from '../../data/access/request-store.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { signatureOf, today } from '../views/signature.ts'
import { lifecycleFor } from '../views/lifecycle.ts'
import { readerOf } from '../plugins/access.ts'
import { LedgerView, LedgerHead, LifecycleView, SettlementId } from '../schemas/lifecycle.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'

const ActName = Type.Union([
  Type.Literal('review'),
  Type.Literal('release'),
  Type.Literal('reject'),
  Type.Literal('pay'),
])

export const lifecycleRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/settlements/:settlement/life',
    {
      schema: {
        tags: ['settlements'],
        summary: 'What was done to a settlement, by whom and when, and what it pays',
        params: SettlementId,
        response: { 200: LifecycleView, 401: Unauthorised, 403: Forbidden, 404: NotFound },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { settlement } = request.params
      await readSettlementRecord(request.store, reader, settlement)
      return await lifecycleFor(request.store, reader, settlement)
    },
  )

  app.post(
    '/settlements/:settlement/:act',
    {
      schema: {
        tags: ['settlements'],
        summary: 'Review, release, reject or pay a settlement',
        description:
          'Done by the holder of the token, today. Who prepared a settlement neither reviews nor releases it, and who reviewed does not release.',
        params: Type.Intersect([SettlementId, Type.Object({ act: ActName })]),
        body: Type.Object(
          {
            note: Type.Optional(Type.String({ maxLength: 4000 })),
            finality: Type.Optional(
              Type.Union([Type.Literal('provisional'), Type.Literal('final')], {
                description: 'of a release: provisional pays the advance share; left out: final',
              }),
            ),
          },
          { additionalProperties: false },
        ),
        response: {
          200: LifecycleView,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          409: Conflict,
          422: Unprocessable,
        },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { settlement: settlementId, act } = request.params
      await readSettlementRecord(request.store, reader, settlementId)
      await asSigner(app.sharedStore, reader, (store) =>
        actOn(store, { settlementId, act, by: signatureOf(reader), on: today(), ...request.body }),
      )
      return await lifecycleFor(request.store, reader, settlementId)
    },
  )

  app.get(
    '/ledger/head',
    {
      schema: {
        tags: ['ledger'],
        summary: 'The head of the ledger: whoever keeps it can detect any change of earlier entries',
        response: { 200: LedgerHead, 401: Unauthorised },
      },
    },
    async (request) => await ledgerHead(request.store),
  )

  app.get(
    '/ledger',
    {
      schema: {
        tags: ['ledger'],
        summary: 'Balances of the ledger, by posting day and by entry',
        querystring: Type.Object({
          contract: Type.Optional(Type.String()),
          posted_on: Type.Optional(Type.String({ description: 'posted up to and including this day, YYYY-MM-DD' })),
          recorded: Type.Optional(
            Type.Integer({ minimum: 0, description: 'recorded up to and including this entry (seq of a head)' }),
          ),
        }),
        response: { 200: LedgerView, 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const { contract, posted_on: postedOn, recorded } = request.query
      if (postedOn !== undefined && !isDay(postedOn))
        throw new Refusal('invalid_request', `posted_on is "${postedOn}"; a day is written YYYY-MM-DD.`)
      const balances = await balancesAsOf(request.store, {
        contractId: contract,
        regionId: readerOf(request).regionId,
        postedOn,
        recorded,
      })
      return { head: await ledgerHead(request.store), balances: balances.map((balance) => ({ ...balance })) }
    },
  )
}
