/** A partner's statement for its board: behind a link that expires and opens nothing else. */
import type { FastifyInstance } from 'fastify'
import { Type, type Static } from 'typebox'
import { appendBoardStatement, BOARD_DAYS, openBoardStatement } from '../../../../data/access/board-statements.ts'
import { asSigner } from '../../../../data/access/request-store.ts'
import { markup } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import { defineForm, sendPage } from '../../define.ts'
import { notice } from '../../elements/notice.ts'
import type { View } from '../../frame.ts'
import { langOf } from '../../lang.ts'
import { boardWords } from '../../words/board.ts'
import { settlementPath } from '../settlement/settled.ts'
import { partnerPdf } from './files.ts'
import { partnerSettled } from './partner.ts'

const Code = Type.Object({ code: Type.String({ minLength: 1, maxLength: 100 }) })
const Lang = Type.Object({ lang: Type.Optional(Type.String({ maxLength: 2 })) })

export async function boardPages(app: FastifyInstance): Promise<void> {
  defineForm(app, '/settlements/:settlement/partners/:partner/board', ['days'], async (sent) => {
    const { params, reader, fields, format, origin } = sent
    const days = BOARD_DAYS.find((each) => String(each) === fields.days) ?? BOARD_DAYS[0]
    const shown = await partnerSettled(sent, params.settlement, params.partner)
    const { settlement_id: settlementId } = shown.settled.settlement
    const pdf = await partnerPdf(sent, shown)
    const statement = { settlementId, days, pdf }
    const code = await asSigner(app.sharedStore, reader, (store) => appendBoardStatement(store, statement))
    const words = boardWords[format.lang]
    const link = `${origin}/board/${code}`
    const back = settlementPath(params.settlement, 'partners', params.partner)
    return {
      title: words.title,
      place: 'settlements',
      body: markup`<p>${words.made(words.for(days))}</p><p class="lead"><a href="${link}">${link}</a></p>
<p><a href="${back}">${words.back}</a></p>`,
    }
  })
  app.get<{ Params: Static<typeof Code> }>(
    '/board/:code',
    { config: { signIn: true }, schema: { hide: true, params: Code, querystring: Lang } },
    async (request, reply) => {
      const opened = await openBoardStatement(app.sharedStore, request.params.code)
      if (opened === null) return await sendPage(request, reply, overPage(langOf(request)))
      request.reader = opened.identity
      const name = 'content-disposition'
      return reply.type('application/pdf').header(name, 'inline; filename="statement.pdf"').send(opened.pdf)
    },
  )
}

const overPage = (lang: Format['lang']): View => ({
  title: boardWords[lang].title,
  status: 410,
  body: notice('fault', boardWords[lang].over),
})
