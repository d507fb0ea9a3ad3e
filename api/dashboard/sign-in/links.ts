/** Signing in by a link that works once. Opening it does nothing: programs that read mail open links too. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { identityOf } from '../../../data/access/keys.ts'
import { useLink } from '../../../data/access/links.ts'
import { markup } from '../../report/elements/html.ts'
import type { Lang } from '../../report/words/format.ts'
import { sendPage } from '../define.ts'
import { notice } from '../elements/notice.ts'
import type { View } from '../frame.ts'
import { langOf } from '../lang.ts'
import { signInWords } from '../words/sign-in.ts'
import { cookie } from './pages.ts'

const Code = Type.Object({ code: Type.String({ minLength: 1, maxLength: 100 }) })
const Lang2 = Type.Object({ lang: Type.Optional(Type.String({ maxLength: 2 })) })

const linkPage = (lang: Lang, code: string): View => ({
  title: signInWords[lang].title,
  body: markup`<p>${signInWords[lang].linkLead}</p>
<form method="post" action="/sign-in/link" class="narrow-form"><input type="hidden" name="code" value="${code}">
<button>${signInWords[lang].signIn}</button></form>`,
})

const usedPage = (lang: Lang): View => ({
  title: signInWords[lang].title,
  status: 410,
  body: markup`${notice('fault', signInWords[lang].linkOver)}<p><a href="/sign-in">${signInWords[lang].withKey}</a></p>`,
})

export const linkRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.get('/sign-in/link/:code', { schema: { hide: true, params: Code, querystring: Lang2 } }, async (request, reply) =>
    sendPage(request, reply, linkPage(langOf(request), request.params.code)),
  )
  // The code comes in the body: what an address holds may be written down on its way.
  app.post(
    '/sign-in/link',
    { config: { signIn: true }, schema: { hide: true, body: Code } },
    async (request, reply) => {
      const token = await useLink(app.sharedStore, request.body.code)
      if (token === null) return await sendPage(request, reply, usedPage(langOf(request)))
      request.reader = await identityOf(app.sharedStore, token)
      return reply.header('set-cookie', cookie(token, request.protocol === 'https')).redirect('/', 303)
    },
  )
}
