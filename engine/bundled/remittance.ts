/** A remittance: what the insurer answered to declared lines, line by line, checked against what was declared and answered before. */
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { DeclaredLine } from './declaration.ts'

export const ANSWER_STATES = ['approved', 'rejected', 'credited'] as const
export type AnswerState = (typeof ANSWER_STATES)[number]

/** approved: paid on that day. rejected: not paid. credited: a credit line is settled, its cents are back with the insurer. */
export interface Answer {
  readonly lineId: string
  readonly state: AnswerState
  /** above 0 */
  readonly cents: Cents
  /** null for what is rejected */
  readonly paidOn: Day | null
  readonly reason: string
}

/** An answer as it stands in a file. */
export interface AnswerRow extends Answer {
  readonly line: number
}

/** The answers of a file that are new, in its order.
 *  @param file named in the sentences only
 *  @throws Refusal `remittance_refused` with every row at fault, of which none is kept */
export function answersOf(
  file: string,
  rows: readonly AnswerRow[],
  lines: ReadonlyMap<string, DeclaredLine>,
  before: readonly Answer[],
): Answer[] {
  const known = new Set(before.map(answerKey))
  const answered = new Map<string, Cents>()
  for (const { lineId, cents } of before) answered.set(lineId, (answered.get(lineId) ?? 0) + cents)
  const inFile = new Map<string, number>()
  const faults: string[] = []
  const fresh: Answer[] = []
  for (const row of rows) {
    const { line, ...answer } = row
    const key = answerKey(answer)
    const twin = inFile.get(key)
    if (twin !== undefined) faults.push(`line ${line}: the same answer as line ${twin}`)
    inFile.set(key, twin ?? line)
    if (twin !== undefined || known.has(key)) continue
    const declared = lines.get(answer.lineId)
    const sum = (answered.get(answer.lineId) ?? 0) + answer.cents
    const fault = faultOf(answer, declared, sum)
    if (fault !== null) faults.push(`line ${line}: ${fault}`)
    else answered.set(answer.lineId, sum)
    fresh.push(answer)
  }
  if (faults.length > 0) refuseFaults(file, faults)
  return fresh
}

const answerKey = ({ lineId, state, cents, paidOn }: Answer): string => `${lineId} ${state} ${cents} ${paidOn ?? ''}`

function faultOf(answer: Answer, declared: DeclaredLine | undefined, sum: Cents): string | null {
  const { lineId, state, cents, paidOn } = answer
  if (declared === undefined) return `${lineId} was never declared`
  if (!Number.isSafeInteger(cents) || cents <= 0) return `${cents} is no amount in whole cents above 0`
  if (state !== 'rejected' && paidOn === null) return `${state} without the day that it was paid on`
  if (state === 'approved' && declared.credits !== null)
    return `${lineId} is a credit line; what is settled of it is credited, not approved`
  if (state === 'credited' && declared.credits === null)
    return `${lineId} is a debit line; only a credit line that names it takes it back`
  const most = Math.abs(declared.cents)
  return sum > most ? `${lineId}: ${sum} cents answered, above the ${most} cents that were declared` : null
}

const MOST_FAULTS = 20

function refuseFaults(file: string, faults: readonly string[]): never {
  const told = faults.slice(0, MOST_FAULTS)
  const rest = faults.length - told.length
  throw new Refusal(
    'remittance_refused',
    [`${file} is refused, and nothing of it is kept: ${told[0]}.`, ...told.slice(1).map((each) => `- ${each}.`)]
      .concat(rest > 0 ? [`- and ${rest} more.`] : [])
      .join('\n'),
    { file, faults: told, faults_total: faults.length },
  )
}
