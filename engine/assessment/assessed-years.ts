/** The years that are assessed: the contract's own, and up to three years before it under the care of the reference. */
import { addYears, epochDayOf, NEVER, periodOf, type EpochDay, type Period } from '../kernel/calendar.ts'
import type { Contract, Outcome } from '../contract/contract.ts'
import { horizonAfter, startOf, yearsBehindOf, type Days } from '../contract/term.ts'

/** The number of placebo years (method.md 4.2). */
export const PLACEBO_YEARS = [1, 2, 3] as const

/** One assessed year. */
export interface Frame {
  /** 0: the contract year */
  readonly yearsBefore: number
  /** where an index date may lie, half-open; one single day in a placebo year; from the start of the term in one of its years */
  readonly indexDays: Period
  /** the days whose patient-years count, half-open: the period of the contract year */
  readonly exposure: Period
  /** the last day on which a realisation window may open */
  readonly lastOpening: EpochDay
  /** values of this day and later are ignored */
  readonly valuesUntil: EpochDay
}

/** The contract year (`yearsBefore` 0), or the placebo year with its index date exactly that many calendar years before the contract's first day. */
export function frameOf(contract: Contract, yearsBefore: number): Frame {
  if (contract.inclusion !== undefined) return episodesFrame(contract, contract.inclusion, yearsBefore)
  const period = periodOf(contract.period)
  if (yearsBefore === 0) {
    const indexDays = { since: epochDayOf(startOf(contract)), until: period.until }
    return { yearsBefore, indexDays, exposure: period, lastOpening: period.until - 1, valuesUntil: NEVER }
  }
  const index = epochDayOf(addYears(startOf(contract), -yearsBefore))
  const indexDays = { since: index, until: index + 1 }
  const lastOpening = epochDayOf(contract.reference.end)
  return { yearsBefore, indexDays, exposure: indexDays, lastOpening, valuesUntil: lastOpening + 1 }
}

/** The episodes that begin in the inclusion window, or in the same days of an earlier year. No result comes too late to be waited for. */
function episodesFrame({ outcomes, reference }: Contract, inclusion: Days, yearsBefore: number): Frame {
  const indexDays = periodOf(yearsEarlier(inclusion, yearsBefore))
  const opensAfter = Math.max(...outcomes.map(({ horizonDays, windowDays }) => horizonDays - windowDays))
  return {
    yearsBefore,
    indexDays,
    exposure: indexDays,
    lastOpening: indexDays.until - 1 + opensAfter,
    valuesUntil: yearsBefore === 0 ? NEVER : epochDayOf(reference.end) + 1,
  }
}

const yearsEarlier = ({ start, end }: Days, years: number): Days => ({
  start: addYears(start, -years),
  end: addYears(end, -years),
})

/** Every year that is assessed for some outcome of the contract, the contract year first. */
export const assessedYearsOf = (contract: Contract): number[] => [
  0,
  ...PLACEBO_YEARS.filter((years) =>
    contract.outcomes.some((outcome) => countingYearsOf(contract, outcome).includes(years)),
  ),
]

/** The placebo years that count for an outcome, ascending (method.md 4.2): the reference starts at least a year before
 *  the index date, and the window of the realisation opens within it; the horizon is that of the period's own year of the term. Of episodes
 *  the first index date is what has a year before it, the last one what has its window within. */
export const countingYearsOf = (contract: Contract, outcome: Outcome): number[] => {
  const opensAfter = horizonAfter(outcome, yearsBehindOf(contract)) - outcome.windowDays
  const first = startOf(contract)
  const { start, end } = contract.inclusion ?? { start: first, end: first }
  return PLACEBO_YEARS.filter((years) => {
    const opening = epochDayOf(addYears(end, -years)) + opensAfter
    return contract.reference.start <= addYears(start, -years - 1) && opening <= epochDayOf(contract.reference.end)
  })
}
