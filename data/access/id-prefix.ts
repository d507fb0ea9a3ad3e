/** Ids cut short: 8 or more hexadecimal digits that one id alone begins with, among those that whoever asks may see. */
import { sql } from 'kysely'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'

const COLUMN_OF = {
  settlement: ['settlement', 'settlement_id'],
  contract: ['region_contract', 'contract_sha256'],
  model: ['model_artefact', 'model_id'],
  preview: ['dispute_preview', 'preview_id'],
  question: ['question', 'question_id'],
  job: ['job', 'job_id'],
  run: ['run', 'run_id'],
} as const
export type IdKind = keyof typeof COLUMN_OF
export const ID_KINDS = Object.keys(COLUMN_OF) as readonly IdKind[]

/** Enough to tell a thousand ids apart with a chance of one in ten thousand that two begin alike. */
const CUT_SHORT = /^[0-9a-f]{8,63}$/

/** The id that `asked` is the beginning of; `asked` itself where it is no beginning of any, for its reader to refuse.
 *  @throws Refusal `ambiguous_id` with the number of candidates; a contract that is called so is one of them */
export async function idOf(store: Pick<Store, 'db'>, kind: IdKind, asked: string): Promise<string> {
  if (!CUT_SHORT.test(asked)) return asked
  const [table, column] = COLUMN_OF[kind]
  const { rows } = await sql<{ ids: number; one: string | null }>`
    select count(distinct ${sql.ref(column)})::int as ids, min(${sql.ref(column)}) as one
      from ${sql.table(table)} where starts_with(${sql.ref(column)}, ${asked})`.execute(store.db)
  const { ids, one } = rows[0] ?? { ids: 0, one: null }
  const candidates = ids + (kind === 'contract' && ids > 0 && (await isCalled(store, asked)) ? 1 : 0)
  if (candidates > 1)
    throw new Refusal(
      'ambiguous_id',
      `${candidates} ids of a ${kind} begin with ${asked}; write more of the one that is meant.`,
      {
        candidates,
      },
    )
  return one ?? asked
}

/** Whether a contract has that for a name: then it may be meant too. */
async function isCalled(store: Pick<Store, 'db'>, name: string): Promise<boolean> {
  const found = await store.db
    .selectFrom('region_contract')
    .select('seq')
    .where('contract_id', '=', name)
    .limit(1)
    .execute()
  return found.length > 0
}
