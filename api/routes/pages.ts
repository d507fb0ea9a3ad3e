/** HTML pages: the settlements that a token may see, and the form for the token. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { readRegions } from '../../data/region/regions.ts'
import { identityOf } from '../../data/access/keys.ts'
import { loginPage, settlementsPage } from '../report/first-page.ts'
import { COOKIE } from '../plugins/access.ts'
import { listSettlementAmounts } from '../views/settlement-view.ts'

/** HttpOnly, same-site, for the session only. */
const cookie = (value: string, more = ''): string => `${COOKIE}=${value}; HttpOnly; SameSite=Strict; Path=/${more}`

const sendPage = (reply: FastifyReply, page: string, status = 200): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(page)

const hidden = { hide: true } as const

export const pageRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )

  app.get('/', { config: { page: true }, schema: hidden }, async (request, reply) => {
    const { reader } = request
    if (!reader) return sendPage(reply, loginPage())
    const names = new Map((await readRegions(request.store)).map(({ regionId, name }) => [regionId, name]))
    const lines = (await listSettlementAmounts(request.store, reader)).map(({ stored, cents }) => ({
      settlement_id: stored.settlementId,
      contract: stored.contractId,
      region: names.get(stored.regionId) ?? '',
      as_of: stored.asOf,
      status: stored.status,
      cents,
    }))
    return sendPage(reply, settlementsPage(reader, lines))
  })

  const Form = Type.Object({ token: Type.String({ pattern: '^[\\x21-\\x3a\\x3c-\\x7e]*$', maxLength: 200 }) })
  app.post('/login', { schema: { ...hidden, body: Form }, attachValidation: true }, async (request, reply) => {
    const token = request.validationError ? '' : request.body.token
    request.reader = await identityOf(app.sharedStore, token)
    if (request.reader === null) return sendPage(reply, loginPage('Dit token is niet bekend.'), 401)
    return reply.header('set-cookie', cookie(token)).redirect('/', 303)
  })

  app.post('/logout', { schema: hidden }, async (_request, reply) =>
    reply.header('set-cookie', cookie('', '; Max-Age=0')).redirect('/', 303),
  )
}
