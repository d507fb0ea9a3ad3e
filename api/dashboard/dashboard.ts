/** The dashboard: pages made here out of what the public API answers their reader, and the islands in them. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { SignInClient } from '../identity/sign-in-client.ts'
import { assetRoutes } from './assets.ts'
import { sendFault } from './errors.ts'
import { rememberLang } from './lang.ts'
import { pages } from './pages/pages.ts'
import { linkRoutes } from './sign-in/links.ts'
import { providerRoutes } from './sign-in/provider.ts'
import { signInRoutes } from './sign-in/pages.ts'

const packed = promisify(gzip)
/** Shorter answers fit one packet anyway. */
const WORTH_PACKING = 1_400

export interface DashboardOptions {
  /** of the identity provider that people sign in at; left out: they come with keys and links */
  readonly signInClient?: SignInClient | null
}

export async function dashboard(app: FastifyInstance, { signInClient = null }: DashboardOptions): Promise<void> {
  app.decorate('signInClient', signInClient)
  app.setErrorHandler(sendFault)
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onSend', rememberLang)
  app.addHook('onSend', inPackets)
  for (const routes of [assetRoutes, signInRoutes, linkRoutes, providerRoutes, ...pages]) await app.register(routes)
}

/** Pages and assets go out compressed to whoever takes that. */
async function inPackets({ headers }: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
  const isText = typeof payload === 'string' || Buffer.isBuffer(payload)
  if (!isText || payload.length < WORTH_PACKING || !/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return payload
  if (!String(reply.getHeader('content-type')).startsWith('text/')) return payload
  void reply.header('content-encoding', 'gzip').header('vary', 'accept-encoding, cookie').removeHeader('content-length')
  return await packed(payload)
}
