/** Who counts in a programme on a day, with whom and for whom; and of everybody else the first reason why not. */
import type { Inclusion } from '../contract/inclusion.ts'
import type { Programme } from '../contract/programme.ts'
import type { Day } from '../kernel/calendar.ts'
import { criteriaHold } from './criteria.ts'
import { type Enrolled, holdsOn, type Person } from './person.ts'
import { goingBefore, type Precedence } from './precedence.ts'

/** In the order in which they are looked at: the first that applies is told. */
export const NOT_COUNTED = [
  'died',
  'not_enrolled',
  'no_diagnosis',
  'excluded',
  'age_unknown',
  'too_young',
  'too_old',
  'not_main_practitioner',
  'consent_refused',
  'no_consent',
  'not_insured',
  'other_programme',
] as const
export type NotCounted = (typeof NOT_COUNTED)[number]

export type Count =
  | { readonly counts: true; readonly practice: string; readonly insurer: string }
  | {
      readonly counts: false
      readonly reason: NotCounted
      /** the exclusion's own reason, or the programme that goes before; else '' */
      readonly detail: string
      /** with whom he is enrolled on the day; '': with nobody */
      readonly practice: string
    }

/** By which everybody is counted in a programme. */
export interface Counting {
  readonly programmes: ReadonlyMap<string, Programme>
  readonly precedence: readonly Precedence[]
  /** programmes that the contract allows beside its own */
  readonly beside?: readonly string[]
}

const EVERYBODY: Inclusion = {
  any: [],
  ageFrom: null,
  ageTo: null,
  mainPractitioner: 'gp',
  consent: 'not_refused',
  out: [],
}

/** Whether a person counts in a programme on a day. Days of a span are half-open: who died on 31 March, or whose enrolment ended that day,
 *  is there on the 30th and not on the 31st. */
export function countOf(person: Person, programme: string, day: Day, counting: Counting): Count {
  const enrolment = person.enrolments.find((each) => each.programme === programme && holdsOn(each, day))
  const practice = enrolment?.practice ?? ''
  const not = (reason: NotCounted, detail = ''): Count => ({ counts: false, reason, detail, practice })
  if (person.diedOn !== null && person.diedOn <= day) return not('died')
  if (enrolment === undefined) return not('not_enrolled')
  const inclusion = counting.programmes.get(programme)?.inclusion ?? EVERYBODY
  if (inclusion.any.length > 0 && !inclusion.any.some((each) => criteriaHold(each, person, day)))
    return not('no_diagnosis')
  const out = inclusion.out.find((each) => criteriaHold(each, person, day))
  if (out) return not('excluded', out.reason)
  const unfit =
    agedOut(inclusion, person, day) ?? unled(inclusion, enrolment) ?? unasked(inclusion, person, programme, day)
  if (unfit) return not(unfit)
  const insurer = person.insured.find((each) => holdsOn(each, day))?.insurer
  if (insurer === undefined) return not('not_insured')
  const other = goingBefore(counting.precedence, programme, counting.beside).find(
    (each) => countOf(person, each, day, counting).counts,
  )
  return other === undefined ? { counts: true, practice, insurer } : not('other_programme', other)
}

/** Of a person the year of birth is known: the age is the one that he has for certain, reached before the year began. */
function agedOut({ ageFrom, ageTo }: Inclusion, { birthYear }: Person, day: Day): NotCounted | undefined {
  if (ageFrom === null && ageTo === null) return undefined
  if (birthYear === null) return 'age_unknown'
  const age = Number(day.slice(0, 4)) - birthYear - 1
  if (ageFrom !== null && age < ageFrom) return 'too_young'
  return ageTo !== null && age > ageTo ? 'too_old' : undefined
}

const unled = ({ mainPractitioner }: Inclusion, enrolment: Enrolled): NotCounted | undefined =>
  mainPractitioner === 'gp' && (enrolment.mainPractitioner ?? 'gp') !== 'gp' ? 'not_main_practitioner' : undefined

function unasked({ consent }: Inclusion, person: Person, programme: string, day: Day): NotCounted | undefined {
  if (person.participation === null) return undefined
  const said = person.participation.find((each) => each.programme === programme && holdsOn(each, day))
  if (said !== undefined) return said.consent ? undefined : 'consent_refused'
  return consent === 'required' ? 'no_consent' : undefined
}

/** Whether a person has the diagnosis of a programme on a day and nobody says who leads the treatment: alive, and no enrolment in it on that day
 *  names a main practitioner. */
export function mainPractitionerUnknown(person: Person, programme: Programme, day: Day): boolean {
  const { inclusion } = programme
  if (inclusion === undefined || inclusion.any.length === 0) return false
  if (person.diedOn !== null && person.diedOn <= day) return false
  if (!inclusion.any.some((each) => criteriaHold(each, person, day))) return false
  return !person.enrolments.some(
    (each) => each.programme === programme.programme && holdsOn(each, day) && each.mainPractitioner !== null,
  )
}
