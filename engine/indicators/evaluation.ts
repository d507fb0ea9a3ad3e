/** Where a person stands for an indicator in a year. */
import type { Programme } from '../contract/programme.ts'
import { criteriaHold } from '../inclusion/criteria.ts'
import { holdsOn, type Enrolled, type Person } from '../inclusion/person.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Band, Indicator, Question } from './indicator.ts'
import { firstDayOf, lastDayOf } from './reporting-year.ts'

/** `unknown`: the value that the numerator looks at is not there, so that he is in neither. */
export type Standing = 'numerator' | 'denominator' | 'excluded' | 'unknown'

/** The practice where a person is on the last day of a year: that of the programme's enrolment, else of any; null: with nobody, or dead. */
export function practiceOf(person: Person, programme: string, year: number): string | null {
  const day = lastDayOf(year)
  if (person.diedOn !== null && person.diedOn <= day) return null
  return (enrolmentIn(person, programme, day) ?? person.enrolments.find((each) => holdsOn(each, day)))?.practice ?? null
}

/** @returns null where he is not of the population */
export function standingOf(indicator: Indicator, programme: Programme, person: Person, year: number): Standing | null {
  if (!isOfPopulation(indicator, programme, person, year)) return null
  const asked = { person, programme: programme.programme, year }
  if (indicator.exclusions.some(({ when }) => answerOf(when, asked) === true)) return 'excluded'
  const answer = answerOf(indicator.numerator, asked)
  return answer === null ? 'unknown' : answer ? 'numerator' : 'denominator'
}

function isOfPopulation({ population }: Indicator, programme: Programme, person: Person, year: number): boolean {
  const day = lastDayOf(year)
  if (practiceOf(person, programme.programme, year) === null) return false
  if (population === 'registered') return true
  const criteria = programme.inclusion?.any ?? []
  if (criteria.length > 0 && !criteria.some((each) => criteriaHold(each, person, day))) return false
  if (population === 'coded') return true
  const enrolment = enrolmentIn(person, programme.programme, day)
  if (enrolment === undefined || (enrolment.mainPractitioner ?? 'gp') !== 'gp') return false
  return population === 'enrolled' || enrolment.since <= firstDayOf(year, 12)
}

const enrolmentIn = ({ enrolments }: Person, programme: string, day: Day): Enrolled | undefined =>
  enrolments.find((each) => each.programme === programme && holdsOn(each, day))

interface Asked {
  readonly person: Person
  readonly programme: string
  readonly year: number
}

/** Yes, no, or null: nobody knows. Of several that must all hold one unknown leaves the whole unknown. */
function answerOf(question: Question, asked: Asked): boolean | null {
  const { person, programme, year } = asked
  const day = lastDayOf(year)
  switch (question.ask) {
    case 'enrolled':
      return enrolmentIn(person, programme, day) !== undefined
    case 'main_practitioner':
      return question.among.includes(enrolmentIn(person, programme, day)?.mainPractitioner ?? '')
    case 'measured':
      return question.measures.some((measure) => readingsOf(person, measure, year, question.months).length > 0)
    case 'last':
      return lastHolds(question, asked)
    case 'medication':
      return person.medications.some(
        ({ atc, since, until }) =>
          since <= day &&
          (until === null || until > firstDayOf(year, question.months)) &&
          question.atc.some((code) => atc.startsWith(code)),
      )
    case 'age': {
      const age = ageOf(person, year)
      return age === null ? null : (question.from ?? 0) <= age && age <= (question.to ?? Infinity)
    }
    case 'all':
    case 'any': {
      const answers = question.of.map((each) => answerOf(each, asked))
      if (question.ask === 'all') return answers.includes(null) ? null : !answers.includes(false)
      return answers.includes(true) ? true : answers.includes(null) ? null : false
    }
  }
}

/** Whole years on the last day of the year, by when every birthday of it has been. */
const ageOf = ({ birthYear }: Person, year: number): number | null => (birthYear === null ? null : year - birthYear)

const readingsOf = ({ readings }: Person, measure: string, year: number, months: number) =>
  readings.filter(
    (each) => each.measure === measure && each.on >= firstDayOf(year, months) && each.on <= lastDayOf(year),
  )

/** The last valid value, those of one day averaged. */
function lastHolds(
  { measure, months, bands }: Extract<Question, { ask: 'last' }>,
  { person, year }: Asked,
): boolean | null {
  const readings = readingsOf(person, measure, year, months)
  const lastOn = readings.reduce((last, { on }) => (on > last ? on : last), '')
  const values = readings.filter(({ on }) => on === lastOn).map(({ value }) => value)
  if (values.length === 0) return null
  const band = bandOf(bands, ageOf(person, year))
  if (band === null) return null
  const last = values.reduce((sum, value) => sum + value, 0) / values.length
  return (
    (band.atLeast === null || last >= band.atLeast) &&
    (band.atMost === null || last <= band.atMost) &&
    (band.above === null || last > band.above)
  )
}

/** The first band that the age lies under; without an age only one that is for everybody. */
const bandOf = (bands: readonly Band[], age: number | null): Band | null =>
  bands.find(({ under }) => under === null || (age !== null && age < under)) ?? null
