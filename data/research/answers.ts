/** Answers as they were first given: what every later look gives again, byte for byte. */
import type { Store } from '../postgres/database.ts'

export interface StoredAnswer {
  readonly settlementId: string
  readonly answeredAt: Date
  /** JSON */
  readonly document: string
}

/** The answer of a question, or null: it has none, or none that whoever asks may see. */
export async function readAnswer(store: Pick<Store, 'db'>, questionId: string): Promise<StoredAnswer | null> {
  const row = await store.db
    .selectFrom('answer')
    .select(['settlement_id', 'answered_at', 'document'])
    .where('question_id', '=', questionId)
    .executeTakeFirst()
  return row ? { settlementId: row.settlement_id, answeredAt: row.answered_at, document: row.document } : null
}

/** Keeps an answer; where there is one it stays. */
export async function appendAnswer(
  store: Pick<Store, 'db'>,
  answer: { readonly questionId: string; readonly settlementId: string; readonly document: string },
): Promise<void> {
  await store.db
    .insertInto('answer')
    .values({ question_id: answer.questionId, settlement_id: answer.settlementId, document: answer.document })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
