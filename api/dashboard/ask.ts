/** What a page shows is asked of the public API, in this process and in the reader's own name: a page holds nothing that the API would not answer. */
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  ApiProblem,
  openClient,
  type AnswerOf,
  type Client,
  type ItemOf,
  type PathOf,
  type Problem,
  type RequestOf,
} from '../../client/client.ts'
import { tokenOf } from '../plugins/access.ts'

export type { AnswerOf } from '../../client/client.ts'
export { ApiProblem } from '../../client/client.ts'
export interface Ask extends Client {
  /** All items of a list, however many pages they are.
   *  @throws ApiProblem */
  readonly all: <P extends PathOf<'get'>>(
    path: P,
    request: RequestOf<P, 'get'>,
  ) => Promise<ItemOf<AnswerOf<P, 'get'>>[]>
  /** Hands in a contract as it is written, so that its faults are told by their lines.
   *  @throws ApiProblem */
  readonly handInContract: (yaml: string, key: string) => Promise<AnswerOf<'/v1/contracts', 'post'>>
}

/** Items that one answer of the API holds, at most. */
const PAGE = 200

/** The typed client of the API, whose requests go to this very app without a network: rights, limits, kept pages and audit log are those of
 *  any other request of the reader.
 *  @throws ApiProblem whatever the API refuses */
export function askFor(request: FastifyRequest): Ask {
  const { server, ip } = request
  const token = tokenOf(request) ?? ''
  const client = openClient({
    baseUrl: 'http://winst.local',
    token,
    attempts: 1,
    async fetch({ pathname, search }, { method = 'GET', headers, body }) {
      const answer = await server.inject({
        method: method.toUpperCase() as 'GET' | 'POST', // the client knows no other
        url: pathname + search,
        headers: headers as Record<string, string>, // the client writes them so
        ...(typeof body === 'string' ? { payload: body } : {}),
        remoteAddress: ip,
      })
      const said = new Headers()
      for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) said.set(name, String(value))
      const bytes = new Uint8Array(answer.rawPayload)
      return new Response(answer.statusCode === 304 ? null : bytes, { status: answer.statusCode, headers: said })
    },
  })
  return {
    ...client,
    async all(path, request) {
      const items: ItemOf<AnswerOf<typeof path, 'get'>>[] = []
      for await (const item of client.items(path, {
        ...request,
        query: { limit: PAGE, ...request.query },
      } as typeof request))
        items.push(item)
      return items
    },
    async handInContract(yaml, key) {
      const answer = await server.inject({
        method: 'POST',
        url: '/v1/contracts',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/yaml', 'idempotency-key': key },
        payload: yaml,
        remoteAddress: ip,
      })
      if (answer.statusCode >= 400) throw new ApiProblem(answer.json<Problem>())
      return answer.json<AnswerOf<'/v1/contracts', 'post'>>()
    },
  }
}

interface Passed {
  readonly method?: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** what comes in, read as fast as the API takes it */
  readonly body?: Readable
}

/** The same for what is a stream in or out, of which nothing is held: it ends when the reader goes away.
 *  @throws ApiProblem whatever the API refuses */
export async function passOn(
  request: FastifyRequest,
  reply: FastifyReply,
  { method = 'GET', url, headers, body }: Passed,
) {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  const answer = await request.server.inject({
    method,
    url,
    // Of a stream the length is not known: without this it would be taken for none.
    headers: {
      authorization: `Bearer ${tokenOf(request) ?? ''}`,
      ...(body ? { 'transfer-encoding': 'chunked' } : {}),
      ...headers,
    },
    ...(body ? { payload: body } : {}),
    remoteAddress: request.ip,
    payloadAsStream: true,
    signal: gone.signal,
  })
  if (answer.statusCode < 400) return answer
  const said = await text(answer.stream())
  throw new ApiProblem(JSON.parse(said) as Problem)
}
