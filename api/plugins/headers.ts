/** Security headers on every answer, in one hook. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** JSON needs nothing; a page may style itself and post its own form; the documentation needs its own scripts. */
const POLICIES = {
  nothing: "default-src 'none'; frame-ancestors 'none'",
  page: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  docs: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
} as const

export const headers = fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply) => {
      const isPage = String(reply.getHeader('content-type') ?? '').startsWith('text/html')
      const policy = request.url.startsWith('/docs') ? POLICIES.docs : isPage ? POLICIES.page : POLICIES.nothing
      reply.headers({
        'content-security-policy': policy,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
      })
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })
  },
  { name: 'headers' },
)
