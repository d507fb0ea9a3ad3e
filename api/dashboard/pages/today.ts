/** The first page: what the reader's role sees first; without a key, where to sign in. */
import type { FastifyInstance } from 'fastify'
import type { Role } from '../../../data/access/keys.ts'
import { sendPage, askedOf, CONFIG, type Asked } from '../define.ts'
import type { View } from '../frame.ts'
import { signInPage } from '../sign-in/pages.ts'
import { auditToday } from './audit.ts'
import { keysToday } from './keys.ts'
import { researchToday } from './research/research.ts'
import { partnerFirst } from './partner/today.ts'
import { todayOfInsurer } from './money/insurer.ts'
import { todayOfAnalyst } from './sources/today-analyst.ts'

type First = (asked: Asked<never, never>) => Promise<View>

/** The first page of each role. */
const FIRST: Readonly<Record<Role, First>> = {
  analyst: todayOfAnalyst,
  insurer: todayOfInsurer,
  partner: partnerFirst,
  researcher: researchToday,
  auditor: auditToday,
  administrator: keysToday,
}

export async function today(app: FastifyInstance): Promise<void> {
  app.get(
    '/',
    {
      config: CONFIG,
      schema: { hide: true, querystring: { type: 'object', properties: { lang: { type: 'string' } } } },
    },
    async (request, reply) => {
      const { reader } = request
      return await sendPage(
        request,
        reply,
        reader ? await FIRST[reader.role](askedOf(request)) : signInPage(request, '/'),
      )
    },
  )
}
