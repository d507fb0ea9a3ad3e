/** The figures of a profile before disclosure control: counts of rows, readings and patients, per measure and partner. */
import type { Day } from '../../engine/kernel/calendar.ts'
import type { Cause } from './likely-cause.ts'

/** One measure and one partner: the partner that delivered the reading, else the one where the patient is enrolled; '' is none. */
export interface Place {
  readonly measure: string
  readonly partner: string
}

export interface Spread extends Place {
  readonly readings: number
  readonly patients: number
  /** readings outside what is usual */
  readonly unusual: number
  /** readings by last digit at the measure's step; null where it has none. Values finer than the step have no last digit. */
  readonly digits: readonly number[] | null
}

/** The readings of a measure over all partners. */
export interface MeasureFigures extends Omit<Spread, 'partner'> {
  readonly unit: string
  readonly step: number | null
  /** values below which 5, 50 and 95% of the readings lie, at the step; null without readings */
  readonly quantiles: readonly [number, number, number] | null
  readonly units: readonly { readonly unit: string; readonly converted: boolean; readonly rows: number }[]
}

/** Patients enrolled on the delivery day, and those of them without a reading in the year up to it. */
export interface MissingFigures extends Place {
  readonly programme: string
  readonly enrolled: number
  readonly missing: number
}

/** Pairs of readings that cannot both be right. */
export interface PairFigures extends Place {
  readonly rule: 'swapped_pressures' | 'jump'
  readonly pairs: number
  readonly patients: number
}

/** A day, or a day of every year, with a suspicious share of all readings of a measure or of a partner. */
export interface DayFigures {
  readonly rule: 'placeholder_day' | 'outlying_day'
  readonly of: 'measure' | 'partner'
  readonly name: string
  /** YYYY-MM-DD, or MM-DD */
  readonly day: string
  readonly readings: number
  readonly patients: number
  readonly total: number
}

/** Rows of a table that are dated before their patient was born or after they died. */
export interface OutsideLifeFigures {
  readonly table: 'condition_episode' | 'medication' | 'claim'
  readonly when: 'after_death' | 'before_birth'
  readonly rows: number
  readonly patients: number
}

export interface Profile {
  readonly region: string
  readonly deliveredOn: Day
  /** of the delivery: rows that were new or changed */
  readonly readings: number
  readonly measures: readonly MeasureFigures[]
  readonly spreads: readonly Spread[]
  readonly missing: readonly MissingFigures[]
  readonly pairs: readonly PairFigures[]
  readonly days: readonly DayFigures[]
  /** accepted readings so late that their year is probably mistyped; after: the day by which nearly all readings lie */
  readonly late: { readonly readings: number; readonly patients: number; readonly after: Day | null }
  readonly outsideLives: readonly OutsideLifeFigures[]
  /** rejected rows by likely cause; measure null: not of one measure */
  readonly causes: readonly { readonly measure: string | null; readonly cause: Cause; readonly faults: number }[]
  /** partner names, by id */
  readonly names: Readonly<Record<string, string>>
  /** titles of measures, by key */
  readonly titles: Readonly<Record<string, { readonly nl: string; readonly en: string }>>
}
