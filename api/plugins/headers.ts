/** Security headers on every answer, in one hook: those of helmet, which itself would cost a third of the requests a second. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

/** JSON needs nothing; a statement, one file, styles itself; a page has scripts, styles and forms of this service alone; the documentation its own. */
const POLICIES = {
  nothing: "default-src 'none'; frame-ancestors 'none'",
  statement: "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
  page: "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
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
const [STATEMENT, PAGE, DOCS] = [all(POLICIES.statement), all(POLICIES.page), all(POLICIES.docs)]
/** The headers of an answer that is no page. */
export const NOTHING_ELSE = all(POLICIES.nothing)

/** The security headers of an answer at an address, by the type of its content. */
export function headersOf(url: string, contentType: string): Readonly<Record<string, string>> {
  if (url.startsWith('/docs')) return DOCS
  if (!contentType.startsWith('text/html')) return NOTHING_ELSE
  return url.startsWith('/v1/') ? STATEMENT : PAGE
}

export const headers = fp(
  async (app: FastifyInstance) => {
    app.addHook('onSend', async (request, reply) => {
      reply.headers(headersOf(request.url, String(reply.getHeader('content-type') ?? '')))
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    })
  },
  { name: 'headers' },
)
