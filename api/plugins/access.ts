/** Authentication by bearer token, stored as a hash only, and authorisation by role. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { ownerOf, type Owner as Reader, type Role } from '../../data/postgres/tokens.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** the owner of the token; null on a public route */
    reader: Reader | null
  }
  interface FastifyContextConfig {
    /** every route declares its roles, or that it is public */
    access?: readonly Role[] | 'public'
    /** a page for people: the token may also come in the cookie that the first page sets */
    page?: boolean
  }
}

export const EVERYONE: readonly Role[] = ['analyst', 'insurer', 'partner', 'researcher']
export const COOKIE = 'winst_token'

/** The token in `Authorization: Bearer …`, or null. */
const bearerOf = (request: FastifyRequest): string | null =>
  /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null

/** The token in the first page's cookie, or null. */
const cookieOf = (request: FastifyRequest): string | null =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([\\x21-\\x3a\\x3c-\\x7e]+)`).exec(request.headers.cookie ?? '')?.[1] ?? null

/** The reader of this request, refused on anything but a public route.
 *  @throws Refusal `not_authenticated`, `not_allowed` */
export function readerOf(request: FastifyRequest): Reader {
  if (!request.reader)
    throw new Refusal('not_authenticated', 'Send Authorization: Bearer TOKEN with a token that was issued to you.')
  return request.reader
}

export const access = fp(
  async (app: FastifyInstance) => {
    app.decorateRequest('reader', null)
    app.addHook('onRoute', (route) => {
      // The routes of the documentation are public.
      if (route.url.startsWith('/docs')) route.config = { ...route.config, access: 'public' }
      if (route.config?.access === undefined) throw new Error(`Route ${route.url} does not say who may ask`)
      if (route.config.access !== 'public') route.schema = { security: [{ token: [] }], ...route.schema }
    })
    app.addHook('onRequest', async (request) => {
      const { access = [], page = false } = request.routeOptions.config
      if (access === 'public' && !page) return
      const token = bearerOf(request) ?? (page && request.method === 'GET' ? cookieOf(request) : null)
      if (token !== null) request.reader = await ownerOf(app.store, token)
      if (access === 'public' || request.is404) return
      const { role } = readerOf(request)
      if (!access.includes(role))
        throw new Refusal('not_allowed', `The role ${role} may not ask this; it is for ${access.join(', ')}.`)
    })
  },
  { name: 'access', dependencies: ['connections'] },
)
