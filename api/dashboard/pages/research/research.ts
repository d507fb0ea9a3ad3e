/** Research: the register of questions, and the way to a new one. */
import type { FastifyInstance } from 'fastify'
import { markup, type Html } from '../../../report/elements/html.ts'
import type { Format } from '../../../report/words/format.ts'
import type { AnswerOf } from '../../ask.ts'
import { definePage, type Asked } from '../../define.ts'
import { signatory } from '../../elements/signatory.ts'
import { tableOf, text } from '../../elements/table.ts'
import { frameWords } from '../../words/frame.ts'
import { researchWords } from '../../words/research.ts'
import type { View } from '../../frame.ts'

type Question = AnswerOf<'/v1/questions', 'get'>['items'][number]

export async function research(app: FastifyInstance): Promise<void> {
  definePage(app, '/research', [], async (asked) => ({
    ...(await register(asked)),
    title: researchWords[asked.lang].title,
    place: 'research',
  }))
}

/** The first page of a researcher: a new question, and its own questions. */
export const researchToday = async (asked: Asked<never, never>): Promise<View> => ({
  ...(await register(asked)),
  title: frameWords[asked.lang].places.today,
  place: 'today',
})

async function register({ ask, reader, format }: Asked<never, never>): Promise<Pick<View, 'body'>> {
  const words = researchWords[format.lang]
  const items = await ask.all('/v1/questions', {})
  const isMine = ({ asked_by: by }: Question): boolean => by === `${reader.role}:${reader.subject}`
  const [mine, others] = [items.filter(isMine), items.filter((question) => !isMine(question))]
  return {
    body: markup`<p class="lead">${words.lead}</p>
${
  reader.role === 'researcher'
    ? markup`<p><a class="act" href="/research/new">${words.newQuestion}</a></p>
${questionTable(mine, words.mine, format, words.noneMine)}`
    : null
}
${others.length > 0 ? questionTable(others, words.others, format) : null}
<h2>${words.more}</h2>
<ul><li><a href="/research/dictionary">${words.dictionary}</a></li><li><a href="/method">${words.methodPage}</a></li></ul>`,
  }
}

function questionTable(questions: readonly Question[], caption: string, format: Format, empty?: string): Html {
  const words = researchWords[format.lang]
  return tableOf(
    {
      caption,
      columns: [words.question, words.contract, words.askedAt, words.askedBy, words.answeredAt].map(text),
      rows: questions.map((each) => [
        markup`<a href="/research/${each.question_id}">${each.title}</a>`,
        each.contract,
        format.day(each.asked_at.slice(0, 10)),
        signatory(each.asked_by, format.lang),
        each.answered_at === null ? words.notYet : format.day(each.answered_at.slice(0, 10)),
      ]),
      ...(empty === undefined ? {} : { empty }),
    },
    format.lang,
  )
}
