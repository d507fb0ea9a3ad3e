/** OBSERVATION_PERIOD of OMOP: when a person was enrolled; of one who never was, from the first fact to the last. */
import { dayOf, epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'

/** Epoch days, both inclusive. */
interface Period {
  readonly since: number
  readonly until: number
}

export class ObservationPeriods {
  private readonly ends: Map<number, number> = new Map()
  private readonly enrolled = new Set<number>()
  /** of persons without an enrolment */
  private readonly spans = new Map<number, Period>()
  private person = 0
  private stays: Period[] = []

  /** @param asOf the last day that is known of
   *  @param put called with the periods of a person in order, none overlapping or touching another */
  constructor(
    private readonly asOf: Day,
    private readonly put: (person: number, since: Day, until: Day) => void,
  ) {}

  died(person: number, on: Day): void {
    this.ends.set(person, epochDayOf(on))
  }

  /** Enrolments come person after person.
   *  @param endedOn the first day on which it no longer held; blank while it holds */
  enrolment(person: number, startedOn: Day, endedOn: Day | ''): void {
    if (person !== this.person) this.endPerson()
    this.person = person
    this.enrolled.add(person)
    const since = epochDayOf(startedOn)
    const last = endedOn === '' ? epochDayOf(this.asOf) : epochDayOf(endedOn) - 1
    this.stays.push({ since, until: Math.max(since, Math.min(last, this.ends.get(person) ?? last)) })
  }

  /** A fact of a day, once all enrolments have come. */
  fact(person: number, on: Day): void {
    if (this.enrolled.has(person)) return
    const day = epochDayOf(on)
    const { since, until } = this.spans.get(person) ?? { since: day, until: day }
    this.spans.set(person, { since: Math.min(since, day), until: Math.max(until, day) })
  }

  finish(): void {
    this.endPerson()
    for (const [person, { since, until }] of [...this.spans].sort(([a], [b]) => a - b))
      this.put(person, dayOf(since), dayOf(until))
  }

  private endPerson(): void {
    for (const { since, until } of united(this.stays)) this.put(this.person, dayOf(since), dayOf(until))
    this.stays = []
  }
}

/** Periods in order; those that overlap, or follow each other without a day between, are one. */
function united(stays: readonly Period[]): readonly Period[] {
  const periods: Period[] = []
  for (const stay of stays.toSorted((a, b) => a.since - b.since)) {
    const last = periods.at(-1)
    if (last !== undefined && stay.since <= last.until + 1)
      periods[periods.length - 1] = { since: last.since, until: Math.max(last.until, stay.until) }
    else periods.push(stay)
  }
  return periods
}
