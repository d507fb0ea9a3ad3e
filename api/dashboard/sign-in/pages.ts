/** Signing in with a key, and signing out. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { identityOf } from '../../../data/access/keys.ts'
import { COOKIE } from '../../plugins/access.ts'
import { markup } from '../../report/elements/html.ts'
import type { Lang } from '../../report/words/format.ts'
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
export function signInPage(lang: Lang, next: string, fault: string | null = null): View {
  const words = signInWords[lang]
  return {
    title: words.title,
    status: fault === null ? 200 : 401,
    body: markup`<p>${words.lead}</p>
${fault === null ? null : notice('fault', fault)}
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
    sendPage(request, reply, signInPage(langOf(request), onwards(request.query.next))),
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
      const lang = langOf(request)
      return sendPage(request, reply, signInPage(lang, onwards(next), signInWords[lang].unknownToken))
    },
  )
  app.post('/sign-out', { schema: { hide: true } }, async (request, reply) =>
    reply.header('set-cookie', cookie('', request.protocol === 'https', '; Max-Age=0')).redirect('/', 303),
  )
}
