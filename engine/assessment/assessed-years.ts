/** The years that are assessed: the contract's own, and up to three years before it under the care of the reference. */
import { addYears, epochDayOf, NEVER, periodOf, type EpochDay, type Period } from '../kernel/calendar.ts'
import type { Contract, Outcome } from '../contract/contract.ts'

/** The number of placebo years (method.md 4.2). */
export const PLACEBO_YEARS = [1, 2, 3] as const

/** One assessed year. */
export interface Frame {
  /** 0: the contract year */
  readonly yearsBefore: number
  /** where an index date may lie, half-open; one single day in a placebo year */
  readonly indexDays: Period
  /** the last day on which a realisation window may open */
  readonly lastOpening: EpochDay
  /** values of this day and later are ignored */
  readonly valuesUntil: EpochDay
}

/** The contract year (`yearsBefore` 0), or the placebo year with its index date exactly that many calendar years before period.start. */
export function frameOf(contract: Contract, yearsBefore: number): Frame {
  const period = periodOf(contract.period)
  if (yearsBefore === 0) return { yearsBefore, indexDays: period, lastOpening: period.until - 1, valuesUntil: NEVER }
  const index = epochDayOf(addYears(contract.period.start, -yearsBefore))
  const lastOpening = epochDayOf(contract.reference.end)
  return { yearsBefore, indexDays: { since: index, until: index + 1 }, lastOpening, valuesUntil: lastOpening + 1 }
}

/** Every year that is assessed for some outcome of the contract, the contract year first. */
export const assessedYearsOf = (contract: Contract): number[] => [
  0,
  ...PLACEBO_YEARS.filter((years) =>
    contract.outcomes.some((outcome) => countingYearsOf(contract, outcome).includes(years)),
  ),
]

/** The placebo years that count for an outcome, ascending (method.md 4.2): the reference starts at least a year before
 *  the index date, and the window of the realisation opens within it. */
export const countingYearsOf = (contract: Contract, outcome: Outcome): number[] =>
  PLACEBO_YEARS.filter((years) => {
    const index = addYears(contract.period.start, -years)
    const opening = epochDayOf(index) + outcome.horizonDays - outcome.windowDays
    return contract.reference.start <= addYears(index, -1) && opening <= epochDayOf(contract.reference.end)
  })
