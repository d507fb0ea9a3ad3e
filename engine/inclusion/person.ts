/** What is known of a person for counting: spans of days, each half-open, as the facts have them. */
import type { Day } from '../kernel/calendar.ts'

/** [since, until); null: still so */
export interface Span {
  readonly since: Day
  readonly until: Day | null
}

export interface Enrolled extends Span {
  readonly programme: string
  /** the enrolment's own partner: the practice */
  readonly practice: string
  /** null: nobody knows, which counts as the GP */
  readonly mainPractitioner: 'gp' | 'specialist' | 'none' | null
}

export interface Person {
  /** null: not known */
  readonly birthYear: number | null
  /** the first day that he was not alive; null: none is known */
  readonly diedOn: Day | null
  readonly enrolments: readonly Enrolled[]
  readonly conditions: readonly (Span & { readonly system: string; readonly code: string })[]
  readonly medications: readonly (Span & { readonly atc: string })[]
  readonly readings: readonly { readonly measure: string; readonly on: Day; readonly value: number }[]
  /** what he said to taking part; null: his region hands in no `participation.csv` */
  readonly participation: readonly (Span & { readonly programme: string; readonly consent: boolean })[] | null
  readonly insured: readonly (Span & { readonly insurer: string })[]
}

export const holdsOn = ({ since, until }: Span, day: Day): boolean => since <= day && (until === null || day < until)
