/** An indicator of a programme: who is looked at, and of them who counts. */
import type { Constant } from '../constants/constant.ts'
import type { Day } from '../kernel/calendar.ts'
import { Refusal } from '../kernel/refusal.ts'

/** Who is looked at on the last day of a year, each a part of the one before: coded with the programme's diagnosis, alive and with a practice; the GP as main
 *  practitioner, enrolled; enrolled with that practice for the whole year. */
export const POPULATIONS = ['registered', 'coded', 'enrolled', 'whole_year'] as const
export type Population = (typeof POPULATIONS)[number]

/** A band of ages with its bounds for a value; ages are whole years at the end of the year. */
export interface Band {
  readonly under: number | null
  readonly atLeast: number | null
  readonly atMost: number | null
  readonly above: number | null
}

/** What is asked of a person: it holds, it does not, or nobody knows. */
export type Question =
  | { readonly ask: 'enrolled' }
  | { readonly ask: 'main_practitioner'; readonly among: readonly string[] }
  /** a value of one of the measures in so many months */
  | { readonly ask: 'measured'; readonly measures: readonly string[]; readonly months: number }
  /** the last value in so many months, by the first band that the age lies under */
  | { readonly ask: 'last'; readonly measure: string; readonly months: number; readonly bands: readonly Band[] }
  | { readonly ask: 'medication'; readonly atc: readonly string[]; readonly months: number }
  | { readonly ask: 'age'; readonly from: number | null; readonly to: number | null }
  | { readonly ask: 'all' | 'any'; readonly of: readonly Question[] }

export interface Indicator extends Pick<Constant, 'validFrom' | 'validTo' | 'source' | 'certainty'> {
  readonly id: string
  readonly version: string
  readonly programme: string
  readonly title: { readonly nl: string; readonly en: string }
  readonly population: Population
  readonly numerator: Question
  readonly exclusions: readonly { readonly reason: string; readonly when: Question }[]
}

/** Of each indicator the version that holds on a day, in the order of the set.
 *  @throws Refusal `indicator_out_of_date` for one that has no version then */
export function indicatorsOn(indicators: readonly Indicator[], day: Day): readonly Indicator[] {
  return [...new Set(indicators.map(({ id }) => id))].map((id) => {
    const versions = indicators.filter((each) => each.id === id)
    const found = versions.find(({ validFrom, validTo }) => validFrom <= day && (validTo === null || day <= validTo))
    if (found !== undefined) return found
    const spans = versions.map(
      (each) => `${each.version} from ${each.validFrom} to ${each.validTo ?? 'further notice'}`,
    )
    throw new Refusal(
      'indicator_out_of_date',
      `Indicator ${id} has no version that holds on ${day}; there is ${spans.join(', ')}. Ask for another year, or add a version.`,
      { indicator: id, day },
    )
  })
}
