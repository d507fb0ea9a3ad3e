/** What research may be broken down by, and the sums that its answers are made of. */

/** Base dimensions may be combined with each other and with one fine dimension. */
export const BASE_DIMENSIONS = ['group', 'age_band', 'sex'] as const
/** Fine dimensions cut small: an answer has one at most (decision 34). */
export const FINE_DIMENSIONS = ['partner', 'year', 'postcode_area', 'condition'] as const
/** In the order of an answer's columns. */
export const RESEARCH_DIMENSIONS = [
  'group',
  'partner',
  'year',
  'age_band',
  'sex',
  'postcode_area',
  'condition',
] as const

export type FineDimension = (typeof FINE_DIMENSIONS)[number]
export type ResearchDimension = (typeof RESEARCH_DIMENSIONS)[number]

/** Of people whose birth year is not known. */
export const UNKNOWN_AGE = -1

/** A sum of values and of their squares. */
export interface Moments {
  readonly sum: number
  readonly squares: number
}

/** Persons of one measure: counts, and sums over the measured (of contributions over all that have one). */
export interface Sums {
  /** measured or missing */
  readonly eligible: number
  readonly measured: number
  /** the mean of the expectation and the realised reading, in the measure's unit */
  readonly expectedRaw: Moments
  readonly realisedRaw: Moments
  /** on the health scale */
  readonly expected: Moments
  readonly realised: Moments
  readonly gain: Moments
  readonly contributions: number
  readonly contribution: Moments
}

/** Where persons stand on the base dimensions and on one fine dimension. */
export interface ResearchCell {
  readonly measure: string
  readonly fine: FineDimension
  readonly value: string
  readonly group: string
  /** first year of a ten-year band; UNKNOWN_AGE */
  readonly age: number
  readonly sex: string
  readonly sums: Sums
  /** tables in which the place of the cell is told (told.ts) */
  readonly told: number
}

const both = (a: Moments, b: Moments): Moments => ({ sum: a.sum + b.sum, squares: a.squares + b.squares })

export const added = (a: Sums, b: Sums): Sums => ({
  eligible: a.eligible + b.eligible,
  measured: a.measured + b.measured,
  expectedRaw: both(a.expectedRaw, b.expectedRaw),
  realisedRaw: both(a.realisedRaw, b.realisedRaw),
  expected: both(a.expected, b.expected),
  realised: both(a.realised, b.realised),
  gain: both(a.gain, b.gain),
  contributions: a.contributions + b.contributions,
  contribution: both(a.contribution, b.contribution),
})
