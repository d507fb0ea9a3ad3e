/** Models and the decisions on their use for payment. All roles read; an analyst of the region decides, signed by the token. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Store } from '../../data/postgres/database.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { readDrifts, runsOf } from '../../data/runs/drift.ts'
import { noModel } from '../../data/runs/models.ts'
import { decideOnModel, decisionsOn, listModels, type RegisteredModel } from '../../data/settlements/model-registry.ts'
import { asSigner } from '../../data/access/request-store.ts'
import { signatureOf } from '../views/signature.ts'
import { SMALLEST_GROUP } from '../../engine/disclosure/small-groups.ts'
import { readerOf } from '../plugins/access.ts'
import { reportCardOf } from '../report/elements/card.ts'
import { DecisionBody, ModelHead, ModelState, ModelView, type DriftView } from '../schemas/model.ts'
import { Id } from '../schemas/id.ts'
import { BadRequest, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'

const ModelId = Type.Object({ model: Id })

const MODELS: Listing<RegisteredModel> = {
  sorts: {
    decided: { kind: 'integer', of: ({ decided }) => decided },
    programme: { kind: 'text', of: ({ programme }) => programme },
    measure: { kind: 'text', of: ({ measure }) => measure },
  },
  id: { kind: 'text', of: ({ modelId }) => modelId },
  first: '-decided',
}

export const modelRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/models',
    {
      schema: {
        tags: ['models'],
        summary: 'Models, the one decided on last first',
        querystring: Type.Object({
          programme: Type.Optional(Type.String()),
          measure: Type.Optional(Type.String()),
          state: Type.Optional(ModelState),
          ...pageQuery(MODELS),
        }),
        response: { 200: Page(ModelHead), 400: BadRequest, 401: Unauthorised },
      },
    },
    async (request) => {
      const { programme, measure, state, ...page } = request.query
      const known = (await listModels(request.store)).filter(
        (model) =>
          (programme ?? model.programme) === model.programme &&
          (measure ?? model.measure) === model.measure &&
          (state ?? model.state) === model.state,
      )
      return pageOfAll(MODELS, page, known, headOf)
    },
  )

  app.get(
    '/models/:model',
    {
      schema: {
        tags: ['models'],
        summary: 'One model: its card, who decided what about it, and its calibration month by month since',
        params: ModelId,
        response: { 200: ModelView, 400: BadRequest, 401: Unauthorised, 404: NotFound },
      },
    },
    async (request) => await viewOf(request.store, request.params.model),
  )

  app.post(
    '/models/:model/decisions',
    {
      schema: {
        tags: ['models'],
        summary: 'Make a model payable, or retire it',
        description:
          'The name is that of the token: who prepared the model cannot make it payable. payable needs validated; payable again says that somebody looked at a drift alarm.',
        params: ModelId,
        body: DecisionBody,
        response: {
          201: ModelView,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request, reply) => {
      const { state, reason } = request.body
      const reader = readerOf(request)
      await viewOf(request.store, request.params.model)
      const decision = { state, by: signatureOf(reader), reason }
      await asSigner(app.sharedStore, reader, (store) => decideOnModel(store, request.params.model, decision))
      return reply.code(201).send(await viewOf(request.store, request.params.model))
    },
  )
}

const headOf = ({ modelId, programme, measure, state, card }: RegisteredModel): ModelHead => ({
  model_id: modelId,
  programme,
  measure,
  state,
  checks: (reportCardOf(card).validation?.checks ?? []).map(({ check, verdict, finding }) => ({
    check,
    verdict,
    finding,
  })),
})

async function viewOf(store: Store, modelId: string): Promise<ModelView> {
  const model = (await listModels(store)).find((each) => each.modelId === modelId)
  if (!model) throw noModel(modelId)
  const drift: DriftView[] = []
  const runs = await runsOf(store, modelId)
  const kept = await readDrifts(
    store,
    runs.map(({ runId }) => runId),
  )
  for (const { runId, measure, asOf } of runs) {
    const found = kept.get(runId)?.find((each) => each.measure === measure)
    if (!found) continue
    const months = found.months.filter(({ measured }) => measured >= SMALLEST_GROUP)
    drift.push({
      settlement_id: runId,
      as_of: asOf,
      alarm: found.alarm,
      months: months.map(({ side, month, measured, bias, biasSd, slope, evidence }) => ({
        side,
        month,
        measured,
        bias,
        bias_sd: biasSd,
        slope,
        evidence,
      })),
    })
  }
  return {
    ...headOf(model),
    decisions: await decisionsOn(store, modelId),
    drift,
    card: model.card as Record<string, unknown>,
  }
}
