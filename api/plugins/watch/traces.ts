/** Requests as spans of OpenTelemetry, sent as OTLP over HTTP to the collector that the environment names; without one, nothing of it runs. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

export interface Collector {
  /** OTEL_EXPORTER_OTLP_ENDPOINT: spans go to its /v1/traces */
  readonly endpoint: string
  /** OTEL_EXPORTER_OTLP_HEADERS, name=value with commas between */
  readonly headers?: string | undefined
  /** OTEL_SERVICE_NAME */
  readonly service?: string | undefined
  /** milliseconds between two deliveries */
  readonly everyMs?: number
}

interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: 2 // server
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
  readonly status: { readonly code: 0 | 2 } // unset, error
}
interface Attribute {
  readonly key: string
  readonly value: { readonly stringValue: string } | { readonly intValue: string }
}

/** More than these are not kept for a collector that does not answer; the oldest go first. */
const MOST_WAITING = 4_096
const SEND_MS = 5_000

const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } })

/** The trace that the request is part of, if it says so (W3C Trace Context), and a span of its own. */
function contextOf({ headers }: FastifyRequest): Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'> {
  const spanId = randomBytes(8).toString('hex')
  const given = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/.exec(
    String(headers.traceparent ?? ''),
  )
  const [, traceId, parentSpanId] = given ?? []
  if (traceId === undefined || parentSpanId === undefined) return { traceId: randomBytes(16).toString('hex'), spanId }
  return { traceId, spanId, parentSpanId }
}

/** A request that was answered. Its route, method and status: no address, no id, no name. */
function spanOf(request: FastifyRequest, status: number, milliseconds: number): Span {
  const [route, ended] = [request.route.url ?? 'none', BigInt(Date.now()) * 1_000_000n]
  return {
    ...contextOf(request),
    name: `${request.method} ${route}`,
    kind: 2,
    startTimeUnixNano: String(ended - BigInt(Math.round(milliseconds * 1e6))),
    endTimeUnixNano: String(ended),
    attributes: [
      text('http.request.method', request.method),
      text('http.route', route),
      { key: 'http.response.status_code', value: { intValue: String(status) } },
    ],
    status: { code: status >= 500 ? 2 : 0 },
  }
}

const headersOf = (written = ''): Record<string, string> =>
  Object.fromEntries(
    written
      .split(',')
      .map((pair) => pair.split('='))
      .flatMap(([name = '', ...value]) =>
        name.trim() === '' ? [] : [[name.trim(), decodeURIComponent(value.join('=').trim())]],
      ),
  )

async function send(
  spans: readonly Span[],
  { endpoint, headers, service = 'gezondheidswinst' }: Collector,
): Promise<void> {
  const resource = { attributes: [text('service.name', service)] }
  await fetch(`${endpoint.replace(/\/$/, '')}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headersOf(headers) },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'winst' }, spans }] }] }),
    signal: AbortSignal.timeout(SEND_MS),
  })
}

export const traces = fp(
  async (app: FastifyInstance, collector: Collector) => {
    let waiting: Span[] = []
    const deliver = async (): Promise<void> => {
      if (waiting.length === 0) return
      const spans = waiting
      waiting = []
      // A collector that does not answer costs its spans, never a request.
      await send(spans, collector).catch((error: unknown) =>
        app.log.warn({ err: error }, 'no collector took the spans'),
      )
    }
    const timer = setInterval(() => void deliver(), collector.everyMs ?? 5_000).unref()
    app.addHook('onResponse', async (request, reply) => {
      waiting.push(spanOf(request, reply.statusCode, reply.elapsedTime))
      if (waiting.length > MOST_WAITING) waiting.shift()
    })
    app.addHook('onClose', async () => {
      clearInterval(timer)
      await deliver()
    })
  },
  { name: 'traces' },
)
