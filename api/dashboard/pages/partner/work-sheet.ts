/** The work list as a table. */
import type { Format } from '../../../report/words/format.ts'
import { ApiProblem, type AnswerOf, type Ask } from '../../ask.ts'
import { column, totalOf, type Sheet, type Values } from '../../files/sheet.ts'
import { workWords } from '../../words/work.ts'

export type Work = AnswerOf<'/v1/work', 'get'>
export type WorkRow = Work['items'][number]

export interface WorkAsked {
  readonly contract?: string
  readonly measure?: string
  readonly practice?: string
  readonly cursor?: string
  readonly limit: number
}

/** The reader's work list; blank where nothing was delivered yet. */
export async function workFor(ask: Ask, query: WorkAsked): Promise<Work> {
  try {
    return await ask.get('/v1/work', { query })
  } catch (error) {
    if (error instanceof ApiProblem && error.problem.code === 'nothing_delivered')
      return { as_of: '', items: [], next: null, total: 0, faults: [] }
    throw error
  }
}

export function workSheet(items: readonly WorkRow[], titleOf: (measure: string) => string, format: Format): Sheet {
  const words = workWords[format.lang]
  return {
    caption: words.caption,
    columns: [
      column(words.patient),
      column(words.measure),
      column(words.practice),
      column(words.to, 'day'),
      column(words.from, 'day'),
      column(words.last, 'day'),
      column(words.contract),
    ],
    rows: items.map((row): Values => [
      row.patient_id,
      titleOf(row.measure),
      row.practice_id,
      row.window_to,
      row.window_from,
      row.last_value_on,
      row.contract,
    ]),
  }
}

/** Faults of the latest delivery by practice. */
export function faultsSheet(faults: Work['faults'], format: Format): Sheet {
  const words = workWords[format.lang]
  const rows = faults.map((row): Values => [row.practice_id || words.noPractice, row.rejected, row.kept])
  return {
    caption: words.faultsCaption,
    columns: [column(words.practice), column(words.rejected, 'count'), column(words.kept, 'count')],
    rows,
    total: [words.total, totalOf(rows, 1), totalOf(rows, 2)],
  }
}
