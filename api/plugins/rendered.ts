/** Pages kept as rendered: the second who asks the same, under the same identity, gets the same bytes; whoever has them already, a 304. */
import {
  errorCodes,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onSendAsyncHookHandler,
  type RouteHandlerMethod,
  type RouteOptions,
} from 'fastify'
import fp from 'fastify-plugin'
import { KEEPING, type Keeping } from '../keeping.ts'
import { readerOf } from './access.ts'
import { headersOf } from './headers.ts'
import { isNamedBy, KeptPages, tagOf, type Page } from './kept-pages.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** its pages are kept (api/keeping.ts) */
    isKept?: boolean
  }
  interface FastifyRequest {
    /** what it was answered with out of memory; null: its answer was made for it */
    keptPage: Page | null
  }
}

export interface RenderedOptions {
  /** memory for kept pages, in bytes; 0: nothing is kept */
  readonly keptBytes?: number
  /** an answer is made within so many seconds, or refused */
  readonly answerSeconds: number
}

const KEPT_BYTES = 64_000_000

export const rendered = fp(
  async (app: FastifyInstance, { keptBytes = KEPT_BYTES, answerSeconds }: RenderedOptions) => {
    const pages = new KeptPages(keptBytes)
    const making = new Map<string, Promise<Page | null>>()
    app.decorateRequest('keptPage', null)

    /** The page, kept or made; one who asks makes it for all who wait for the same. Null: the handler has answered by itself. */
    async function pageFor(key: string, { standing }: FastifyRequest, make: () => Promise<Page | null>) {
      const found = pages.find(standing, key)
      if (found) return found
      const job = `${standing} ${key}`
      const underWay = making.get(job)
      if (underWay) return (await underWay) ?? (await make())
      const made = make().finally(() => making.delete(job))
      making.set(job, made)
      const page = await made
      if (page) pages.keep(standing, key, page)
      return page
    }

    // What is kept is sent before anything else of the request is looked at: it was, when the page was made for the same reader and address.
    app.addHook('onRequest', (request, reply, done) => {
      const isKept = request.route.isKept === true && !hasBody(request)
      const page = isKept ? pages.find(request.standing, keyOf(request)) : undefined
      if (page) sendKept(page, request, reply)
      else done()
    })
    app.addHook('onRoute', (route) => {
      const keeping = keepingOf(route)
      if (keeping === 'tagged') route.onSend = [tagged, ...[route.onSend ?? []].flat()]
      // Fastify's own limit makes a timer and a signal for every request, also where the answer lies ready.
      if (keeping !== 'kept') return void (route.handlerTimeout ??= answerSeconds * 1_000)
      route.config = { ...route.config, isKept: true }
      const { handler } = route
      route.handler = async function (request, reply) {
        const make = (): Promise<Page | null> => pageOf(handler.bind(this), request, reply)
        const page = await within(answerSeconds * 1_000, route.url, pageFor(keyOf(request), request, make))
        return page ? send(page, request, reply) : reply
      }
    })
  },
  { name: 'rendered', dependencies: ['route', 'access', 'identities'] },
)

function keepingOf({ method, url, schema }: RouteOptions): Keeping {
  if (![method].flat().every((each) => each === 'GET' || each === 'HEAD')) return 'anew'
  const keeping = KEEPING[`GET ${url}`] ?? 'anew'
  if (keeping === 'kept' && JSON.stringify(schema?.response ?? {}).includes('"patient_id"'))
    throw new Error(`api/keeping.ts keeps ${url}, which shows persons: every look at a person is made and recorded`)
  return keeping
}

/** Whose page of what: no part of it may be left out, or one reader gets another's. */
function keyOf(request: FastifyRequest): string {
  const { regionId, role, subject } = readerOf(request)
  // With its length before it, a subject cannot be taken for what follows.
  return `${regionId} ${role} ${subject.length} ${subject} ${request.url} ${request.headers.accept ?? ''}`
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  'content-length' in headers || 'transfer-encoding' in headers || 'content-type' in headers

/** What the handler answers, as bytes; null where it has sent something itself, or not a 200. */
async function pageOf(handler: OmitThisParameter<RouteHandlerMethod>, request: FastifyRequest, reply: FastifyReply) {
  const before = reply.getHeaders()
  const answer: unknown = await handler(request, reply)
  if (reply.sent || reply.statusCode !== 200) return null
  const bytes = bytesOf(answer, reply)
  const said = Object.entries(reply.getHeaders()).filter(([name]) => !(name in before))
  const etag = tagOf(bytes)
  const headers = {
    ...Object.fromEntries(said.map(([name, value]) => [name, String(value)])),
    ...forReader(etag),
    ...headersOf(request.url, String(reply.getHeader('content-type'))),
  }
  const length = { 'content-length': String(bytes.length) }
  return { bytes, etag, headers, head: [linesOf(headers), linesOf({ ...headers, ...length })] as const }
}

/** Headers as Node.js writes them without looking at each again. */
const linesOf = (headers: Readonly<Record<string, string>>): readonly string[] => Object.entries(headers).flat()

/** @throws the error that Fastify gives a handler that takes longer */
async function within<T>(ms: number, url: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new errorCodes.FST_ERR_HANDLER_TIMEOUT(String(ms), url)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function bytesOf(answer: unknown, reply: FastifyReply): Buffer {
  if (Buffer.isBuffer(answer)) return answer
  if (typeof answer === 'string') return Buffer.from(answer)
  if (!reply.hasHeader('content-type')) reply.type('application/json; charset=utf-8')
  // of the types that it may have, Fastify's own serialisers make text
  return Buffer.from(reply.serialize(answer) as string)
}

/** Past Fastify's own reply, whose checks of every header cost as much as all else; what comes after an answer (log, figures, audit) runs. */
function sendKept(page: Page, request: FastifyRequest, reply: FastifyReply): void {
  request.keptPage = page
  const isKnown = isNamedBy(request.headers['if-none-match'], page.etag)
  reply.hijack()
  reply.raw.writeHead(isKnown ? 304 : 200, page.head[isKnown ? 0 : 1] as string[])
  if (isKnown || request.method === 'HEAD') reply.raw.end()
  else reply.raw.end(page.bytes)
}

function send({ bytes, etag, headers }: Page, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  void reply.headers(headers)
  return isNamedBy(request.headers['if-none-match'], etag) ? reply.code(304).send() : reply.send(bytes)
}

/** Tags what was made anew; whoever has the same already is told so. */
const tagged: onSendAsyncHookHandler = async (request, reply, payload) => {
  if (reply.statusCode !== 200 || typeof payload !== 'string') return payload
  const etag = tagOf(Buffer.from(payload))
  void reply.headers(forReader(etag))
  if (!isNamedBy(request.headers['if-none-match'], etag)) return payload
  void reply.code(304).removeHeader('content-length')
  return null
}

/** The reader may keep it too, if it asks each time whether it still holds; nobody in between may. */
const forReader = (etag: string) => ({
  etag,
  'cache-control': 'private, no-cache',
  vary: 'authorization, cookie, accept',
})
