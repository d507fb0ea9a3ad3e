/** Who is to be counted in a programme, as its file says it: what must be so, what must not, and what is only registered. */

/** What a file may ask of a person; everything that it names must hold. */
export interface Criteria {
  /** by code system: one of the codes is open on the day */
  readonly codes: Readonly<Record<string, readonly string[]>>
  /** one of the medicines, by the beginning of its ATC code, was in use in the year up to the day */
  readonly atc: readonly string[]
  /** the last value of a measure in so many days up to the day */
  readonly lastValue: {
    readonly measure: string
    readonly days: number
    readonly atLeast: number | null
    readonly atMost: number | null
  } | null
}

export interface Exclusion extends Criteria {
  readonly reason: string
}

export interface Inclusion {
  /** one of these holds; none: the enrolment says enough */
  readonly any: readonly Criteria[]
  /** years, both included; null: no bound */
  readonly ageFrom: number | null
  readonly ageTo: number | null
  /** gp: the enrolment's main practitioner is not a specialist or nobody; null: it does not matter */
  readonly mainPractitioner: 'gp' | null
  /** required: asked and given. not_refused: nobody refused it. Of a region that hands in no participation, neither is looked at */
  readonly consent: 'required' | 'not_refused'
  readonly out: readonly Exclusion[]
}

/** What is registered and is no outcome: smoking, feet, fundus. In `observations.csv` it stands under its key. */
export interface RecordKind {
  readonly key: string
  readonly title: { readonly nl: string; readonly en: string }
  readonly plausible: readonly [number, number]
  readonly codes: Readonly<Record<string, readonly string[]>>
}
