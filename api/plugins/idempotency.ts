/** `Idempotency-Key` on every POST: a request that is sent again is done once, and answered as it was the first time. */
import { createHash, randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Type } from 'typebox'
import { beginKeyed, forgetKeyed, keepAnswer, type Answer } from '../../data/access/idempotency.ts'
import type { KeyedRequest } from '../../data/access/keyed-request.ts'
import type { Identity } from '../../data/access/keys.ts'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** the request under its key, while it is at work */
    keyed: (KeyedRequest & { readonly reader: Identity }) | null
  }
  interface FastifyContextConfig {
    /** its answer holds a secret, which is not kept: sent again, the request is told so */
    secretAnswer?: boolean
  }
}

const Key = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[!-~]{1,200}$',
      description:
        'Of your choice, new for everything that you want done. Sent again within 24 hours with the same body it is done once, and answered as it was the first time, with `Idempotency-Replayed: true`.',
    }),
  ),
})

export const idempotency = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('keyed', null)
    app.addHook('onRoute', (route) => {
      if ([route.method].flat()[0] !== 'POST' || route.config?.right === 'public') return
      route.schema = { headers: Key, ...route.schema }
    })
    app.addHook('preHandler', begin)
    app.addHook('onSend', async (request, reply, payload) => {
      const { keyed } = request
      if (!keyed) return
      request.keyed = null
      const { reader, ...asked } = keyed
      if (reply.statusCode >= 400) await forgetKeyed(app.sharedStore, reader, asked)
      else await keepAnswer(app.sharedStore, reader, asked, answerOf(request, reply, payload))
    })
  },
  { name: 'idempotency', dependencies: ['access'] },
)

/** Begins the request under its key, answers it with what is kept, or refuses it. */
async function begin(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { reader, server } = request
  const key = request.headers['idempotency-key']
  if (request.method !== 'POST' || !reader || typeof key !== 'string') return
  const asked: KeyedRequest = { key, requestSha256: hashOf(request), attempt: randomUUID() }
  const begun = await beginKeyed(server.sharedStore, reader, asked)
  if (begun.state === 'ours') {
    request.keyed = { ...asked, reader }
    request.reader = { ...reader, request: { key, attempt: asked.attempt } }
    return
  }
  if (begun.state === 'answered') return replay(reply, begun.answer)
  if (begun.state === 'in_progress') void reply.header('retry-after', Math.min(begun.seconds, 2))
  throw REFUSALS[begun.state]()
}

const REFUSALS = {
  in_progress: () =>
    new Refusal('request_in_progress', 'A request with this Idempotency-Key is at work; send it again in a moment.'),
  unanswered: () =>
    new Refusal(
      'answer_lost',
      'This request was carried out before, and what it was answered is lost; read what it is about, and do not send it again.',
    ),
  other_request: () =>
    new Refusal(
      'key_of_another_request',
      'This Idempotency-Key came with another address or body; take a new key for everything that you want done.',
    ),
}

function replay(reply: FastifyReply, { status, headers, body }: Answer): FastifyReply {
  if (!body)
    throw new Refusal(
      'answer_lost',
      'This request was carried out before; its answer held a secret and was not kept. Withdraw what it made, and ask anew with another key.',
    )
  return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(body)
}

/** Of the answer what a client goes by. */
function answerOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): Answer {
  const names = ['content-type', 'location'].filter((name) => reply.hasHeader(name))
  const headers = Object.fromEntries(names.map((name) => [name, String(reply.getHeader(name))]))
  const text = typeof payload === 'string' || payload instanceof Uint8Array ? Buffer.from(payload) : Buffer.alloc(0)
  return { status: reply.statusCode, headers, body: request.routeOptions.config.secretAnswer ? null : text }
}

/** Method, address and body. A body that is read as a stream has its length stand for it. */
function hashOf({ method, url, body, headers }: FastifyRequest): string {
  const said = body === undefined || body === null ? (headers['content-length'] ?? '') : body
  const hash = createHash('sha256').update(`${method} ${url}\n`)
  return hash.update(typeof said === 'string' ? said : canonicalJson(said)).digest('hex')
}
