/** The language of a page: as its address asks, else as was asked before, else Dutch. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Lang } from '../report/words/format.ts'

const COOKIE = 'winst_lang'
const isLang = (text: unknown): text is Lang => text === 'nl' || text === 'en'

/** What the address itself asks for, if it does. */
const asked = ({ query }: FastifyRequest): Lang | null => {
  const { lang } = (query ?? {}) as { readonly lang?: unknown }
  return isLang(lang) ? lang : null
}

export const langOf = (request: FastifyRequest): Lang =>
  asked(request) ?? (/(?:^|;\s*)winst_lang=en(?:;|$)/.test(request.headers.cookie ?? '') ? 'en' : 'nl')

/** Remembers for the next page what this one's address asked for. */
export async function rememberLang(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const lang = asked(request)
  if (lang) void reply.header('set-cookie', `${COOKIE}=${lang}; HttpOnly; SameSite=Lax; Path=/; Max-Age=31536000`)
}
