/** Signing in with a key, and signing out. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { identityOf } from '../../../data/access/keys.ts'
import { COOKIE } from '../../plugins/access.ts'
import { markup } from '../../report/elements/html.ts'
import { sendPage } from '../define.ts'
import { notice } from '../elements/notice.ts'
import type { View } from '../frame.ts'
import { langOf } from '../lang.ts'
import { signInWords } from '../words/sign-in.ts'

/** Not for scripts, and for forms of this service alone; a link from elsewhere may bring a reader here signed in. */
export const cookie = (value: string, isSecure: boolean, more = ''): string =>
  `${COOKIE}=${value}; HttpOnly; SameSite=Lax; Path=/${isSecure ? '; Secure' : ''}${more}`

/** An address of this service to go on to: no other, whatever a link says. */
export const onwards = (next: unknown): string =>
  typeof next === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(next) ? next : '/'

/** @param fault why the reader is here again */
export function signInPage(request: FastifyRequest, next: string, fault: string | null = null): View {
  const words = signInWords[langOf(request)]
  const provider = request.server.signInClient
    ? markup`<p><a class="act" href="/sign-in/provider?next=${encodeURIComponent(next)}">${words.atProvider}</a></p>
<p class="soft">${words.orKey}</p>`
    : null
  return {
    title: words.title,
    status: fault === null ? 200 : 401,
    body: markup`<p>${words.lead}</p>
${fault === null ? null : notice('fault', fault)}
${provider}
<form method="post" action="/sign-in" class="narrow-form">
<input type="hidden" name="next" value="${next}">
<label for="token">${words.token}</label>
<input id="token" name="token" type="password" required autocomplete="off" spellcheck="false">
<button>${words.signIn}</button>
</form>
<p class="soft">${words.where}</p>`,
  }
}

const Form = Type.Object({
  token: Type.String({ pattern: '^[\\x21-\\x3a\\x3c-\\x7e]*$', maxLength: 8_000 }),
  next: Type.Optional(Type.String({ maxLength: 2_000 })),
})
const Where = Type.Object({
  next: Type.Optional(Type.String({ maxLength: 2_000 })),
  lang: Type.Optional(Type.String({ maxLength: 2 })),
})

export const signInRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/sign-in', { schema: { hide: true, querystring: Where } }, async (request, reply) =>
    sendPage(request, reply, signInPage(request, onwards(request.query.next))),
  )
  app.post(
    '/sign-in',
    { config: { signIn: true }, schema: { hide: true, body: Form }, attachValidation: true },
    async (request, reply) => {
      const { next } = request.body
      const token = request.validationError ? '' : request.body.token
      request.reader = await identityOf(app.sharedStore, token)
      if (request.reader)
        return reply.header('set-cookie', cookie(token, request.protocol === 'https')).redirect(onwards(next), 303)
      return sendPage(request, reply, signInPage(request, onwards(next), signInWords[langOf(request)].unknownToken))
    },
  )
  app.post('/sign-out', { schema: { hide: true } }, async (request, reply) =>
    reply.header('set-cookie', cookie('', request.protocol === 'https', '; Max-Age=0')).redirect('/', 303),
  )
}
