/** A declaration: a line for every patient who counts on a quarter day, to the insurer of that day; and credit lines for earlier ones that do not stand any more. */
import type { Day } from '../kernel/calendar.ts'
import type { Cents } from '../kernel/money.ts'
import { goingBefore, type Precedence } from '../inclusion/precedence.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Who counts on a quarter day, as known when it is declared. */
export interface Counted {
  readonly quarterDay: Day
  readonly patientId: string
  readonly practice: string
  /** the contract's partner: the practice, or the care group that it is a member of */
  readonly partner: string
  readonly insurer: string
  /** the tariff of the quarter */
  readonly cents: Cents
}

export interface DeclaredLine extends Counted {
  readonly lineId: string
  /** the quarter day of the message that it stood in */
  readonly messageDay: Day
  readonly contract: string
  readonly programme: string
  /** the debit line that it takes back; null: a debit */
  readonly credits: string | null
}

/** A line that was declared before, and what came of it. */
export interface StandingLine extends DeclaredLine {
  /** of its cents, those that the insurer does not pay */
  readonly rejectedCents: Cents
  /** programmes that its contract allows beside its own */
  readonly beside: readonly string[]
}

export interface DeclarationOf {
  readonly contract: string
  readonly programme: string
  readonly messageDay: Day
  /** of this quarter day and of earlier ones of the contract, as now known */
  readonly counted: readonly Counted[]
  /** every line of the contract's earlier messages */
  readonly before: readonly StandingLine[]
}

/** The lines of a message, in order of insurer: its debits by quarter day and patient, then its credits. A quarter day that was declared before is looked at
 *  again: who did not count after all, or was insured with another, is credited; who counted after all is declared late. What an insurer rejected
 *  is not declared to it again. Credits are always of earlier messages. */
export function declarationOf({ contract, programme, messageDay, counted, before }: DeclarationOf): DeclaredLine[] {
  const credited = new Set(before.map(({ credits }) => credits))
  const debits = before.filter(({ credits, lineId }) => credits === null && !credited.has(lineId))
  const known = new Set(debits.map(keyOf))
  const wanted = new Set(counted.map(keyOf))
  const late = counted.filter((each) => !known.has(keyOf(each)))
  const undone = debits.filter(
    (each) => each.messageDay < messageDay && each.rejectedCents < each.cents && !wanted.has(keyOf(each)),
  )
  const lines = [
    ...late.map((each) => ({ ...each, credits: null })),
    ...undone.map(({ quarterDay, patientId, practice, partner, insurer, cents, rejectedCents, lineId }) => ({
      quarterDay,
      patientId,
      practice,
      partner,
      insurer,
      cents: rejectedCents - cents,
      credits: lineId,
    })),
  ].sort(inOrder)
  const numbers = new Map<string, number>()
  return lines.map((line) => {
    const number = (numbers.get(line.insurer) ?? 0) + 1
    numbers.set(line.insurer, number)
    const lineId = `${contract}.${messageDay}.${line.insurer}.${String(number).padStart(6, '0')}`
    return { ...line, lineId, messageDay, contract, programme }
  })
}

const keyOf = ({ quarterDay, patientId, insurer }: Pick<Counted, 'quarterDay' | 'patientId' | 'insurer'>): string =>
  `${quarterDay} ${insurer} ${patientId}`

type Unnumbered = Counted & { readonly credits: string | null }

const inOrder = (a: Unnumbered, b: Unnumbered): number =>
  compared(a.insurer, b.insurer) ||
  Number(a.credits !== null) - Number(b.credits !== null) ||
  compared(a.quarterDay, b.quarterDay) ||
  compared(a.patientId, b.patientId)

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Refuses a message that an insurer would have to refuse, with the first line at fault.
 *  @param standing lines of all contracts of the region that were declared before
 *  @throws Refusal `declared_twice`, `programmes_exclude`, `credit_without_debit`, `credit_in_same_message` */
export function refuseUnsound(
  message: readonly DeclaredLine[],
  standing: readonly StandingLine[],
  precedence: readonly Precedence[],
  beside: readonly string[] = [],
): void {
  const lines = new Map<string, DeclaredLine>([...standing, ...message].map((line) => [line.lineId, line]))
  const own = new Set(message.map(({ lineId }) => lineId))
  const taken = new Set<string>()
  for (const { credits } of standing) if (credits !== null) taken.add(credits)
  for (const { lineId, credits } of message) {
    if (credits === null) continue
    const debit = lines.get(credits)
    if (debit === undefined || debit.credits !== null || taken.has(credits))
      refuse('credit_without_debit', lineId, credits)
    if (own.has(credits)) refuse('credit_in_same_message', lineId, credits)
    taken.add(credits)
  }
  const ofPatient = new Map<string, WithBeside[]>()
  for (const line of standing)
    if (line.credits === null && line.rejectedCents < line.cents && !taken.has(line.lineId)) put(ofPatient, line)
  for (const line of message) {
    if (line.credits !== null) continue
    for (const other of ofPatient.get(dayAndPatient(line)) ?? []) {
      if (other.programme === line.programme) refuse('declared_twice', line.lineId, other.lineId)
      if (excludeEachOther({ ...line, beside }, other, precedence))
        refuse('programmes_exclude', line.lineId, other.lineId)
    }
    put(ofPatient, { ...line, beside })
  }
}

type WithBeside = DeclaredLine & { readonly beside: readonly string[] }

const dayAndPatient = ({ quarterDay, patientId }: Counted): string => `${quarterDay} ${patientId}`

function put(into: Map<string, WithBeside[]>, line: WithBeside): void {
  const lines = into.get(dayAndPatient(line))
  if (lines) lines.push(line)
  else into.set(dayAndPatient(line), [line])
}

type InProgramme = { readonly programme: string; readonly beside: readonly string[] }

const excludeEachOther = (a: InProgramme, b: InProgramme, rules: readonly Precedence[]): boolean =>
  goingBefore(rules, a.programme, a.beside).includes(b.programme) ||
  goingBefore(rules, b.programme, b.beside).includes(a.programme)

const SENTENCES = {
  declared_twice: (other: string) =>
    `declares a patient and quarter day that line ${other} declares already; a patient counts once a quarter in a programme.`,
  programmes_exclude: (other: string) =>
    `declares a patient whom line ${other} declares for the same quarter day in a programme that excludes this one; credit that line first.`,
  credit_without_debit: (other: string) =>
    `is a credit of ${other}, which is no debit line that stands; a credit names the debit that it takes back, once.`,
  credit_in_same_message: (other: string) =>
    `is a credit of ${other}, which stands in the same message; leave both out, or credit it in a later quarter.`,
} as const

function refuse(code: keyof typeof SENTENCES, line: string, other: string): never {
  throw new Refusal(code, `Line ${line} ${SENTENCES[code](other)}`, { line, other })
}
