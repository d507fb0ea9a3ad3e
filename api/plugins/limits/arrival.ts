/** How a request arrives: within which time and size, and what is answered where HTTP itself was not kept to. */
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { RefusalCode } from '../../../engine/kernel/refusal-codes.ts'
import { problemFor } from '../errors.ts'
import { NOTHING_ELSE } from '../headers.ts'

/** A request arrives whole within five minutes, for deliveries; its headers within ten seconds. */
export const ARRIVAL = {
  requestTimeout: 300_000,
  http: { headersTimeout: 10_000, requireHostHeader: false },
  clientErrorHandler: (error: Error & { readonly code?: string }, socket: Duplex): void =>
    answer(socket, unreadOf(error)),
} as const

const SENTENCES: Readonly<Record<string, readonly [RefusalCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['headers_too_large', 'The headers of the request are longer than 16 kB; send fewer.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request_too_slow', 'The request did not arrive whole in time; send it again.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['body_too_large', 'The chunks of the body have longer extensions than are read.'],
}

function unreadOf({ code = '' }: { readonly code?: string }): Refusal {
  const [refused, sentence] = SENTENCES[code] ?? ['invalid_request', 'What was sent is not a request of HTTP/1.1.']
  return new Refusal(refused, sentence)
}

/** A problem on a bare socket, which is then closed: what follows on it cannot be told from what came before. */
function answer(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return void socket.destroy()
  const { status, ...rest } = problemFor(refusal, '')
  const body = JSON.stringify({ ...rest, status })
  const headers = {
    ...NOTHING_ELSE,
    'cache-control': 'no-store',
    connection: 'close',
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`)
}

/** What Node.js would answer by itself, or not at all: an expectation that nobody meets, and a tunnel. */
export const arrival = fp(
  async (app: FastifyInstance) => {
    app.server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
      if (response.socket)
        answer(
          response.socket,
          new Refusal('invalid_request', 'The request expects what no service here does; leave Expect out.'),
        )
      request.resume()
    })
    app.server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
      answer(
        socket,
        new Refusal('method_not_allowed', 'There is no tunnel here: CONNECT is not asked of this service.'),
      ),
    )
  },
  { name: 'arrival' },
)
