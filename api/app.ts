/** The app as one plugin, in load order: third-party plugins, own plugins, routes. Tests build the same app. */
import { randomUUID } from 'node:crypto'
import type { Writable } from 'node:stream'
import fastify, { LogController, type FastifyInstance } from 'fastify'
import { dashboard, type DashboardOptions } from './dashboard/dashboard.ts'
import type { DevelopmentIssuer } from './identity/development-issuer.ts'
import { access, type AccessOptions } from './plugins/access.ts'
import { audit } from './plugins/audit.ts'
import { bodies } from './plugins/bodies.ts'
import { connections, type Connections } from './plugins/connections.ts'
import { errors, problemFor, sendProblem } from './plugins/errors.ts'
import { headers, NOTHING_ELSE } from './plugins/headers.ts'
import { idempotency } from './plugins/idempotency.ts'
import { identities, type IdentityOptions } from './plugins/identities.ts'
import { ARRIVAL, arrival } from './plugins/limits/arrival.ts'
import { LIMITS, type Limits } from './plugins/limits/limits.ts'
import { pressure } from './plugins/limits/pressure.ts'
import { ratesByAddress, ratesByReader } from './plugins/limits/rates.ts'
import { openapi } from './plugins/openapi.ts'
import { prefixes } from './plugins/prefixes.ts'
import { route } from './plugins/route.ts'
import { rendered, type RenderedOptions } from './plugins/rendered.ts'
import { strict } from './plugins/strict.ts'
import { auditRoutes } from './routes/audit.ts'
import { requestLog } from './plugins/watch/request-log.ts'
import { metrics, type MetricsOptions } from './plugins/watch/metrics.ts'
import { traces, type Collector } from './plugins/watch/traces.ts'
import { bundleRoutes } from './routes/bundles.ts'
import { contractRoutes } from './routes/contracts.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { disputeRoutes } from './routes/disputes.ts'
import { keyRoutes } from './routes/keys.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { jobRoutes } from './routes/jobs.ts'
import { lifecycleRoutes } from './routes/lifecycle.ts'
import { developmentIssuerRoutes } from './routes/development-issuer.ts'
import { partnerRoutes } from './routes/partners.ts'
import { patientRoutes } from './routes/patients.ts'
import { programmeRoutes } from './routes/programmes.ts'
import { paymentRoutes } from './routes/payments.ts'
import { differenceRoutes } from './routes/differences.ts'
import { modelRoutes } from './routes/models.ts'
import { outcomeRoutes } from './routes/outcomes.ts'
import { questionRoutes } from './routes/questions.ts'
import { receiptRoutes } from './routes/receipts.ts'
import { regionRoutes } from './routes/regions.ts'
import { runRoutes } from './routes/runs.ts'
import { serviceRoutes } from './routes/service.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { settlementRoutes } from './routes/settlements.ts'
import { workRoutes } from './routes/work.ts'

/** The largest body of a request; a route whose documents are larger says so. */
const BODY_BYTES = 131_072

export interface AppOptions
  extends DashboardOptions, AccessOptions, IdentityOptions, Pick<RenderedOptions, 'keptBytes'>, MetricsOptions {
  /** gives out tokens on a developer's own machine; null: none */
  readonly developmentIssuer?: DevelopmentIssuer | null
  /** how often, and under what load; left out: as often as anybody likes, as for tests */
  readonly limits?: Limits
  /** the proxies whose word on where a request comes from is taken */
  readonly trustProxy?: string
  /** where spans of OpenTelemetry go; left out: nowhere */
  readonly collector?: Collector
}

/** The app, ready to listen or for `inject`.
 *  @param log where a line per request goes; null: nowhere */
export async function buildApp(
  parts: Connections,
  log: Writable | null = null,
  { developmentIssuer = null, verify = developmentIssuer?.verify ?? null, ...options }: AppOptions = {},
): Promise<FastifyInstance> {
  const { limits, trustProxy = 'loopback', collector } = options
  const app = fastify({
    bodyLimit: BODY_BYTES,
    trustProxy,
    ...ARRIVAL,
    logger: log ? { level: 'info', stream: log } : false,
    // One line a request, when it is answered; a logger for each would cost as much as a kept page.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger,
    // Reported to the client, so it must identify one line of a log that outlives the process.
    genReqId: () => randomUUID(),
    // Before any hook: these answers get their headers here.
    frameworkErrors: (error, request, reply) =>
      void sendProblem(reply.headers({ ...NOTHING_ELSE, 'cache-control': 'no-store' }), problemFor(error, request.id)),
    ajv: { customOptions: { allErrors: true, removeAdditional: false, coerceTypes: false } },
  })
  await app.register(route)
  if (log) await app.register(requestLog, { to: log })
  await app.register(errors)
  await app.register(arrival)
  await app.register(headers)
  await app.register(bodies)
  await app.register(strict)
  await app.register(connections, parts)
  if (collector) await app.register(traces, collector)
  if (limits) await app.register(pressure, limits)
  if (limits) await app.register(ratesByAddress, limits)
  await app.register(prefixes)
  await app.register(identities, { verify })
  await app.register(access, options)
  if (limits) await app.register(ratesByReader, limits)
  await app.register(audit)
  await app.register(idempotency)
  await app.register(rendered, { ...options, answerSeconds: (limits ?? LIMITS).answerSeconds })
  await app.register(openapi)
  await app.register(metrics, options)
  // What is asked for by programs carries a version; pages and the service itself do not.
  await app.register(serviceRoutes)
  await app.register(dashboard, options)
  if (developmentIssuer) await app.register(developmentIssuerRoutes(developmentIssuer))
  for (const routes of [
    regionRoutes,
    keyRoutes,
    auditRoutes,
    contractRoutes,
    deliveryRoutes,
    uploadRoutes,
    runRoutes,
    workRoutes,
    jobRoutes,
    programmeRoutes,
    partnerRoutes,
    patientRoutes,
    settlementRoutes,
    lifecycleRoutes,
    ledgerRoutes,
    bundleRoutes,
    paymentRoutes,
    disputeRoutes,
    receiptRoutes,
    differenceRoutes,
    outcomeRoutes,
    questionRoutes,
    modelRoutes,
  ])
    await app.register(routes, { prefix: '/v1' })
  await app.ready()
  return app
}
