/** Deliveries handed in over HTTP: streamed to a private directory and imported by a worker; what was not taken is downloaded here. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { issuesOfDelivery, issuesByPractice } from '../../data/import/issues-by-practice.ts'
import {
  DELIVERIES,
  findListedDelivery,
  listDeliveries,
  type ListedDelivery,
} from '../../data/region/delivery-lists.ts'
import type { Store } from '../../data/postgres/database.ts'
import { countPatients } from '../../data/region/regions.ts'
import { settleUpload, uploadIdOf } from '../../data/upload/place.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { readRunStatus } from '../../jobs/queue/queues.ts'
import { Page, pageAsked, pageQuery, pageView, Whole } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { ARCHIVE_TYPES, incoming, receive } from '../plugins/incoming.ts'
import { dayMaybeAsked } from '../schemas/day.ts'
import { DeliveryId, DeliveryView, PracticeIssuesView, UPLOAD_FORMATS } from '../schemas/delivery.ts'
import { JobView } from '../schemas/job.ts'
import { BadRequest, Conflict, Forbidden, NotFound, TooLarge, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { requestJob } from '../views/jobs/jobs.ts'
import { signatureOf } from '../views/signature.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound }
const binary = { schema: Type.Unsafe<unknown>({ description: 'bytes' }) }
const csv = (description: string) => ({ description, content: { 'text/csv': { schema: Type.String() } } })

export const uploadRoutes: FastifyPluginAsyncTypebox = async (app) => {
  await app.register(async (scope) => {
    await scope.register(incoming)
    postDelivery(scope)
  })

  app.get(
    '/deliveries',
    {
      schema: {
        operationId: 'listDeliveries',
        tags: ['deliveries'],
        summary: 'What the region has handed in, the latest first',
        querystring: Type.Object(pageQuery(DELIVERIES)),
        response: { 200: Page(DeliveryView), ...refusals },
      },
    },
    async (request) => {
      const asked = pageAsked(DELIVERIES, request.query)
      return pageView(await listDeliveries(request.store, readerOf(request).regionId, asked), asked, viewOf)
    },
  )

  app.get(
    '/deliveries/:delivery',
    {
      schema: {
        operationId: 'getDelivery',
        tags: ['deliveries'],
        summary: 'One delivery: its files, and how many rows of each were taken',
        params: DeliveryId,
        response: { 200: DeliveryView, ...refusals },
      },
    },
    async (request) => viewOf(await deliveryOf(request.store, request.params.delivery)),
  )

  for (const [kind, operationId, what] of [
    ['rejects', 'downloadRejects', 'The rows that were not taken, with the reason of each'],
    ['warnings', 'downloadWarnings', 'The rows of which a cell was left blank or read otherwise'],
  ] as const)
    app.get(
      `/deliveries/:delivery/${kind}`,
      {
        schema: {
          operationId,
          tags: ['deliveries'],
          summary: what,
          params: DeliveryId,
          response: { 200: csv(`${kind}.csv, byte for byte as the import wrote it`), ...refusals },
        },
      },
      async (request, reply) => {
        const { deliveryId } = await deliveryOf(request.store, request.params.delivery)
        // A row that was not taken tells of the patient it is about.
        request.looksAtEverybody(await countPatients(request.store, readerOf(request).regionId))
        const texts = await issuesOfDelivery(request.store, deliveryId)
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', `attachment; filename="${kind}-${deliveryId}.csv"`)
          .send(texts[kind])
      },
    )

  const Language = Type.Optional(Type.Union([Type.Literal('nl'), Type.Literal('en')], { default: 'nl' }))
  app.get(
    '/deliveries/:delivery/practices',
    {
      schema: {
        operationId: 'listPracticesWithIssues',
        tags: ['deliveries'],
        summary: 'The practices with rows to look at, most rows first',
        params: DeliveryId,
        response: { 200: Whole(PracticeIssuesView), ...refusals },
      },
    },
    async (request) => {
      const { deliveryId } = await deliveryOf(request.store, request.params.delivery)
      const found = issuesByPractice(await issuesOfDelivery(request.store, deliveryId), 'nl')
      return {
        items: found.map(({ practice, rejected, kept }) => ({ practice_id: practice, rejected, kept })),
        next: null,
      }
    },
  )

  app.get(
    '/deliveries/:delivery/practices/:practice',
    {
      schema: {
        operationId: 'downloadIssuesOfPractice',
        tags: ['deliveries'],
        summary: 'What one practice can mend, in its language',
        params: Type.Object({
          delivery: Type.Integer({ minimum: 1 }),
          practice: Type.String({ description: '`-`: rows of which no practice is known' }),
        }),
        querystring: Type.Object({ lang: Language }),
        response: { 200: csv('rejected and kept rows, with what would be right'), ...refusals },
      },
    },
    async (request, reply) => {
      const { delivery, practice } = request.params
      const { deliveryId } = await deliveryOf(request.store, delivery)
      const found = issuesByPractice(await issuesOfDelivery(request.store, deliveryId), request.query.lang ?? 'nl')
      const own = found.find((each) => (each.practice === '' ? '-' : each.practice) === practice)
      request.looksAtEverybody(await countPatients(request.store, readerOf(request).regionId))
      if (!own) throw new Refusal('not_found', `Delivery ${deliveryId} has no rows to look at of that practice.`)
      return reply
        .header('content-type', 'text/csv; charset=utf-8')
        .header('content-disposition', `attachment; filename="${own.file}"`)
        .send(own.text)
    },
  )
}

function postDelivery(app: Parameters<FastifyPluginAsyncTypebox>[0]): void {
  app.post(
    '/deliveries',
    {
      preHandler: receive,
      // As long as a request may take to come in, and a minute.
      handlerTimeout: 360_000,
      schema: {
        operationId: 'uploadDelivery',
        tags: ['deliveries'],
        summary: 'Hand in a delivery of your region',
        description:
          'As a zip or tar archive (.tar.gz too), or as a form with each file under its name. It is imported as `winst import` does it, all of it or nothing; the job tells how. The same files under the same choices are the same job.',
        querystring: Type.Object({
          format: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: [...UPLOAD_FORMATS], default: 'csv' })),
          delivered: Type.Optional(Type.String({ description: 'YYYY-MM-DD; left out: the latest date in the data' })),
          max_rejects: Type.Optional(
            Type.String({
              pattern: '^(0(\\.[0-9]{1,6})?|1(\\.0+)?)$',
              description: 'share of rejected rows; left out: 0.05',
            }),
          ),
          pseudonymise: Type.Optional(
            Type.Union([Type.Literal('true'), Type.Literal('false')], { description: "with the worker's key" }),
          ),
        }),
        body: {
          content: Object.fromEntries([...ARCHIVE_TYPES, 'multipart/form-data'].map((type) => [type, binary])),
        },
        response: { 202: JobView, ...refusals, 409: Conflict, 413: TooLarge, 422: Unprocessable },
      },
    },
    async (request, reply) => {
      const { format = 'csv', max_rejects: maxRejects, pseudonymise } = request.query
      const delivered = dayMaybeAsked('delivered', request.query.delivered)
      const [reader, upload] = [readerOf(request), request.incoming]
      invariant(upload && app.uploads !== null, 'the upload was received before')
      const order = {
        region: reader.region,
        format,
        delivered: delivered ?? null,
        maxRejects: maxRejects === undefined ? null : Number(maxRejects),
        pseudonymise: pseudonymise === 'true',
      }
      const runId = uploadIdOf(upload.contentSha256, order)
      const { region, ...choices } = order
      const state = (await readRunStatus(app.queue, runId))?.state
      // Of a job that waits or is under way the files lie there already.
      if (state !== 'waiting' && state !== 'running') await settleUpload(app.uploads, upload.dir, runId)
      const job = await requestJob(app, reader, {
        runId,
        flow: 'import',
        region,
        contractSha256: '',
        // Nothing is computed as of a day.
        asOf: delivered ?? '1900-01-01',
        models: [],
        delivery: { kind: upload.kind, ...choices, delivered: delivered ?? null },
        preparedBy: signatureOf(reader),
      })
      return reply.code(202).header('location', `/v1/jobs/${job.job_id}`).send(job)
    },
  )
}

async function deliveryOf(store: Pick<Store, 'db'>, deliveryId: number): Promise<ListedDelivery> {
  const found = await findListedDelivery(store, deliveryId)
  if (found) return found
  throw new Refusal('not_found', `There is no delivery ${deliveryId}; GET /v1/deliveries lists those that there are.`)
}

const viewOf = ({ deliveryId, deliveredOn, contentSha256, files }: ListedDelivery) => ({
  delivery_id: deliveryId,
  delivered_on: deliveredOn,
  content_sha256: contentSha256,
  files: files.map((file) => ({ ...file })),
})
