/** Runs as jobs: request, progress and result. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { contractOfRegion } from '../../data/region/contracts.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { enqueueRun, readRunStatus, type RunStatus } from '../../jobs/queue/queues.ts'
import { signatureOf } from '../views/signature.ts'
import { readerOf } from '../plugins/access.ts'
import { isOwnFault } from '../plugins/refusal-statuses.ts'
import { runOrderOf } from '../views/run-order.ts'
import { BadRequest, Failed, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'

const RunView = Type.Object({
  run_id: Type.String(),
  state: Type.Union([
    Type.Literal('waiting'),
    Type.Literal('running'),
    Type.Literal('completed'),
    Type.Literal('failed'),
  ]),
  progress: Type.Union([Type.Object({ stage: Type.String(), done: Type.Integer(), of: Type.Integer() }), Type.Null()]),
  result: Type.Unknown({ description: 'ids and counts of what was settled; null until completed' }),
  refusal: Type.Union([
    Type.Object({ code: Type.String(), detail: Type.String(), facts: Type.Object({}, { additionalProperties: true }) }),
    Type.Null(),
  ]),
})

const viewOf = ({ runId, state, progress, result, refusal }: RunStatus) => ({
  run_id: runId,
  state,
  progress: progress && { ...progress },
  result,
  refusal: refusal && { code: refusal.code, detail: refusal.message, facts: { ...refusal.facts } },
})

export const runRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/contracts/:contract/runs',
    {
      schema: {
        tags: ['contracts'],
        summary: 'Ask for a contract to be settled',
        description: 'The same contract on the same data is the same run: asking again joins it.',
        params: Type.Object({ contract: Type.String() }),
        body: Type.Object(
          {
            region: Type.Optional(Type.String({ description: 'left out: the only one' })),
            as_of: Type.Optional(Type.String({ description: 'YYYY-MM-DD; left out: the latest delivery' })),
          },
          { additionalProperties: false },
        ),
        response: {
          202: RunView,
          400: BadRequest,
          401: Unauthorised,
          403: Forbidden,
          404: NotFound,
          422: Unprocessable,
        },
      },
    },
    async (request, reply) => {
      const { region, as_of: asOf } = request.body
      if (asOf !== undefined && !isDay(asOf))
        throw new Refusal('invalid_request', `as_of is "${asOf}"; a day is written YYYY-MM-DD.`, { as_of: asOf })
      const reader = readerOf(request)
      const contract = await contractOfRegion(request.store, reader.regionId, request.params.contract)
      const status = await enqueueRun(
        app.queue,
        await runOrderOf(request.store, {
          contract,
          flow: 'settle',
          region,
          asOf,
          preparedBy: signatureOf(reader),
        }),
      )
      return reply.code(202).header('location', `/v1/runs/${status.runId}`).send(viewOf(status))
    },
  )

  app.get(
    '/runs/:run',
    {
      schema: {
        tags: ['contracts'],
        summary: 'How far a run is, and what it gave',
        description:
          'A run that was refused is failed, with the refusal. One that stopped on a fault of the program is answered with 500 and code job_failed.',
        params: Type.Object({ run: Type.String() }),
        response: { 200: RunView, 401: Unauthorised, 403: Forbidden, 404: NotFound, 500: Failed },
      },
    },
    async (request) => {
      const { params } = request
      const status = await readRunStatus(app.queue, params.run)
      if (!status)
        throw new Refusal('unknown_run', `There is no run ${params.run}; ask for one with POST /contracts/ID/runs.`)
      // A bug's own words are for the log, where the error handler writes them.
      if (status.refusal && isOwnFault(status.refusal.code)) throw status.refusal
      return viewOf(status)
    },
  )
}
