/** Figures on the service for Prometheus: how often each route is asked, how long it takes, and how the process is. No id is in them. */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { Type } from 'typebox'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import { ByAnswer } from '../route.ts'
import { Unauthorised } from '../../schemas/problem.ts'

export interface MetricsOptions {
  /** who may read them; left out: whoever asks on this machine, not by way of a proxy */
  readonly metricsToken?: string
}

/** Upper bounds in seconds: around the 50 ms that a page and the 200 ms that a question of research may take. */
const BOUNDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5, 10, 30]

function mayRead(request: FastifyRequest, token: string | undefined): boolean {
  if (token) {
    const [given, wanted] = [request.headers.authorization ?? '', `Bearer ${token}`].map((text) => Buffer.from(text))
    return (
      given !== undefined && wanted !== undefined && given.length === wanted.length && timingSafeEqual(given, wanted)
    )
  }
  const forwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'].some((name) => name in request.headers)
  return !forwarded && /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '')
}

/** Connections to the database, asked for when they are read. */
function connectionsOf({ sharedStore: { pool } }: FastifyInstance): Gauge {
  return new Gauge({
    name: 'winst_database_connections',
    help: 'Connections of the process to the database, and requests that wait for one',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount)
      this.set({ state: 'idle' }, pool.idleCount)
      this.set({ state: 'waited_for' }, pool.waitingCount)
    },
  })
}

function registryOf(app: FastifyInstance): { registry: Registry; durations: Histogram } {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  registry.registerMetric(connectionsOf(app))
  const durations = new Histogram({
    name: 'winst_http_request_seconds',
    help: 'Seconds from a request to the end of its answer',
    labelNames: ['method', 'route', 'status'],
    buckets: BOUNDS,
    registers: [registry],
  })
  return { registry, durations }
}

export const metrics = fp(
  async (app: FastifyInstance, { metricsToken }: MetricsOptions) => {
    const { registry, durations } = registryOf(app)
    // The series of these labels, looked up by the library once; by the template of the route, since an address may hold whatever somebody typed.
    const observers = new ByAnswer(({ url = 'none' }, method, status) =>
      durations.labels({ method, route: url, status }),
    )
    app.addHook('onResponse', (request, reply, done) => {
      observers.of(request.route, request.method, reply.statusCode).observe(reply.elapsedTime / 1_000)
      done()
    })
    app.addHook('onClose', async () => registry.clear())
    app.get(
      '/metrics',
      {
        schema: {
          tags: ['service'],
          summary: 'Figures on the service, for Prometheus',
          description:
            'For who asks on the machine itself, or with the token of WINST_METRICS_TOKEN where that is set.',
          security: [],
          response: {
            200: { description: 'as text', content: { 'text/plain': { schema: Type.String() } } },
            401: Unauthorised,
          },
        },
      },
      async (request, reply) => {
        if (!mayRead(request, metricsToken))
          throw new Refusal(
            'not_authenticated',
            'Metrics are read on the machine itself, or with the token that WINST_METRICS_TOKEN names.',
          )
        return reply.type(registry.contentType).send(await registry.metrics())
      },
    )
  },
  { name: 'metrics', dependencies: ['connections', 'route'] },
)
