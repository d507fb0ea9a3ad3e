/** A term of several years: its years, and what an outcome asks of a patient who has been under the contract for some of them. */
import { addYears, dayOf, epochDayOf, type Day, type EpochDay } from '../kernel/calendar.ts'
import type { Contract, Outcome } from './contract.ts'

/** Inclusive, as a contract writes it. */
export interface Days {
  readonly start: Day
  readonly end: Day
}

/** Days by which a horizon grows for each whole year under the contract (method.md 5). */
const YEAR_DAYS = 365

/** The first day under the contract: of its term, or of its period where it names none. */
export const startOf = ({ term, period }: Pick<Contract, 'term' | 'period'>): Day => (term ?? period).start

/** The years of a term, in order; null where it is not a number of whole years. */
export function yearsOf(term: Days): Days[] | null {
  const years: Days[] = []
  for (let year = 0; ; year++) {
    const [start, next] = [addYears(term.start, year), addYears(term.start, year + 1)]
    const end = dayOf(epochDayOf(next) - 1)
    if (end > term.end) return null
    years.push({ start, end })
    if (end === term.end) return years
  }
}

/** The whole years from the start of the term to the year that a day lies in; a day before the term is in year 0. */
function termYearOf(term: Days, day: EpochDay): number {
  let year = 0
  while (epochDayOf(addYears(term.start, year + 1)) <= day) year++
  return year
}

/** Whole years of the term that lie before the period; 0 without a term. */
export const yearsBehindOf = ({ term, period }: Pick<Contract, 'term' | 'period'>): number =>
  term === undefined ? 0 : termYearOf(term, epochDayOf(period.start))

/** s of an index date: whole years from its term-year to the period; 0 without a term. */
export const yearsElapsedOf = (contract: Pick<Contract, 'term' | 'period'>, indexOn: EpochDay): number =>
  contract.term === undefined ? 0 : yearsBehindOf(contract) - termYearOf(contract.term, indexOn)

/** horizon + 365 s: how far ahead the result of a patient lies whose index date is s term-years before the period. */
export const horizonAfter = ({ horizonDays }: Pick<Outcome, 'horizonDays'>, yearsElapsed: number): number =>
  horizonDays + YEAR_DAYS * yearsElapsed

/** The outcome of such a patient, with that horizon for its own. */
export const outcomeAfter = (outcome: Outcome, yearsElapsed: number): Outcome => ({
  ...outcome,
  horizonDays: horizonAfter(outcome, yearsElapsed),
})

/** The day on which a patient must still be in care, that many whole years after the index date. */
export const anniversaryOf = (indexOn: EpochDay, yearsElapsed: number): EpochDay => indexOn + YEAR_DAYS * yearsElapsed

/** One model that the settlement of a period needs. */
export interface ModelAsked {
  /** the measure, and after a full stop the years elapsed where there are any: `hba1c`, `hba1c.1` */
  readonly name: string
  /** with the horizon that it looks ahead */
  readonly outcome: Outcome
  readonly yearsElapsed: number
}

export const modelNameOf = (measure: string, yearsElapsed: number): string =>
  yearsElapsed === 0 ? measure : `${measure}.${yearsElapsed}`

/** The models of a contract's period: one for each outcome and each number of whole years that a patient can have been under it. */
export function modelsAskedOf(contract: Contract): ModelAsked[] {
  const elapsed = Array.from({ length: yearsBehindOf(contract) + 1 }, (_, years) => years)
  return contract.outcomes.flatMap((outcome) =>
    elapsed.map((yearsElapsed) => ({
      name: modelNameOf(outcome.measure, yearsElapsed),
      outcome: outcomeAfter(outcome, yearsElapsed),
      yearsElapsed,
    })),
  )
}
