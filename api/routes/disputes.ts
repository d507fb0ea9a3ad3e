/** Disputes: a partner or an insurer previews the effect and files in time; the insurers concerned rule. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { asSigner } from '../../data/access/request-store.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { type Dispute, fileDispute, readDispute, readDisputes } from '../../data/disputes/disputes.ts'
import { othersMoved, readEffects, readInsurerEffects, readPreview } from '../../data/disputes/previews.ts'
import { ruleOn } from '../../data/disputes/rulings.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { requestJob } from '../views/jobs/jobs.ts'
import { readRunStatus } from '../../jobs/queue/queues.ts'
import { signatureOf } from '../views/signature.ts'
import { correctionAfter, previewOrderOf } from '../views/correction-order.ts'
import { contentionOf, disputeFor, maySeeDispute, refuseOthers } from '../views/disputes.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { ContentionBody, DisputeView, PreviewView } from '../schemas/dispute.ts'
import { Id } from '../schemas/id.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { BadRequest, Conflict, Failed, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'

const refusals = {
  400: BadRequest,
  401: Unauthorised,
  403: Forbidden,
  404: NotFound,
  409: Conflict,
  422: Unprocessable,
}
const PreviewId = Type.Object({ preview: Id })
const DisputeId = Type.Object({ dispute: Type.Integer({ minimum: 1 }) })

const DISPUTES: Listing<Dispute> = {
  sorts: { filed_on: { kind: 'day', of: ({ filedOn }) => filedOn } },
  id: { kind: 'integer', of: ({ disputeId }) => disputeId },
  first: 'filed_on',
}

export const disputeRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/settlements/:settlement/dispute-previews',
    {
      schema: {
        tags: ['disputes'],
        summary: 'What would change if the partner is right; nothing is filed yet',
        description: 'Computed by the workers with the frozen models: ask for the preview until it is completed.',
        params: SettlementId,
        body: ContentionBody,
        response: { 202: PreviewView, ...refusals },
      },
    },
    async (request, reply) => {
      const reader = readerOf(request)
      const { settlement: settlementId } = request.params
      const { partner_id: partnerId } = request.body
      refuseOthers(reader, partnerId)
      await readSettlementRecord(request.store, reader, settlementId)
      const order = { settlementId, partnerId, contention: contentionOf(request.body) }
      const job = await requestJob(
        app,
        reader,
        await asSigner(app.sharedStore, reader, (store) => previewOrderOf(store, order, signatureOf(reader))),
      )
      return reply
        .code(202)
        .header('location', `/v1/dispute-previews/${job.job_id}`)
        .send({ preview_id: job.job_id, state: job.state, effect: null, insurer_effects: [], others_moved: 0 })
    },
  )

  app.get(
    '/dispute-previews/:preview',
    {
      schema: {
        tags: ['disputes'],
        summary: 'The effect of a dispute in cents, once it is computed',
        params: PreviewId,
        response: { 200: PreviewView, ...refusals, 500: Failed },
      },
    },
    async (request) => {
      const { preview } = request.params
      const { partnerId } = await ownPreview(request, preview)
      const { role, subject } = readerOf(request)
      const effects = await readEffects(request.store, preview)
      const insurerEffects = role === 'insurer' ? await readInsurerEffects(request.store, preview) : []
      const status = await readRunStatus(app.queue, preview)
      if (status?.refusal) throw status.refusal
      const isComputed = effects.length > 0 || insurerEffects.length > 0
      return {
        preview_id: preview,
        state: isComputed ? 'completed' : (status?.state ?? 'waiting'),
        effect: role === 'partner' ? (effects.find(({ partner_id }) => partner_id === partnerId) ?? null) : null,
        insurer_effects: insurerEffects.filter(({ insurer }) => insurer === subject),
        others_moved: await othersMoved(request.store, preview),
      }
    },
  )

  app.post(
    '/dispute-previews/:preview/file',
    {
      schema: {
        tags: ['disputes'],
        summary: 'File what was previewed, until the deadline',
        params: PreviewId,
        body: Type.Object(
          { evidence: Type.String({ minLength: 1, maxLength: 20_000, description: 'names no person' }) },
          { additionalProperties: false },
        ),
        response: { 201: DisputeView, ...refusals },
      },
    },
    async (request, reply) => {
      const reader = readerOf(request)
      const { preview: previewId } = request.params
      await ownPreview(request, previewId)
      const filed = { previewId, evidence: request.body.evidence, by: signatureOf(reader) }
      const disputeId = await asSigner(app.sharedStore, reader, (store) => fileDispute(store, filed))
      return reply.code(201).send(await disputeView(request, disputeId))
    },
  )

  app.get(
    '/settlements/:settlement/disputes',
    {
      schema: {
        tags: ['disputes'],
        summary: 'The disputes about a settlement, in the order in which they were filed',
        params: SettlementId,
        querystring: Type.Object(pageQuery(DISPUTES)),
        response: { 200: Page(DisputeView), ...refusals },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      await readSettlementRecord(request.store, reader, request.params.settlement)
      const disputes = await readDisputes(request.store, { settlementId: request.params.settlement })
      const seen = disputes.filter((each) => maySeeDispute(reader, each))
      return pageOfAll(DISPUTES, request.query, seen, (each) => disputeFor(reader, each))
    },
  )

  app.get(
    '/disputes',
    {
      schema: {
        operationId: 'listDisputes',
        tags: ['disputes'],
        summary: 'The disputes of the region that concern you, in the order in which they were filed',
        querystring: Type.Object({
          state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('ruled')])),
          ...pageQuery(DISPUTES),
        }),
        response: { 200: Page(DisputeView), ...refusals },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { state, ...page } = request.query
      const seen = (await readDisputes(request.store)).filter(
        (each) =>
          maySeeDispute(reader, each) && (state === undefined || (state === 'ruled') === (each.ruling !== null)),
      )
      return pageOfAll(DISPUTES, page, seen, (each) => disputeFor(reader, each))
    },
  )

  app.post(
    '/disputes/:dispute/ruling',
    {
      schema: {
        tags: ['disputes'],
        summary: 'Give a verdict on a dispute; if it is upheld, the facts change from today and a correction is run',
        description:
          'By each insurer that it concerns: one that dismisses it dismisses it, and it is upheld when all uphold it.',
        params: DisputeId,
        body: Type.Object(
          {
            verdict: Type.Union([Type.Literal('upheld'), Type.Literal('dismissed')]),
            reason: Type.String({ minLength: 1, maxLength: 20_000 }),
          },
          { additionalProperties: false },
        ),
        response: { 200: DisputeView, ...refusals },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const { dispute: disputeId } = request.params
      const { settlementId } = await readDispute(request.store, disputeId)
      await readSettlementRecord(request.store, reader, settlementId)
      const by = signatureOf(reader)
      await asSigner(app.sharedStore, reader, (store) => ruleOn(store, { disputeId, ...request.body, by }))
      const ruled = await readDispute(request.store, disputeId)
      // Prepared in nobody's name: whoever ruled approves its own share of the correction, or does not.
      if (ruled.ruling?.verdict === 'upheld')
        await requestJob(app, reader, await asSigner(app.sharedStore, reader, (store) => correctionAfter(store, ruled)))
      return disputeFor(reader, ruled)
    },
  )

  async function ownPreview(request: FastifyRequest, previewId: string) {
    const { role, subject } = readerOf(request)
    const preview = await readPreview(request.store, previewId)
    if (role === 'partner' && subject === preview.partnerId) return preview
    if (role === 'insurer' && preview.insurers.includes(subject)) return preview
    throw new Refusal('unknown_preview', `There is no preview "${previewId}"; ask for one first.`, { previewId })
  }

  async function disputeView(request: FastifyRequest, disputeId: number): Promise<DisputeView> {
    return disputeFor(readerOf(request), await readDispute(request.store, disputeId))
  }
}
