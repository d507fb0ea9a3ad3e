/** Differences between two settlements of one contract: requested as a job, since they need the models, then read. */
import { createHash } from 'node:crypto'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { idOf } from '../../data/access/id-prefix.ts'
import {
  listDifferences,
  orderedSettlements,
  readDifference,
  type ListedDifference,
} from '../../data/settlements/differences.ts'
import { readRegions } from '../../data/region/regions.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { requestJob } from '../views/jobs/jobs.ts'
import { differenceFor } from '../views/difference.ts'
import type { Listing } from '../../data/postgres/keyset.ts'
import { Page, pageOfAll, pageQuery } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { SettlementId } from '../schemas/lifecycle.ts'
import { JobView } from '../schemas/job.ts'
import { DifferenceView } from '../schemas/difference.ts'
import { Id } from '../schemas/id.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { readSettlementRecord } from '../views/settlement-view.ts'

const DIFFERENCES: Listing<ListedDifference> = {
  sorts: { computed: { kind: 'integer', of: ({ seq }) => seq } },
  id: { kind: 'integer', of: ({ seq }) => seq },
  first: '-computed',
}

export const differenceRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/settlements/:settlement/differences',
    {
      schema: {
        tags: ['settlements'],
        summary: 'Ask what changed since another settlement of the same contract',
        description:
          'The same two settlements are the same job: asking again joins it. GET the difference when the job is completed.',
        params: SettlementId,
        body: Type.Object({ from: Id }, { additionalProperties: false }),
        response: {
          202: JobView,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const since = await idOf(request.store, 'settlement', body.from)
      const { earlier, later } = await orderedSettlements(request.store, since, params.settlement)
      const compares = { from: earlier.settlementId, to: later.settlementId }
      const region = (await readRegions(request.store)).find(({ regionId }) => regionId === later.regionId)?.name ?? ''
      const runId = createHash('sha256')
        .update(canonicalJson({ flow: 'difference', ...compares }))
        .digest('hex')
      const { contract_sha256 } = (await readSettlementRecord(request.store, readerOf(request), later.settlementId))
        .settlement
      const job = await requestJob(app, readerOf(request), {
        runId,
        flow: 'difference',
        region,
        contractSha256: contract_sha256,
        asOf: later.asOf,
        models: [],
        compares,
      })
      return reply.code(202).header('location', `/v1/jobs/${runId}`).send(job)
    },
  )

  app.get(
    '/differences',
    {
      schema: {
        operationId: 'listDifferences',
        tags: ['settlements'],
        summary: 'Between which settlements differences were computed, the latest first',
        querystring: Type.Object({ settlement: Type.Optional(Id), ...pageQuery(DIFFERENCES) }),
        response: {
          200: Page(Type.Object({ from: Type.String(), to: Type.String(), contract: Type.String() })),
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          409: Conflict,
        },
      },
    },
    async (request) => {
      const { settlement, ...page } = request.query
      const of = settlement === undefined ? null : await idOf(request.store, 'settlement', settlement)
      const found = await listDifferences(request.store, of)
      return pageOfAll(DIFFERENCES, page, found, ({ seq: _seq, ...difference }) => difference)
    },
  )

  app.get(
    '/settlements/:settlement/difference',
    {
      schema: {
        tags: ['settlements'],
        summary: 'What changed since another settlement of the same contract, to the cent, by cause',
        description: 'A partner sees its own row. The other way round has every sign turned.',
        params: SettlementId,
        querystring: Type.Object({ from: Id }),
        response: {
          200: DifferenceView,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request) => {
      const reader = readerOf(request)
      const [from, to] = [await idOf(request.store, 'settlement', request.query.from), request.params.settlement]
      const ends = [
        await readSettlementRecord(request.store, reader, from),
        await readSettlementRecord(request.store, reader, to),
      ] as const
      const difference = await readDifference(request.store, from, to)
      if (!difference)
        throw new Refusal(
          'not_found',
          `Nobody asked yet what changed from ${from} to ${to}; POST /v1/settlements/${to}/differences with {"from": "${from}"}.`,
        )
      return structuredClone(differenceFor(reader, ends, difference)) as never
    },
  )
}
