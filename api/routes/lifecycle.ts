/** Review, release, reject and pay a settlement, signed by whoever was let in, each insurer for its own share. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { actOn } from '../../data/settlements/lifecycle.ts'
import { asSigner, asWorker } from '../../data/access/request-store.ts'
import { signatureOf } from '../views/signature.ts'
import { lifecycleFor } from '../views/lifecycle.ts'
import { readerOf } from '../plugins/access.ts'
import { LifecycleView, SettlementId } from '../schemas/lifecycle.ts'
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
      return await asWorker(app.sharedStore, (whole) => lifecycleFor(request.store, reader, settlement, whole))
    },
  )

  app.post(
    '/settlements/:settlement/:act',
    {
      schema: {
        tags: ['settlements'],
        summary: 'Review, release, reject or pay a settlement',
        description:
          'In the name of whoever was let in, on the day of the database. An analyst reviews; each insurer approves its share, and the last approval releases it; who approved a share does not pay it.',
        params: Type.Intersect([SettlementId, Type.Object({ act: ActName })]),
        body: Type.Object(
          {
            note: Type.Optional(Type.String({ maxLength: 4000 })),
            insurer: Type.Optional(
              Type.String({
                pattern: '^([0-9]{4}|unknown)$',
                description:
                  'of a release or payment: whose share; left out: your own, of an analyst that of nobody known, or every share still to be paid',
              }),
            ),
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
        actOn(store, { ...request.body, settlementId, act, by: signatureOf(reader) }),
      )
      return await asWorker(app.sharedStore, (whole) => lifecycleFor(request.store, reader, settlementId, whole))
    },
  )
}
