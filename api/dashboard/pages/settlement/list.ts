/** The settlements that the reader may know of, the latest first. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf } from '../../ask.ts'
import { definePage } from '../../define.ts'
import { tableOf, text } from '../../elements/table.ts'
import { frameWords } from '../../words/frame.ts'
import { listWords } from '../../words/settlement-list.ts'

type Head = AnswerOf<'/v1/settlements', 'get'>['items'][number]

export async function settlementList(app: FastifyInstance): Promise<void> {
  definePage(app, '/settlements', [], async ({ ask, format }) => {
    const words = listWords[format.lang]
    return {
      title: words.title,
      place: 'settlements',
      body: settlementTable(await ask.all('/v1/settlements', {}), format),
    }
  })
}

function settlementTable(settlements: readonly Head[], format: Format): Html {
  const words = listWords[format.lang]
  const { states, status } = frameWords[format.lang]
  return tableOf(
    {
      caption: words.caption,
      columns: [words.contract, words.asOf, words.state, words.status].map(text),
      rows: settlements.map(({ settlement_id: id, contract, as_of: asOf, state, status: of }) => [
        markup`<a href="/settlements/${id}">${contract}</a>`,
        format.day(asOf),
        states[state] ?? state,
        status[of] ?? of,
      ]),
      empty: words.empty,
    },
    format.lang,
  )
}
