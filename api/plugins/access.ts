/** Who asks, and whether the role may: a bearer token, known to the store by its hash only. */
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Identity } from '../../data/access/keys.ts'
import { asIdentity, asReader } from '../../data/access/request-store.ts'
import type { Store } from '../../data/postgres/database.ts'
import { DEVELOPMENT_RIGHTS, RIGHTS, type Right } from '../rights.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** who asks; on a public route nobody */
    reader: Identity | null
    /** the store as whoever asks may use it, while the handler runs: one transaction, under row-level security */
    store: Store
  }
  interface FastifyContextConfig {
    /** who may ask, out of api/rights.ts */
    right?: Right
    /** a page for people: the token may also come in the cookie that signing in sets */
    page?: boolean
    /** shows nothing but what it asks of the API, in the reader's name */
    asks?: boolean
    /** lets somebody in */
    signIn?: boolean
    /** the handler reads nothing itself: a thread does, as whoever asks, and no connection is held for it meanwhile */
    inThread?: boolean
  }
}

export const COOKIE = 'winst_token'

/** The token in `Authorization: Bearer …`, or null. */
const bearerOf = (request: FastifyRequest): string | null =>
  /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null

/** The token in the cookie, or null. What changes something must come from a page of this very service: a form of another site that the browser
 *  sends the cookie with says so in a header that no script can set. */
function cookieOf(request: FastifyRequest): string | null {
  if (request.method !== 'GET' && request.method !== 'HEAD' && !isFromHere(request)) return null
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\x21-\\x3a\\x3c-\\x7e]+)`).exec(request.headers.cookie ?? '')?.[1] ?? null
}

/** By `Sec-Fetch-Site`, which every browser sends over https and to this machine; else by `Origin`. */
function isFromHere({ headers }: FastifyRequest): boolean {
  const { 'sec-fetch-site': site, origin, host } = headers
  if (site !== undefined) return site === 'same-origin'
  return typeof origin === 'string' && URL.canParse(origin) && new URL(origin).host === host
}

/** What the request shows to be let in with: a bearer token, on a page also the one in its cookie. */
export const tokenOf = (request: FastifyRequest): string | null =>
  bearerOf(request) ?? (request.route.page ? cookieOf(request) : null)

/** The reader of this request, refused on anything but a public route.
 *  @throws Refusal `not_authenticated`, `not_allowed` */
export function readerOf(request: FastifyRequest): Identity {
  if (!request.reader)
    throw new Refusal('not_authenticated', 'Send Authorization: Bearer TOKEN with a token that was issued to you.')
  return request.reader
}

/** Makes the handler run in a transaction of its own, as whoever asks: what it forgets to refuse, the database refuses. */
function underIdentity(route: RouteOptions): void {
  const { handler } = route
  route.handler = async function (request, reply) {
    if (!request.reader) return await handler.call(this, request, reply)
    const answer = async (store: Store): Promise<unknown> => {
      request.store = store
      return await handler.call(this, request, reply)
    }
    const reads = request.method === 'GET' || request.method === 'HEAD'
    return await (reads ? asReader : asIdentity)(this.sharedStore, request.reader, answer)
  }
}

export interface AccessOptions {
  /** other rights than those of the product: for tests of what the database refuses where a route does not */
  readonly rights?: Readonly<Record<string, Right>>
}

export const access = fp(
  async (app: FastifyInstance, { rights = RIGHTS }: AccessOptions) => {
    app.decorateRequest('reader', null)
    app.decorateRequest('store')
    app.addHook('onRoute', (route) => {
      // The documentation brings routes of its own; it holds nothing that the source does not. HEAD goes as its GET.
      const method = [route.method].flat()[0] === 'HEAD' ? 'GET' : [route.method].flat()[0]
      const right = route.url.startsWith('/docs')
        ? 'public'
        : (rights[`${method} ${route.url}`] ?? DEVELOPMENT_RIGHTS[`${method} ${route.url}`])
      if (right === undefined) throw new Error(`api/rights.ts does not say who may ask ${method} ${route.url}`)
      route.config = { ...route.config, right }
      if (right === 'public' && !route.config.page) return
      if (right !== 'public') route.schema = { security: [{ token: [] }], ...route.schema }
      if (!route.config.inThread) underIdentity(route)
    })
    app.addHook('onRequest', async (request) => {
      const { right = {}, page = false } = request.route
      if (right === 'public' && !page) return
      const token = tokenOf(request)
      if (token !== null) request.reader = await app.identify(request, token)
      if (right === 'public' || request.is404) return
      refuseOthers(readerOf(request), right, request.method)
    })
  },
  { name: 'access', dependencies: ['connections', 'route', 'identities'] },
)

/** @throws Refusal `not_allowed`, `read_only_key` */
function refuseOthers({ role, scope }: Identity, right: Exclude<Right, 'public'>, method: string): void {
  if (!(role in right))
    throw new Refusal('not_allowed', `The role ${role} may not ask this; it is for ${Object.keys(right).join(', ')}.`)
  if (scope === 'read' && method !== 'GET' && method !== 'HEAD')
    throw new Refusal('read_only_key', 'This key was issued for reading; what is done needs one that may act.')
}
