/** method.md 5, terms of several years and episodes: which days a settlement looks at, and how far ahead. */
import type { Contract, Outcome } from './contract.ts'
import { dayNumber, yearsEarlier } from './numbers.ts'

export const isEpisodes = ({ index }: Contract): boolean => index === 'enrolment'

const firstDay = ({ term, period }: Contract): string => term?.start ?? period.start

/** Whole years from one day to a later one. */
function wholeYears(from: string, to: string): number {
  let years = 0
  while (yearsEarlier(from, -(years + 1)) <= to) years += 1
  return years
}

/** j - 1: whole years of the term before the period. */
export const yearsBehind = (contract: Contract): number => wholeYears(firstDay(contract), contract.period.start)

/** Whether a patient may have index dates with these partners: one in all, in a term one for each partner, of episodes any number. */
export function mayHave(contract: Contract, partners: readonly string[]): boolean {
  if (isEpisodes(contract)) return true
  return partners.length <= (contract.term ? new Set(partners).size : 1)
}

/** The days on which a year of a patient, or an episode, may begin: of the contract, or so many years before it. */
export function indexDays(contract: Contract, yearsBefore: number): { readonly first: string; readonly last: string } {
  const { period, inclusion } = contract
  if (isEpisodes(contract)) {
    const { start, end } = inclusion ?? period
    return { first: yearsEarlier(start, yearsBefore), last: yearsEarlier(end, yearsBefore) }
  }
  const first = yearsEarlier(firstDay(contract), yearsBefore)
  return { first, last: yearsBefore === 0 ? period.end : first }
}

/** s: whole years that somebody with this index date has been under the contract when the period begins. */
export function yearsSince(contract: Contract, indexOn: string, yearsBefore: number): number {
  if (isEpisodes(contract)) return 0
  const behind = yearsBehind(contract)
  return yearsBefore > 0 ? behind : behind - wholeYears(firstDay(contract), indexOn)
}

/** Days from an index date to the day that is aimed at. */
export const horizonDays = (outcome: Outcome, years: number): number => outcome.horizonDays + 365 * years

/** The years before the contract that count for an outcome, 1 to 3. */
export function countingYears(contract: Contract, outcome: Outcome): number[] {
  const { reference } = contract
  return [1, 2, 3].filter((years) => {
    const { first, last } = indexDays(contract, years)
    const horizon = horizonDays(outcome, yearsSince(contract, first, years))
    const known = dayNumber(last) + horizon - outcome.windowDays <= dayNumber(reference.end)
    return reference.start <= yearsEarlier(first, 1) && known
  })
}
