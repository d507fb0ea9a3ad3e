/** Runs: asked for as jobs, then read with what was expected of each patient. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Store } from '../../data/postgres/database.ts'
import { contractOfRegion } from '../../data/region/contracts.ts'
import { EXPECTATIONS, findRun, listExpectations, listRuns, RUNS, type ListedRun } from '../../data/runs/run-lists.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { JobView } from '../schemas/job.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { ExpectationView, RunId, RunView, YearsBefore } from '../schemas/run.ts'
import { requestJob } from '../views/jobs/jobs.ts'
import { runOrderOf } from '../views/run-order.ts'
import { signatureOf } from '../views/signature.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound }

export const runRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/contracts/:contract/runs',
    {
      schema: {
        operationId: 'requestRun',
        tags: ['runs'],
        summary: 'Ask for a contract to be settled',
        description: 'The same contract on the same data is the same job: asking again joins it.',
        params: Type.Object({ contract: Type.String() }),
        body: Type.Object(
          {
            region: Type.Optional(Type.String({ description: 'left out: the only one' })),
            as_of: Type.Optional(Type.String({ description: 'YYYY-MM-DD; left out: the latest delivery' })),
          },
          { additionalProperties: false },
        ),
        response: { 202: JobView, ...refusals, 409: Conflict, 422: Unprocessable },
      },
    },
    async (request, reply) => {
      const { region } = request.body
      const asOf = dayMaybeAsked('as_of', request.body.as_of)
      const reader = readerOf(request)
      const contract = await contractOfRegion(request.store, reader.regionId, request.params.contract)
      const order = { contract, flow: 'settle', region, asOf, preparedBy: signatureOf(reader) } as const
      const job = await requestJob(app, reader, await runOrderOf(request.store, order))
      return reply.code(202).header('location', `/v1/jobs/${job.job_id}`).send(job)
    },
  )

  app.get(
    '/runs',
    {
      schema: {
        operationId: 'listRuns',
        tags: ['runs'],
        summary: 'What was computed, from which data and contract; the latest state of the data first',
        querystring: Type.Object({ contract: Type.Optional(Type.String()), ...pageQuery(RUNS) }),
        response: { 200: Page(RunView), ...refusals },
      },
    },
    async (request) => {
      const { contract, ...page } = request.query
      const asked = pageAsked(RUNS, page)
      return pageView(await listRuns(request.store, asked, { contractId: contract ?? null }), asked, viewOf)
    },
  )

  app.get(
    '/runs/:run',
    {
      schema: {
        operationId: 'getRun',
        tags: ['runs'],
        summary: 'One run',
        params: RunId,
        response: { 200: RunView, ...refusals },
      },
    },
    async (request) => viewOf(await runOf(request.store, request.params.run)),
  )

  app.get(
    '/runs/:run/expectations',
    {
      schema: {
        operationId: 'listExpectations',
        tags: ['runs'],
        summary: 'What was expected of each patient for one outcome, and what followed',
        description: 'Rows of persons: a partner gets its own patients. In the unit of the measure.',
        params: RunId,
        querystring: Type.Object({
          measure: Type.String({ description: 'an outcome of the contract' }),
          years_before: Type.Optional(YearsBefore),
          partner: Type.Optional(Type.String()),
          ...pageQuery(EXPECTATIONS),
        }),
        response: { 200: Page(ExpectationView), ...refusals },
      },
    },
    async (request) => {
      const { measure, years_before: yearsBefore = 0, partner = null, ...page } = request.query
      const run = await runOf(request.store, request.params.run)
      const asked = pageAsked(EXPECTATIONS, page)
      const found = await listExpectations(request.store, run, asked, { measure, yearsBefore, partner })
      return pageView(found, asked, (row) => row)
    },
  )
}

async function runOf(store: Pick<Store, 'db'>, runId: string): Promise<ListedRun> {
  const run = await findRun(store, runId)
  if (run) return run
  throw new Refusal('unknown_run', `There is no run "${runId}"; GET /v1/runs lists those that there are.`, { runId })
}

const viewOf = (run: ListedRun): RunView => ({
  run_id: run.runId,
  contract: run.contractId,
  contract_sha256: run.contractSha256,
  as_of: run.asOf,
  dataset_sha256: run.datasetSha256,
  engine_version: run.engineVersion,
  settlement_id: run.settlementId,
})
