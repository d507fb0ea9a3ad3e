/** A client of the API: typed by its own description, sends again what may be sent again, walks pages and waits for jobs. */
import type { components, paths } from './schema.ts'

export type Problem = components['schemas']['Problem']
type Method = 'get' | 'post'

/** The addresses that have a method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: { responses: unknown } } ? P : never
}[keyof paths]

type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P] ? NonNullable<paths[P][M]> : never
type Parameters<O> = O extends { parameters: infer Given } ? Given : never
type PartOf<O, Part extends string> = Part extends keyof Parameters<O> ? NonNullable<Parameters<O>[Part]> : never
type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : never
/** What a POST of the operation has for a body; never: none. */
type BodyOf<O> = O extends { requestBody: { content: { 'application/json': infer Body } } } ? Body : never
/** What the operation answers when it succeeds. */
export type AnswerOf<P extends keyof paths, M extends Method> =
  Operation<P, M> extends { responses: infer Responses }
    ? { [S in keyof Responses]: S extends 200 | 201 | 202 ? JsonOf<Responses[S]> : never }[keyof Responses]
    : never

/** Asked for only where the operation has it. */
type Wanted<Name extends string, Value> = [Value] extends [never]
  ? { readonly [N in Name]?: undefined }
  : object extends Value
    ? { readonly [N in Name]?: Value }
    : { readonly [N in Name]: Value }
export type RequestOf<P extends keyof paths, M extends Method> = Wanted<'path', PartOf<Operation<P, M>, 'path'>> &
  Wanted<'query', PartOf<Operation<P, M>, 'query'>> &
  Wanted<'body', BodyOf<Operation<P, M>>> & {
    /** of a POST, where the same act is to be sent by another process too; left out: a new one */
    readonly key?: string
  }

/** A refusal of the API, with its code and sentence. */
export class ApiProblem extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`)
    this.problem = problem
  }
}

export interface ClientOptions {
  /** as `https://winst.example.nl` */
  readonly baseUrl: string
  readonly token: string
  /** how often a request is sent, at most */
  readonly attempts?: number
  /** milliseconds before it is sent again, where the answer does not say */
  readonly pauseMs?: number
  /** what sends a request; left out: the runtime's own */
  readonly fetch?: (url: URL, init: RequestInit) => Promise<Response>
}

interface Sent {
  readonly path?: unknown
  readonly query?: unknown
  readonly body?: unknown
  readonly key?: string | undefined
}

export interface Client {
  /** @throws ApiProblem */
  get<P extends PathOf<'get'>>(path: P, request: RequestOf<P, 'get'>): Promise<AnswerOf<P, 'get'>>
  /** Done once, however often the network makes it be sent.
   *  @throws ApiProblem */
  post<P extends PathOf<'post'>>(path: P, request: RequestOf<P, 'post'>): Promise<AnswerOf<P, 'post'>>
  /** What is no JSON: CSV, HTML. */
  text<P extends PathOf<'get'>>(path: P, request: RequestOf<P, 'get'>): Promise<string>
  /** What is no text: Parquet, Arrow. */
  bytes<P extends PathOf<'get'>>(path: P, request: RequestOf<P, 'get'>): Promise<Uint8Array>
  /** The items of a list, page after page. */
  items<P extends PathOf<'get'>>(path: P, request: RequestOf<P, 'get'>): AsyncGenerator<ItemOf<AnswerOf<P, 'get'>>>
  /** A job once it is over, whatever became of it. */
  finished(jobId: string, everyMs?: number): Promise<AnswerOf<'/v1/jobs/{job}', 'get'>>
}
/** What a list is of. */
export type ItemOf<Answer> = Answer extends { items: (infer Item)[] } ? Item : never

/** Opens a client; nothing is sent before it is asked something. */
export function openClient({
  baseUrl,
  token,
  attempts = 5,
  pauseMs = 500,
  fetch = globalThis.fetch,
}: ClientOptions): Client {
  async function send(method: Method, path: string, sent: Sent): Promise<Response> {
    const url = new URL(filled(path, sent.path), baseUrl)
    for (const [name, value] of Object.entries(
      (sent.query ?? {}) as Record<string, string | number | boolean | undefined>,
    ))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const headers: Record<string, string> = { authorization: `Bearer ${token}` }
    if (method === 'post') headers['idempotency-key'] = sent.key ?? crypto.randomUUID()
    if (sent.body !== undefined) headers['content-type'] = 'application/json'
    const init = { method, headers, ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }) }
    for (let attempt = 1; ; attempt++) {
      const answer = await fetch(url, init).catch((error: unknown) => {
        if (attempt >= attempts) throw error
        return null
      })
      if (answer?.ok) return answer
      const problem = answer && ((await answer.json()) as Problem)
      if (problem && (attempt >= attempts || !mayGoOn(problem))) throw new ApiProblem(problem)
      await pause(Number(answer?.headers.get('retry-after')) * 1_000 || pauseMs * attempt)
    }
  }
  const get = async (path: string, sent: Sent) => (await send('get', path, sent)).json() as never
  return {
    get,
    post: async (path, sent) => (await send('post', path, sent)).json() as never,
    text: async (path, sent) => (await send('get', path, sent)).text(),
    bytes: async (path, sent) => new Uint8Array(await (await send('get', path, sent)).arrayBuffer()),
    async *items(path, { query, ...rest }) {
      let cursor: string | null = null
      do {
        const asked: object = cursor === null ? { ...query } : { ...query, cursor }
        const page: { items: never[]; next: string | null } = await get(path, { ...rest, query: asked })
        yield* page.items
        cursor = page.next
      } while (cursor !== null)
    },
    async finished(job, everyMs = 1_000) {
      for (;;) {
        const view: AnswerOf<'/v1/jobs/{job}', 'get'> = await get('/v1/jobs/{job}', { path: { job } })
        if (view.state !== 'waiting' && view.state !== 'running') return view
        await pause(everyMs)
      }
    },
  }
}

/** What another time may succeed, and was not done yet or is done once. */
const mayGoOn = ({ status, code }: Problem): boolean =>
  status === 429 || status === 503 || code === 'request_in_progress'

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const filled = (path: string, values: unknown): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((values as Record<string, string | number> | undefined)?.[name])),
  )
