/** Questions of research: registered with their analysis plan, then answered, once. */
import { Type, type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { Identity } from '../../data/access/keys.ts'
import { asSigner } from '../../data/access/request-store.ts'
import { SMALL_FORMATS, smallTable, type SmallFormat } from '../../data/export/tables/small-table.ts'
import { contractOfRegion } from '../../data/region/contracts.ts'
import { readAnswer, type StoredAnswer } from '../../data/research/answers.ts'
import { isFinal } from '../../data/research/editions.ts'
import {
  findQuestion,
  listQuestions,
  QUESTIONS,
  registerQuestion,
  type RegisteredQuestion,
} from '../../data/research/questions.ts'
import type { Store } from '../../data/postgres/database.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { onlyYearOf, refusedBreakdown } from '../../engine/research/answer.ts'
import { Page, pageAsked, pageQuery, pageView } from '../lists/page.ts'
import { readerOf } from '../plugins/access.ts'
import { BadRequest, Conflict, Forbidden, NotFound, Unauthorised, Unprocessable } from '../schemas/problem.ts'
import { AnswerView, QuestionBody, QuestionId, QuestionView } from '../schemas/question.ts'
import { answerTable, answerTo, askedOf, editionFor, measuresOf, questionIdOf, questionView } from '../views/answer.ts'
import { noSettlement } from '../views/role-view.ts'
import { signatureOf } from '../views/signature.ts'

const refusals = { 400: BadRequest, 401: Unauthorised, 403: Forbidden, 404: NotFound, 422: Unprocessable }

const FILE_TYPES: Readonly<Record<SmallFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
}

/** Sent as it is kept, so the type of what is sent is not the schema's. */
const ANSWERED: Readonly<Record<string, unknown>> = {
  description: 'The answer',
  content: {
    'application/json': { schema: AnswerView },
    ...Object.fromEntries(Object.values(FILE_TYPES).map((type) => [type.split(';')[0], { schema: Type.String() }])),
  },
}

export const questionRoutes: FastifyPluginAsyncTypebox = async (app) => {
  app.post(
    '/questions',
    {
      schema: {
        tags: ['research'],
        summary: 'Register a question with its analysis plan',
        description:
          'Before its answer is shown. The same question by the same person is one. Refused are breakdowns that would single out fewer than ten people.',
        body: QuestionBody,
        response: { 200: QuestionView, 201: QuestionView, ...refusals },
      },
    },
    async (request, reply) => {
      const identity = readerOf(request)
      const asked = askedOf(request.body)
      const { contract } = await contractOfRegion(request.store, identity.regionId, asked.contract)
      measuresOf(
        asked,
        contract.outcomes.map(({ measure }) => measure),
      )
      // Of another region, or not released: there is none. One that is kept closed may be named: the answer says why it is.
      const named = asked.settlement === null ? null : { regionId: identity.regionId, settlementId: asked.settlement }
      if (named !== null && !(await isFinal(app.sharedStore, named))) throw noSettlement(named.settlementId)
      const refused = refusedBreakdown(asked.by, onlyYearOf(contract.period))
      if (refused !== null) throw new Refusal('singles_out', refused, { by: asked.by })
      const askedBy = signatureOf(identity)
      const questionId = questionIdOf(identity.regionId, askedBy, asked)
      const { isNew, question } = await asSigner(app.sharedStore, identity, async (store) => ({
        isNew: await registerQuestion(store, { questionId, regionId: identity.regionId, askedBy, asked }),
        question: await questionAt(store, questionId),
      }))
      return reply
        .code(isNew ? 201 : 200)
        .header('location', `/v1/questions/${questionId}`)
        .send(questionView(question))
    },
  )

  app.get(
    '/questions',
    {
      schema: {
        tags: ['research'],
        summary: 'The register of questions of the region, the latest first',
        querystring: Type.Object({
          contract: Type.Optional(Type.String()),
          answered: Type.Optional(Type.Union([Type.Literal('yes'), Type.Literal('no')])),
          ...pageQuery(QUESTIONS),
        }),
        response: { 200: Page(QuestionView), 400: BadRequest, 401: Unauthorised, 403: Forbidden },
      },
    },
    async (request) => {
      const { contract, answered, ...page } = request.query
      const asked = pageAsked(QUESTIONS, page)
      const of = {
        ...(contract === undefined ? {} : { contract }),
        ...(answered === undefined ? {} : { isAnswered: answered === 'yes' }),
      }
      return pageView(await listQuestions(request.store, of, asked), asked, questionView)
    },
  )

  app.get(
    '/questions/:question',
    {
      schema: {
        tags: ['research'],
        summary: 'A question with its analysis plan',
        params: QuestionId,
        response: { 200: QuestionView, ...refusals },
      },
    },
    async (request) => questionView(await questionAt(request.store, request.params.question)),
  )

  app.get(
    '/questions/:question/answer',
    {
      schema: {
        tags: ['research'],
        summary: 'The answer to a question, the same bytes every time',
        description:
          'Opened by a researcher, and kept; analysts and auditors read what was opened. As JSON, or as a file: CSV, Apache Parquet, Apache Arrow.',
        params: QuestionId,
        querystring: Type.Object({
          format: Type.Optional(
            Type.Unsafe<'json' | SmallFormat>({ type: 'string', enum: ['json', ...SMALL_FORMATS], default: 'json' }),
          ),
        }),
        response: {
          200: ANSWERED,
          ...refusals,
          409: Conflict,
        },
      },
    },
    async (request, reply) => {
      const identity = readerOf(request)
      const question = await questionAt(request.store, request.params.question)
      const { format = 'json' } = request.query
      const kept = await readAnswer(request.store, question.questionId)
      if (!kept && identity.role !== 'researcher')
        throw new Refusal('not_found', `Question ${question.questionId} has no answer yet; a researcher opens it.`)
      // Put together with the rights of a worker, since cells are nobody's to read; what is kept is what is shown.
      const answer = kept ?? (await openAnswer(app.sharedStore, identity, question))
      const { document } = answer
      if (format === 'json') {
        void reply.type('application/json; charset=utf-8')
        return document
      }
      const file = await smallTable(answerTable(JSON.parse(document) as AnswerView), format)
      void reply
        .type(FILE_TYPES[format])
        .header('content-disposition', `attachment; filename="answer-${question.questionId.slice(0, 16)}.${format}"`)
      return Buffer.from(file)
    },
  )
}

async function openAnswer(store: Store, identity: Identity, question: RegisteredQuestion): Promise<StoredAnswer> {
  const edition = await asSigner(store, identity, (own) => editionFor(own, question))
  return await asSigner(store, identity, (own) => answerTo(own, question, edition))
}

/** @throws Refusal `not_found` */
async function questionAt(store: Pick<Store, 'db'>, questionId: string): Promise<RegisteredQuestion> {
  const found = await findQuestion(store, questionId)
  if (found) return found
  throw new Refusal('not_found', `There is no question ${questionId} that this token may see.`)
}
