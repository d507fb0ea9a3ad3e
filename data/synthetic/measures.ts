/** How each measure of the synthetic region varies between and within patients.
 *
 *  y(t) = mean + practice + person + course(t) + drift * years + noise: normal between practices and persons, a
 *  stationary Ornstein-Uhlenbeck course with a half-life, independent noise per reading. The sizes are assumptions of
 *  the size that published Dutch and British primary-care cohorts show; they were not fitted to anybody's data. */
import type { Random } from '../../engine/kernel/random.ts'

export interface MeasureModel {
  readonly key: string
  readonly unit: string
  readonly mean: number
  /** standard deviations, in the unit */
  readonly practiceSd: number
  readonly personSd: number
  readonly courseSd: number
  readonly noiseSd: number
  readonly halfLifeMonths: number
  readonly driftPerYear: number
  /** share of the person's deviation, as correlations, that age (older), sex (woman) and frailty explain */
  readonly age: number
  readonly woman: number
  readonly frailty: number
  /** whether the person's deviation has a long upper tail */
  readonly skewed: boolean
  /** probability that a visit measures it, when it is due and when it is not */
  readonly whenDue: number
  readonly otherwise: number
  /** days after which it is due again */
  readonly dueDays: number
  /** whether a laboratory measures it, rather than the practice */
  readonly laboratory: boolean
  readonly clamp: readonly [number, number]
  /** as a practice's computer writes it */
  readonly written: (value: number, random: Random) => number
}

const whole = (value: number): number => Math.round(value)
const tenth = (value: number): number => Math.round(value * 10) / 10
/** Even numbers, and every fifth reading to the nearest ten: the digit preference of manual readings. */
const pressure = (value: number, random: Random): number =>
  random.uniform() < 0.2 ? Math.round(value / 10) * 10 : Math.round(value / 2) * 2

// prettier-ignore
export const MEASURE_MODELS: readonly MeasureModel[] = [
  { key: 'hba1c', unit: 'mmol/mol', mean: 53.5, practiceSd: 2.0, personSd: 7.5, courseSd: 7.5, noiseSd: 2.5, halfLifeMonths: 6,
    driftPerYear: 0.2, age: -0.15, woman: 0, frailty: 0.1, skewed: true, whenDue: 0.8, otherwise: 0.8, dueDays: 0, laboratory: true, clamp: [26, 160], written: whole },
  { key: 'sbp', unit: 'mmHg', mean: 136, practiceSd: 2.8, personSd: 7, courseSd: 6, noiseSd: 11, halfLifeMonths: 12,
    driftPerYear: 0, age: 0.3, woman: 0.05, frailty: -0.1, skewed: false, whenDue: 0.85, otherwise: 0.85, dueDays: 0, laboratory: false, clamp: [76, 230], written: pressure },
  { key: 'dbp', unit: 'mmHg', mean: 76, practiceSd: 1.5, personSd: 5, courseSd: 3.5, noiseSd: 7, halfLifeMonths: 12,
    driftPerYear: 0, age: -0.3, woman: 0, frailty: -0.1, skewed: false, whenDue: 0.16, otherwise: 0.16, dueDays: 0, laboratory: false, clamp: [40, 130], written: pressure },
  { key: 'ldl', unit: 'mmol/L', mean: 2.35, practiceSd: 0.12, personSd: 0.6, courseSd: 0.45, noiseSd: 0.25, halfLifeMonths: 12,
    driftPerYear: -0.02, age: -0.15, woman: 0.2, frailty: 0, skewed: false, whenDue: 0.9, otherwise: 0.04, dueDays: 240, laboratory: true, clamp: [0.4, 9], written: tenth },
  { key: 'bmi', unit: 'kg/m2', mean: 30, practiceSd: 0.4, personSd: 4.9, courseSd: 0.9, noiseSd: 0.4, halfLifeMonths: 24,
    driftPerYear: -0.05, age: -0.3, woman: 0.1, frailty: 0, skewed: true, whenDue: 0.36, otherwise: 0.03, dueDays: 330, laboratory: false, clamp: [15, 65], written: tenth },
  { key: 'egfr', unit: 'mL/min/1.73m2', mean: 74, practiceSd: 1.5, personSd: 17, courseSd: 4, noiseSd: 4, halfLifeMonths: 24,
    driftPerYear: -1.5, age: -0.6, woman: 0, frailty: -0.2, skewed: false, whenDue: 0.45, otherwise: 0.02, dueDays: 300, laboratory: true, clamp: [6, 130], written: whole },
]

/** The measures that the contract of the synthetic region pays for. */
export const PAID_MEASURES: readonly string[] = ['hba1c', 'sbp', 'ldl']

/** Standard deviation of one reading of the measure, over everybody. */
export const totalSdOf = (model: MeasureModel): number =>
  Math.hypot(model.practiceSd, model.personSd, model.courseSd, model.noiseSd)
