/** Whether criteria of a programme file hold for a person on a day. */
import type { Criteria } from '../contract/inclusion.ts'
import { dayOf, epochDayOf, type Day } from '../kernel/calendar.ts'
import { holdsOn, type Person } from './person.ts'

/** A medicine counts for a year from its last day: prescriptions are short, treatment is not. */
const DAYS_OF_A_MEDICINE = 365

/** Everything that the criteria name holds. */
export function criteriaHold(criteria: Criteria, person: Person, day: Day): boolean {
  return (
    (Object.keys(criteria.codes).length === 0 || hasCode(criteria.codes, person, day)) &&
    (criteria.atc.length === 0 || hasMedicine(criteria.atc, person, day)) &&
    (criteria.lastValue === null || lastValueHolds(criteria.lastValue, person, day))
  )
}

const hasCode = (codes: Criteria['codes'], { conditions }: Person, day: Day): boolean =>
  conditions.some((each) => codes[each.system]?.includes(mainCode(each.code)) === true && holdsOn(each, day))

/** Extracts write a code without a subcode as `T90.00` too. */
const mainCode = (code: string): string => code.replace(/\.00$/, '')

function hasMedicine(atc: readonly string[], { medications }: Person, day: Day): boolean {
  const since = dayOf(epochDayOf(day) - DAYS_OF_A_MEDICINE)
  return medications.some(
    (each) =>
      each.since <= day && (each.until === null || each.until > since) && atc.some((code) => each.atc.startsWith(code)),
  )
}

function lastValueHolds(rule: NonNullable<Criteria['lastValue']>, { readings }: Person, day: Day): boolean {
  const since = dayOf(epochDayOf(day) - rule.days)
  const known = readings.filter(({ measure, on }) => measure === rule.measure && since <= on && on <= day)
  const lastDay = known.reduce<Day | null>((last, { on }) => (last === null || on > last ? on : last), null)
  const values = known.filter(({ on }) => on === lastDay).map(({ value }) => value)
  if (values.length === 0) return false
  const last = values.reduce((sum, value) => sum + value, 0) / values.length
  return (rule.atLeast === null || last >= rule.atLeast) && (rule.atMost === null || last <= rule.atMost)
}
