/** Jobs: what takes longer than an answer may, how far it is, and calling it off. */
import { Readable } from 'node:stream'
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { JOBS, listJobs } from '../../data/runs/jobs.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { JobId, JobKind, JobView } from '../schemas/job.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Unauthorised } from '../schemas/problem.ts'
import { jobEvents } from '../views/jobs/events.ts'
import { cancelJob, jobView, readJob } from '../views/jobs/jobs.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 409: Conflict }

export const jobRoutes: FastifyPluginAsyncTypebox = async (app) => {
  const closing = new AbortController()
  app.addHook('preClose', async () => closing.abort())

  app.get(
    '/jobs',
    {
      schema: {
        operationId: 'listJobs',
        tags: ['jobs'],
        summary: 'The jobs of the region, or those that you asked for; the latest first',
        querystring: Type.Object({ kind: Type.Optional(JobKind), ...pageQuery(JOBS) }),
        response: { 200: Page(JobView), ...refusals },
      },
    },
    async (request) => {
      const { kind, ...page } = request.query
      const asked = pageAsked(JOBS, page)
      const found = await listJobs(request.store, asked, kind ?? null)
      const views = await Promise.all(found.items.map((job) => jobView(app.queue, job)))
      return pageView({ ...found, items: views }, asked, (view) => view)
    },
  )

  app.get(
    '/jobs/:job',
    {
      schema: {
        operationId: 'getJob',
        tags: ['jobs'],
        summary: 'How far a job is, and what it gave',
        description:
          'A job that was refused is failed, with the refusal. Of one that stopped on a fault of the program the refusal is job_failed; the log of the worker tells more.',
        params: JobId,
        response: { 200: JobView, ...refusals },
      },
    },
    async (request) => {
      const view = await jobView(app.queue, await readJob(request.store, request.params.job))
      return view
    },
  )

  app.get(
    '/jobs/:job/events',
    {
      // A little longer than a stream lasts.
      handlerTimeout: 660_000,
      schema: {
        operationId: 'watchJob',
        tags: ['jobs'],
        summary: 'The progress of a job, as server-sent events',
        description:
          'Events `progress` and, at the end, `end`; each has a job as its data. A client that sends the Last-Event-ID it has seen is told what changed since.',
        params: JobId,
        headers: Type.Object({ 'last-event-id': Type.Optional(Type.String({ maxLength: 200 })) }),
        response: {
          200: {
            description: 'a stream that ends with the job, or after ten minutes',
            content: { 'text/event-stream': { schema: Type.String() } },
          },
          ...refusals,
        },
      },
    },
    async (request, reply) => {
      // Whether the reader may know of it is asked once; after that the queue alone is looked at.
      const job = await readJob(request.store, request.params.job)
      const lastId = request.headers['last-event-id'] ?? null
      const stream = Readable.from(jobEvents(() => jobView(app.queue, job), lastId, closing.signal))
      return reply
        .header('content-type', 'text/event-stream; charset=utf-8')
        .header('x-accel-buffering', 'no')
        .send(stream as never)
    },
  )

  app.post(
    '/jobs/:job/cancel',
    {
      schema: {
        operationId: 'cancelJob',
        tags: ['jobs'],
        summary: 'Call a job off',
        description:
          'One that waits is taken out of the queue; one that is under way stops at its next part, and what it has stored stays. GET the job until it is cancelled.',
        params: JobId,
        response: { 202: JobView, ...refusals },
      },
    },
    async (request, reply) => {
      const reader = readerOf(request)
      const job = await readJob(request.store, request.params.job)
      await cancelJob(app, reader, job)
      // Seen anew: the act is in a transaction of its own.
      const view = await jobView(app.queue, {
        ...job,
        cancelledBy: job.cancelledBy ?? `${reader.role}:${reader.subject}`,
      })
      return reply.code(202).header('location', `/v1/jobs/${job.jobId}`).send(view)
    },
  )
}
