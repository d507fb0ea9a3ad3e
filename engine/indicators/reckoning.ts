/** The figures of every partner in a year. */
import type { Programme } from '../contract/programme.ts'
import type { Person } from '../inclusion/person.ts'
import { practiceOf, standingOf } from './evaluation.ts'
import { counted, NOBODY, type Counts, type Figure } from './figures.ts'
import { indicatorsOn, type Indicator, type Question } from './indicator.ts'
import { firstDayOf, lastDayOf } from './reporting-year.ts'
import type { Day } from '../kernel/calendar.ts'

export interface Reckoned {
  readonly year: number
  readonly programme: Programme
  /** of the programme, in every version */
  readonly indicators: readonly Indicator[]
  readonly persons: readonly Person[]
  /** the care group that a practice is a member of */
  readonly memberOf: ReadonlyMap<string, string>
}

/** Figures by partner (code units) and indicator (order of the set): of each practice, and of each care group over its practices.
 *  @throws Refusal `indicator_out_of_date` */
export function figuresOf({ year, programme, indicators, persons, memberOf }: Reckoned): Figure[] {
  const holding = indicatorsOn(indicators, lastDayOf(year))
  const partners = new Map<string, Counts[]>()
  for (const person of persons) {
    const practice = practiceOf(person, programme.programme, year)
    if (practice === null) continue
    const group = memberOf.get(practice)
    const units = group === undefined ? [practice] : [practice, group]
    for (const [at, indicator] of holding.entries()) {
      const standing = standingOf(indicator, programme, person, year)
      if (standing === null) continue
      for (const unit of units) {
        const counts = partners.get(unit) ?? holding.map(() => NOBODY)
        counts[at] = counted(counts[at]!, standing)
        partners.set(unit, counts)
      }
    }
  }
  const ids = [...partners.keys()].sort()
  return ids.flatMap((partnerId) =>
    holding.map(({ id, version }, at) => ({
      partnerId,
      year,
      programme: programme.programme,
      indicator: id,
      version,
      ...partners.get(partnerId)![at]!,
    })),
  )
}

/** What a condition of segment 3 rests on besides indicators, by practice and by care group. */
export interface Standings {
  /** coded with the programme's diagnosis: of whom it is known where the main practitioner is */
  readonly mainPractitioner: Counts
  /** enrolled on the last day of the year, the GP as main practitioner */
  readonly patients: number
}

/** By partner. Of a coded person who is enrolled in the programme nowhere, or without the word, the main practitioner is not known;
 *  `none` (niet-geregelde zorg) is. */
export function standingsOf({
  year,
  programme,
  persons,
  memberOf,
}: Omit<Reckoned, 'indicators'>): Map<string, Standings> {
  const partners = new Map<string, Standings>()
  for (const person of persons) {
    const practice = practiceOf(person, programme.programme, year)
    if (practice === null) continue
    const known = standingOf(KNOWN, programme, person, year)
    const enrolled = standingOf(ENROLLED, programme, person, year) === 'numerator'
    const group = memberOf.get(practice)
    for (const unit of group === undefined ? [practice] : [practice, group]) {
      const { mainPractitioner, patients } = partners.get(unit) ?? { mainPractitioner: NOBODY, patients: 0 }
      partners.set(unit, {
        mainPractitioner: known === null ? mainPractitioner : counted(mainPractitioner, known),
        patients: patients + (enrolled ? 1 : 0),
      })
    }
  }
  return partners
}

const always = {
  id: '',
  version: '',
  programme: '',
  validFrom: '0001-01-01',
  validTo: null,
  title: { nl: '', en: '' },
  exclusions: [],
  source: '',
  certainty: 'S',
} as const
const KNOWN: Indicator = {
  ...always,
  population: 'coded',
  numerator: { ask: 'main_practitioner', among: ['gp', 'specialist', 'none'] },
}
const ENROLLED: Indicator = { ...always, population: 'enrolled', numerator: { ask: 'enrolled' } }

/** The measures that indicators and the criteria of their programmes look at, and the first day of any of them. */
export function lookedAt(
  indicators: readonly Indicator[],
  programmes: readonly Programme[],
  year: number,
): { measures: string[]; since: Day } {
  const asked = indicators.flatMap(({ numerator, exclusions }) =>
    [numerator, ...exclusions.map(({ when }) => when)].flatMap(partsOf),
  )
  const measures = asked.flatMap((each) =>
    each.ask === 'measured' ? each.measures : each.ask === 'last' ? [each.measure] : [],
  )
  const criteria = programmes
    .flatMap(({ inclusion }) => inclusion?.any ?? [])
    .flatMap(({ lastValue }) => lastValue?.measure ?? [])
  const months = asked.map((each) => ('months' in each ? each.months : 12))
  return { measures: [...new Set([...measures, ...criteria])].sort(), since: firstDayOf(year, Math.max(12, ...months)) }
}

const partsOf = (question: Question): Question[] =>
  question.ask === 'all' || question.ask === 'any' ? question.of.flatMap(partsOf) : [question]
