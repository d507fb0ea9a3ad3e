/** Signing in at the organisation's identity provider: there, and back with the very token that the API takes. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../../../engine/kernel/refusal.ts'
import type { Going, SignInClient } from '../../identity/sign-in-client.ts'
import { sendPage } from '../define.ts'
import { langOf } from '../lang.ts'
import { signInWords } from '../words/sign-in.ts'
import { cookie, onwards, signInPage } from './pages.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** of the identity provider that people sign in at; null: they come with keys and links */
    signInClient: SignInClient | null
  }
}

const GOING = 'winst_sign_in'
/** What a browser keeps of a cookie, less its name and attributes. */
const MOST_BYTES = 3_900
const Short = Type.Optional(Type.String({ maxLength: 2_000 }))

const goingCookie = (value: string, { protocol }: FastifyRequest, seconds: number): string =>
  `${GOING}=${value}; HttpOnly; SameSite=Lax; Path=/sign-in; Max-Age=${seconds}${protocol === 'https' ? '; Secure' : ''}`

/** What was kept when somebody went to the provider, if it was here that it began. */
function goingOf({ headers }: FastifyRequest): (Going & { readonly next: string }) | null {
  const kept = new RegExp(`(?:^|;\\s*)${GOING}=([\\w-]+)`).exec(headers.cookie ?? '')?.[1]
  if (kept === undefined) return null
  try {
    return JSON.parse(Buffer.from(kept, 'base64url').toString()) as Going & { readonly next: string }
  } catch {
    return null // of another hand: as good as none
  }
}

const Came = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 8_000 })),
  state: Short,
  iss: Short,
  session_state: Short,
  scope: Short,
  error: Short,
  error_description: Short,
  error_uri: Short,
})

export const providerRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get(
    '/sign-in/provider',
    { schema: { hide: true, querystring: Type.Object({ next: Short }) } },
    async (request, reply) => {
      const { url, going } = await clientOf(app.signInClient).begin()
      const kept = JSON.stringify({ ...going, next: onwards(request.query.next) })
      return reply
        .header('set-cookie', goingCookie(Buffer.from(kept).toString('base64url'), request, 600))
        .redirect(url, 303)
    },
  )

  app.get(
    '/sign-in/callback',
    { config: { signIn: true }, schema: { hide: true, querystring: Came } },
    async (request, reply) => {
      const client = clientOf(app.signInClient)
      const going = goingOf(request)
      void reply.header('set-cookie', goingCookie('', request, 0))
      const words = signInWords[langOf(request)]
      if (going === null || request.query.error !== undefined)
        return await sendBack(request, reply, words.notLetIn, going?.next)
      const search = request.url.slice(request.url.indexOf('?'))
      // A code is worth a token until it is used: it is not written down with who signed in.
      request.query = {}
      const token = await client.finish(search, going).catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'not_authenticated') return null
        throw error
      })
      if (token === null) return await sendBack(request, reply, words.notLetIn, going.next)
      if (token.length > MOST_BYTES) return await sendBack(request, reply, words.tooLong, going.next)
      request.reader = await app.identify(request, token)
      return reply.header('set-cookie', cookie(token, request.protocol === 'https')).redirect(onwards(going.next), 303)
    },
  )
}

function clientOf(client: SignInClient | null): SignInClient {
  if (client) return client
  throw new Refusal('not_found', 'No identity provider is set up to sign in at; use a key or a link.')
}

const sendBack = (request: FastifyRequest, reply: FastifyReply, fault: string, next: unknown) =>
  sendPage(request, reply, signInPage(request, onwards(next), fault))
