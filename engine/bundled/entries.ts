/** The book of segment 2: every declared cent stands in one place, claimed, received by the organisation, or passed on. */
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import type { DeclaredLine } from './declaration.ts'
import type { Passed } from './payout.ts'
import type { Answer } from './remittance.ts'

/** A debit puts money into an account, a credit takes it out. `declared` is what was claimed and stands; it equals what insurers still owe
 *  (`receivable`), what the organisation holds (`organisation`) and what was passed on to practices and chain partners (`passed_on`). */
export const SEGMENT2_ACCOUNTS = ['receivable', 'declared', 'passed_on', 'organisation'] as const
export type Segment2Account = (typeof SEGMENT2_ACCOUNTS)[number]

export interface Segment2Entry {
  readonly account: Segment2Account
  /** on `passed_on` the recipient, else the partner of the contract */
  readonly partnerId: string
  readonly insurer: string
  readonly debitCents: Cents
  readonly creditCents: Cents
  readonly postedOn: Day
}

interface Movement {
  readonly from: Segment2Account
  readonly to: Segment2Account
  readonly partnerId: string
  readonly insurer: string
  readonly cents: Cents
}

/** A message: its lines stand as claimed, by insurer and partner. */
export const entriesOfDeclaration = (lines: readonly DeclaredLine[], postedOn: Day): Segment2Entry[] =>
  entriesIn(
    lines.map(({ partner, insurer, cents }): Movement => {
      return { from: 'declared', to: 'receivable', partnerId: partner, insurer, cents }
    }),
    postedOn,
  )

/** Answers of insurers: approved cents are with the organisation, rejected ones are claimed no more, credited ones went back. */
export const entriesOfAnswers = (
  answers: readonly Answer[],
  lines: ReadonlyMap<string, DeclaredLine>,
  postedOn: Day,
): Segment2Entry[] =>
  entriesIn(
    answers.map((answer) => movementOf(answer, lines.get(answer.lineId)!)),
    postedOn,
  )

function movementOf({ state, cents }: Answer, { partner, insurer, credits }: DeclaredLine): Movement {
  const of = { partnerId: partner, insurer }
  if (state === 'approved') return { from: 'receivable', to: 'organisation', ...of, cents }
  if (state === 'credited') return { from: 'organisation', to: 'receivable', ...of, cents }
  // a credit that the insurer rejects is claimed again
  return { from: 'receivable', to: 'declared', ...of, cents: credits === null ? cents : 0 - cents }
}

/** What is passed on leaves the organisation; its own part stays there and posts nothing. */
export const entriesOfPayout = (passed: readonly Passed[], postedOn: Day): Segment2Entry[] =>
  entriesIn(
    passed
      .filter(({ partnerId }) => partnerId !== '')
      .map(({ partnerId, line, cents }): Movement => {
        return { from: 'organisation', to: 'passed_on', partnerId, insurer: line.insurer, cents }
      }),
    postedOn,
  )

/** Movements added up by accounts, insurer and partner, two entries each, in order; a negative sum moves the other way, 0 posts nothing. */
function entriesIn(movements: readonly Movement[], postedOn: Day): Segment2Entry[] {
  const sums = new Map<string, Movement>()
  for (const movement of movements) {
    const { from, to, insurer, partnerId, cents } = movement
    const key = JSON.stringify([insurer, partnerId, from, to])
    sums.set(key, { ...movement, cents: cents + (sums.get(key)?.cents ?? 0) })
  }
  const ordered = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, movement]) => movement)
  return ordered.flatMap(({ from, to, partnerId, insurer, cents }) => {
    if (cents === 0) return []
    const [source, target] = cents > 0 ? [from, to] : [to, from]
    const [of, size] = [{ partnerId, insurer, postedOn }, Math.abs(cents)]
    return [
      { account: target, ...of, debitCents: size, creditCents: 0 },
      { account: source, ...of, debitCents: 0, creditCents: size },
    ]
  })
}
