/** What insurers answered, from a file, kept and posted once. */
import { basename } from 'node:path'
import {
  ANSWER_STATES,
  type Answer,
  type AnswerRow,
  answersOf,
  type AnswerState,
} from '../../engine/bundled/remittance.ts'
import { entriesOfAnswers } from '../../engine/bundled/entries.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import { readRows, type TableRow } from '../files/table-rows.ts'
import type { Store } from '../postgres/database.ts'
import { inTransaction } from '../postgres/transaction.ts'
import { actDay } from '../settlements/act-day.ts'
import { lockSegment2, postSegment2 } from './book.ts'
import { readAnswers, readLines } from './lines.ts'

export interface Remitted {
  readonly rows: number
  /** answers that were not known before */
  readonly fresh: readonly Answer[]
}

/** Takes a file of `declaration_line,state,cents,paid_on[,reason]`: all of it, or nothing.
 *  @throws Refusal `remittance_refused` with every row at fault and its line, and those of reading a table */
export async function remit(
  store: Pick<Store, 'pool'>,
  { regionId, file, by }: { readonly regionId: number; readonly file: string; readonly by: string },
): Promise<Remitted> {
  const rows = await rowsIn(file)
  const name = basename(file)
  return await inTransaction(store, async (transaction) => {
    const { client } = transaction
    await lockSegment2(client, regionId)
    const lines = new Map((await readLines(client, regionId)).map((line) => [line.lineId, line]))
    const fresh = answersOf(name, rows, lines, await readAnswers(client, regionId))
    if (fresh.length === 0) return { rows: rows.length, fresh }
    const on = await actDay(transaction)
    const { rows: kept } = await client.query<{ no: number }>(
      `insert into remittance_answer (region_id, line_id, state, cents, paid_on, reason, remitted_by, remitted_on)
       select $1, t.line, t.state, t.cents, t.paid_on, t.reason, $2, $3
         from unnest($4::text[], $5::text[], $6::bigint[], $7::date[], $8::text[]) with ordinality as t(line, state, cents, paid_on, reason, at)
        order by t.at returning answer_no as no`,
      [
        regionId,
        by,
        on,
        fresh.map(({ lineId }) => lineId),
        fresh.map(({ state }) => state),
        fresh.map(({ cents }) => cents),
        fresh.map(({ paidOn }) => paidOn),
        fresh.map(({ reason }) => reason),
      ],
    )
    await postSegment2(client, regionId, `remittance ${kept[0]!.no}`, entriesOfAnswers(fresh, lines, on))
    return { rows: rows.length, fresh }
  })
}

const COLUMNS = ['declaration_line', 'state', 'cents', 'paid_on'] as const

/** @throws Refusal `missing_column`, `remittance_refused` where a cell cannot be read */
async function rowsIn(path: string): Promise<AnswerRow[]> {
  const name = basename(path)
  const rows: AnswerRow[] = []
  const faults: string[] = []
  await readRows({ path, name }, null, {
    onRow: (row, line) => {
      const missing = COLUMNS.filter((column) => !row.has(column))
      if (missing.length > 0)
        throw new Refusal('missing_column', `${name}, line 1: missing column ${missing.join(', ')}.`, { file: name })
      const fault = faultIn(row)
      if (fault === null) rows.push(answerIn(row, line))
      else faults.push(`line ${line}: ${fault}`)
    },
    malformed: (line) => faults.push(`line ${line}: another number of fields than the header`),
    flush: () => Promise.resolve(),
  })
  if (faults.length === 0) return rows
  throw new Refusal(
    'remittance_refused',
    `${name} is refused, and nothing of it is kept: ${faults.slice(0, 20).join('; ')}.`,
    {
      file: name,
      faults,
    },
  )
}

function faultIn(row: TableRow): string | null {
  const [state, cents, paidOn] = [row('state'), row('cents'), row('paid_on')]
  if (!(ANSWER_STATES as readonly string[]).includes(state))
    return `state "${state}" is none of ${ANSWER_STATES.join(', ')}`
  if (!/^\d{1,15}$/.test(cents)) return `cents "${cents}" is no whole number of cents`
  return paidOn === '' || isDay(paidOn) ? null : `paid_on "${paidOn}" is no date; it should be YYYY-MM-DD`
}

/** A row that was looked at. */
const answerIn = (row: TableRow, line: number): AnswerRow => {
  const paidOn = row('paid_on')
  return {
    lineId: row('declaration_line'),
    state: row('state') as AnswerState,
    cents: Number(row('cents')),
    paidOn: isDay(paidOn) ? paidOn : null,
    reason: row('reason'),
    line,
  }
}
