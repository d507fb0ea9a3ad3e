/** Security headers on every answer, in one hook: those of helmet, which itself would cost a third of the requests a second. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** JSON needs nothing; a page may style itself and post its own form; the documentation needs its own scripts. */
const POLICIES = {
  nothing: "default-src 'none'; frame-ancestors 'none'",
  page: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  docs: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
} as const

/** Where helmet and we differ, ours is stricter: nothing may be framed, not even by ourselves. */
const FIXED = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0',
} as const

const all = (policy: string) => ({ 'content-security-policy': policy, ...FIXED })
const [PAGE, DOCS] = [all(POLICIES.page), all(POLICIES.docs)]
/** The headers of an answer that is no page. */
export const NOTHING_ELSE = all(POLICIES.nothing)

/** The security headers of an answer at an address, by the type of its content. */
export const headersOf = (url: string, contentType: string): Readonly<Record<string, string>> =>
  url.startsWith('/docs') ? DOCS : contentType.startsWith('text/html') ? PAGE : NOTHING_ELSE

export const headers = fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply) => {
      reply.headers(headersOf(request.url, String(reply.getHeader('content-type') ?? '')))
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })
  },
  { name: 'headers' },
)
