/** Questions of research and their answers, as they are shown; an answer is put together once, kept, and given again byte for byte. */
import { createHash } from 'node:crypto'
import { canonicalJson } from '../../engine/kernel/canonical.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { SMALLEST_GROUP } from '../../engine/disclosure/small-groups.ts'
import { answerRows, fineOf, onlyYearOf, type AnswerRow as Row } from '../../engine/research/answer.ts'
import { RESEARCH_DIMENSIONS } from '../../engine/research/dimensions.ts'
import type { Estimate } from '../../engine/research/precision.ts'
import type { Store } from '../../data/postgres/database.ts'
import { inTransaction } from '../../data/postgres/transaction.ts'
import { appendAnswer, readAnswer, type StoredAnswer } from '../../data/research/answers.ts'
import { appendResearchCells, readResearchCells } from '../../data/research/cells.ts'
import { editionOf, openEditionOf, researchRun, type Edition } from '../../data/research/editions.ts'
import type { QuestionAsked, RegisteredQuestion } from '../../data/research/questions.ts'
import type { SmallTable } from '../../data/export/tables/small-table.ts'
import type { AnswerRow, AnswerView, QuestionBody, QuestionView } from '../schemas/question.ts'

/** A question as it is registered: dimensions in the order of an answer's columns, so that one question has one id. */
export const askedOf = (body: QuestionBody): QuestionAsked => ({
  contract: body.contract,
  settlement: body.settlement ?? null,
  title: body.title,
  hypothesis: body.hypothesis,
  outcome: body.outcome,
  groups: body.groups,
  analysis: body.analysis,
  measures: [...(body.measures ?? [])].sort(),
  by: RESEARCH_DIMENSIONS.filter((dimension) => body.by.includes(dimension)),
})

/** The id of a question: who asks what, where. */
export const questionIdOf = (regionId: number, askedBy: string, asked: QuestionAsked): string =>
  createHash('sha256').update(canonicalJson({ regionId, askedBy, asked })).digest('hex')

export const questionView = ({
  questionId,
  askedBy,
  askedAt,
  answeredAt,
  asked,
}: RegisteredQuestion): QuestionView => ({
  question_id: questionId,
  asked_by: askedBy,
  asked_at: askedAt.toISOString(),
  answered_at: answeredAt?.toISOString() ?? null,
  ...asked,
  measures: [...asked.measures],
  by: [...asked.by],
})

/** The answer to a question from an edition (`editionFor`), put together now if it has none yet. Run as a worker: cells are nobody's to read.
 *  @throws Refusal `not_open_to_research`, `singles_out`, `unknown_measure` */
export async function answerTo(
  store: Store,
  question: RegisteredQuestion,
  edition: Edition | null,
): Promise<StoredAnswer> {
  const { settlementId } = refuseClosed(question, edition)
  const of = await inTransaction(store, (transaction) => researchRun(transaction, settlementId))
  const { run, contract, programme } = of
  await inTransaction(store, (transaction) => appendResearchCells(transaction, of))
  const { asked, questionId } = question
  const measures = measuresOf(
    asked,
    contract.outcomes.map(({ measure }) => measure),
  )
  const cells = await readResearchCells(store, run.runKey, fineOf(asked.by) ?? 'year', measures)
  const unitOf = (measure: string): string => programme.measures.find(({ key }) => key === measure)?.unit ?? ''
  const rows = measures.flatMap((measure) =>
    answerRows(
      { measure, unit: unitOf(measure), onlyYear: onlyYearOf(contract.period) },
      cells.filter((cell) => cell.measure === measure),
      asked.by,
    ),
  )
  const view: AnswerView = {
    question_id: questionId,
    contract: contract.contract,
    programme: contract.programme,
    period: contract.period,
    settlement_id: settlementId,
    as_of: run.asOf,
    engine_version: run.engineVersion,
    by: [...asked.by],
    smallest_group: SMALLEST_GROUP,
    cite: `gezondheidswinst, question ${questionId}, answered from settlement ${settlementId} of contract ${contract.contract}, as known on ${run.asOf}`,
    rows: rows.map(rowOf),
  }
  await appendAnswer(store, { questionId, settlementId, document: JSON.stringify(view) })
  const kept = await readAnswer(store, questionId)
  if (kept) return kept
  throw new Error(`the answer of ${questionId} is not kept`)
}

/** @throws Refusal `unknown_measure` */
export function measuresOf({ contract, measures }: QuestionAsked, ofContract: readonly string[]): string[] {
  const unknown = measures.find((measure) => !ofContract.includes(measure))
  if (unknown !== undefined)
    throw new Refusal(
      'unknown_measure',
      `Contract ${contract} has no outcome "${unknown}"; it has ${ofContract.join(', ')}.`,
      {
        measure: unknown,
      },
    )
  return measures.length > 0 ? [...measures] : [...ofContract]
}

/** The settlement that a question asks to be answered from, open or not; null: there is none. It is held against those that are open, once:
 *  so in a transaction of its own, which a refusal does not undo. */
export async function editionFor(store: Store, { regionId, asked }: RegisteredQuestion): Promise<Edition | null> {
  if (asked.settlement !== null) return await editionOf(store, { regionId, settlementId: asked.settlement })
  const open = await openEditionOf(store, { regionId, contractId: asked.contract })
  return open === null ? null : { settlementId: open, isOpen: true, cellsThatTell: 0 }
}

/** @throws Refusal `not_open_to_research`, `singles_out` */
function refuseClosed({ asked: { contract, settlement } }: RegisteredQuestion, edition: Edition | null): Edition {
  if (edition?.isOpen) return edition
  if (edition)
    throw new Refusal(
      'singles_out',
      `Settlement ${edition.settlementId} is not opened: in ${edition.cellsThatTell} cells it differs by one to nine people from what research is answered from already, and subtracting the two would tell of these. Leave the settlement out: the answer then comes from the one that is open.`,
      { settlement: edition.settlementId },
    )
  throw new Refusal(
    'not_open_to_research',
    settlement === null
      ? `No settlement of contract ${contract} is open to research: none is released as final yet, or another contract of the same programme and days is open. GET /v1/settlements lists those that are.`
      : `Settlement ${settlement} is not released as final in this region.`,
    { contract },
  )
}

const estimate = <Name extends string>(name: Name, of: Estimate | null) =>
  ({
    [`${name}_mean`]: of?.mean ?? null,
    [`${name}_se`]: of?.se ?? null,
    [`${name}_lower`]: of?.lower ?? null,
    [`${name}_upper`]: of?.upper ?? null,
  }) as Record<`${Name}_${'mean' | 'se' | 'lower' | 'upper'}`, number>

const rowOf = (row: Row): AnswerRow => ({
  measure: row.measure,
  unit: row.unit,
  ...row.at,
  measured: row.measured,
  eligible: row.eligible,
  expected_raw_mean: row.expectedRaw,
  ...estimate('realised_raw', row.realisedRaw),
  expected_mean: row.expected,
  ...estimate('realised', row.realised),
  ...estimate('gain', row.gain),
  ...estimate('contribution', row.contribution),
})

const FIGURES = ['realised_raw', 'realised', 'gain', 'contribution'] as const
const ENDS = ['mean', 'se', 'lower', 'upper'] as const

/** The rows of an answer as a flat table. */
export function answerTable({ by, rows }: AnswerView): SmallTable {
  const numbers = [
    'expected_raw_mean',
    'expected_mean',
    ...FIGURES.flatMap((name) => ENDS.map((end) => `${name}_${end}`)),
  ]
  const columns = [
    ...['measure', 'unit', ...by].map((name) => ({ name, type: 'text' as const })),
    ...['measured', 'eligible'].map((name) => ({ name, type: 'count' as const })),
    ...numbers.map((name) => ({ name, type: 'number' as const })),
  ]
  const valueOf = (row: AnswerRow, name: string) =>
    (row as Readonly<Record<string, string | number | null>>)[name] ?? null
  return { columns, rows: rows.map((row) => columns.map(({ name }) => valueOf(row, name))) }
}
