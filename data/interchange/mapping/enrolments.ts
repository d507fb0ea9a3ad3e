/** Enrolments: as a source states them, or derived where it knows none of a programme. */
import { addYears, type Day } from '../../../engine/kernel/calendar.ts'
import type { Origin } from '../../files/origins.ts'
import type { Row, Tables } from './tables.ts'
import type { SourceDay } from './source-day.ts'

/** Days without an end. */
const OPEN: SourceDay = '9999-12-31'

export interface Stay {
  readonly programme: string
  readonly partner: string
  readonly since: SourceDay
  /** blank: not ended */
  readonly until: SourceDay
  readonly endReason: string
  readonly mainPractitioner: string
  readonly origin: Origin
}

interface Person {
  /** of Episodes of care and the like */
  stated: Stay[]
  /** first diagnosis by programme */
  readonly diagnoses: Map<string, { readonly on: SourceDay; readonly origin: Origin }>
  /** contacts: two places each, day number and organisation; only kept for those with a diagnosis */
  readonly contacts: { readonly on: SourceDay; readonly partner: string }[]
  diedOn: SourceDay
  lastContact: SourceDay
}

/** How many enrolments were derived, and for how many no organisation was found. */
export interface Derived {
  readonly programme: string
  readonly derived: number
  readonly withoutOrganisation: number
}

/** Per patient, the data that enrolments are derived from. Days are compared as text; invalid days are reported elsewhere. */
export class Enrolments {
  private readonly people = new Map<string, Person>()
  private readonly statedProgrammes = new Set<string>()
  private allTold = false

  /** @param statesProgramme whether the source keeps enrolments in the programme, so that nobody else is in it */
  state(patient: string, stay: Stay, statesProgramme: boolean): void {
    this.person(patient).stated.push(stay)
    if (statesProgramme) this.statedProgrammes.add(stay.programme)
  }

  /** The source keeps enrolments in the programme, whoever is in it: none are derived. */
  keeps(programme: string): void {
    this.statedProgrammes.add(programme)
  }

  /** Enrolments are as stated: none are derived. */
  areAllTold(): void {
    this.allTold = true
  }

  diagnosis(patient: string, programme: string, on: SourceDay, origin: Origin): void {
    const { diagnoses } = this.person(patient)
    const known = diagnoses.get(programme)
    if (known === undefined || on < known.on) diagnoses.set(programme, { on, origin })
  }

  /** Contacts of the patient will be asked for. */
  expect(patient: string): void {
    this.person(patient)
  }

  /** Whether contacts of the patient may matter. */
  isOfInterest(patient: string): boolean {
    return this.people.has(patient)
  }

  contact(patient: string, on: SourceDay, partner: string): void {
    const person = this.person(patient)
    if (on > person.lastContact) person.lastContact = on
    if (partner !== '') person.contacts.push({ on, partner })
  }

  died(patient: string, on: SourceDay): void {
    this.person(patient).diedOn = on
  }

  /** Where a patient was seen most in the year up to a day; before it, if not then; then after it. */
  organisationOf(patient: string, on: SourceDay, fallback = ''): string {
    const contacts = this.people.get(patient)?.contacts ?? []
    // Compared as text only: of a day that is blank or half written, no contact lies in the year before.
    const yearBefore = addYears(on as Day, -1)
    const periods = [
      contacts.filter((each) => each.on > yearBefore && each.on <= on),
      contacts.filter((each) => each.on <= on),
    ]
    for (const period of periods) if (period.length > 0) return mostFrequent(period)
    if (fallback !== '') return fallback
    return contacts.length > 0 ? mostFrequent(contacts) : ''
  }

  /** Writes every enrolment.
   *  @param practiceOf where a patient is registered, if the source says so */
  async write(tables: Tables, practiceOf: (patient: string) => string): Promise<Derived[]> {
    const counts = new Map<string, { derived: number; withoutOrganisation: number }>()
    for (const [patient, person] of this.people) {
      for (const stay of merged(person.stated)) writeStay(tables, patient, stay)
      for (const [programme, { on, origin }] of [...person.diagnoses].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (
          this.allTold ||
          this.statedProgrammes.has(programme) ||
          person.stated.some((stay) => stay.programme === programme)
        )
          continue
        const count = counts.get(programme) ?? { derived: 0, withoutOrganisation: 0 }
        counts.set(programme, count)
        const partner = this.organisationOf(patient, on, practiceOf(patient))
        if (partner === '') count.withoutOrganisation++
        else {
          count.derived++
          const row = writeStay(tables, patient, derivedStay(programme, partner, on, person, origin))
          tables.markDerived(row, origin)
        }
      }
      await tables.breathe()
    }
    return [...counts]
      .map(([programme, count]) => ({ programme, ...count }))
      .sort((a, b) => (a.programme < b.programme ? -1 : 1))
  }

  private person(patient: string): Person {
    let person = this.people.get(patient)
    if (!person) {
      person = { stated: [], diagnoses: new Map(), contacts: [], diedOn: '', lastContact: '' }
      this.people.set(patient, person)
    }
    return person
  }
}

/** From the first diagnosis until death or the last contact. */
function derivedStay(programme: string, partner: string, since: SourceDay, person: Person, origin: Origin): Stay {
  const end = person.diedOn !== '' ? person.diedOn : person.lastContact
  const until = end < since ? since : end
  const endReason = person.diedOn !== '' ? 'died' : 'other'
  return { programme, partner, since, until, endReason, mainPractitioner: '', origin }
}

/** The most contacts; then the latest; then the first id. */
function mostFrequent(contacts: readonly { readonly on: SourceDay; readonly partner: string }[]): string {
  const seen = new Map<string, { count: number; last: SourceDay }>()
  for (const { on, partner } of contacts) {
    const each = seen.get(partner) ?? { count: 0, last: '' }
    seen.set(partner, { count: each.count + 1, last: on > each.last ? on : each.last })
  }
  const [best] = [...seen].sort(
    ([a, one], [b, other]) =>
      other.count - one.count || (one.last > other.last ? -1 : one.last < other.last ? 1 : a < b ? -1 : 1),
  )
  return best?.[0] ?? ''
}

/** Stays at one partner in one programme that overlap become one: a source may split one stay into many episodes. */
function merged(stays: readonly Stay[]): Stay[] {
  const sorted = [...stays].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : orderOf(a) > orderOf(b) ? 1 : 0))
  const whole: Stay[] = []
  for (const stay of sorted) {
    const last = whole.at(-1)
    const same = last && last.programme === stay.programme && last.partner === stay.partner
    if (!same || last.mainPractitioner !== stay.mainPractitioner || stay.since >= endOf(last)) whole.push(stay)
    else if (endOf(stay) > endOf(last))
      whole[whole.length - 1] = { ...last, until: stay.until, endReason: stay.endReason }
  }
  return whole
}

const endOf = ({ until }: Stay): SourceDay => (until === '' ? OPEN : until)
const orderOf = (stay: Stay): string => `${stay.programme} ${stay.partner} ${stay.since} ${endOf(stay)}`

function writeStay(tables: Tables, patient: string, stay: Stay): Row<'enrolments.csv'> {
  const row = {
    patient_id: patient,
    programme: stay.programme,
    partner_id: stay.partner,
    started_on: stay.since,
    ended_on: stay.until,
    end_reason: stay.endReason,
    main_practitioner: stay.mainPractitioner,
  }
  tables.add('enrolments.csv', row, stay.origin)
  return row
}
