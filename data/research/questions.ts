/** The register of questions: each with its analysis plan, before it is answered. */
import { sql } from 'kysely'
import type { ResearchDimension } from '../../engine/research/dimensions.ts'
import type { Store } from '../postgres/database.ts'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'

/** What is asked, and how the answer will be used. */
export interface QuestionAsked {
  readonly contract: string
  /** null: the settlement that is open */
  readonly settlement: string | null
  readonly title: string
  readonly hypothesis: string
  readonly outcome: string
  readonly groups: string
  readonly analysis: string
  /** of the contract; []: all */
  readonly measures: readonly string[]
  readonly by: readonly ResearchDimension[]
}

export interface RegisteredQuestion {
  readonly questionId: string
  readonly regionId: number
  readonly askedBy: string
  readonly askedAt: Date
  readonly asked: QuestionAsked
  /** null: it has no answer yet */
  readonly answeredAt: Date | null
  readonly seq: number
}

/** Registers a question under the id of its content and of who asks it; again changes nothing.
 *  @returns whether it was registered now */
export async function registerQuestion(
  store: Pick<Store, 'db'>,
  { questionId, regionId, askedBy, asked }: Pick<RegisteredQuestion, 'questionId' | 'regionId' | 'askedBy' | 'asked'>,
): Promise<boolean> {
  const inserted = await store.db
    .insertInto('question')
    .values({
      question_id: questionId,
      region_id: regionId,
      contract_id: asked.contract,
      settlement_id: asked.settlement,
      asked_by: askedBy,
      document: JSON.stringify(asked),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return Number(inserted.numInsertedOrUpdatedRows) > 0
}

export const QUESTIONS: Listing<RegisteredQuestion> = {
  sorts: {
    asked: { kind: 'integer', of: ({ seq }) => seq, sql: 'q.seq' },
    contract: { kind: 'text', of: ({ asked }) => asked.contract, sql: 'q.contract_id' },
  },
  id: { kind: 'integer', of: ({ seq }) => seq, sql: 'q.seq' },
  first: '-asked',
}

const questions = (store: Pick<Store, 'db'>) =>
  store.db
    .selectFrom('question as q')
    .leftJoin('answer as a', 'a.question_id', 'q.question_id')
    .select(['q.question_id', 'q.region_id', 'q.asked_by', 'q.asked_at', 'q.document', 'q.seq', 'a.answered_at'])

type QuestionRow = Awaited<ReturnType<ReturnType<typeof questions>['execute']>>[number]

const registeredOf = (row: QuestionRow): RegisteredQuestion => ({
  questionId: row.question_id,
  regionId: row.region_id,
  askedBy: row.asked_by,
  askedAt: row.asked_at,
  asked: row.document as QuestionAsked,
  answeredAt: row.answered_at,
  seq: row.seq,
})

/** A page of the questions that whoever asks may see. */
export async function listQuestions(
  store: Pick<Store, 'db'>,
  of: { readonly contract?: string; readonly isAnswered?: boolean },
  asked: PageAsked,
): Promise<PageOf<RegisteredQuestion>> {
  const page = keysetOf(QUESTIONS, asked)
  let query = questions(store).where(page.after)
  if (of.contract !== undefined) query = query.where('q.contract_id', '=', of.contract)
  if (of.isAnswered !== undefined) query = query.where('a.question_id', of.isAnswered ? 'is not' : 'is', null)
  const rows = await query
    .orderBy(sql`${page.order}`)
    .limit(page.limit)
    .execute()
  return pageCut(QUESTIONS, asked, rows.map(registeredOf))
}

/** The question of that id, or null: there is none that whoever asks may see. */
export async function findQuestion(store: Pick<Store, 'db'>, questionId: string): Promise<RegisteredQuestion | null> {
  const row = await questions(store).where('q.question_id', '=', questionId).executeTakeFirst()
  return row ? registeredOf(row) : null
}
