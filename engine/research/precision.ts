/** How precisely means are told: one decimal more than the measure is recorded with, which is what reporting guidelines ask. */
import type { Moments } from './dimensions.ts'

/** Decimals that laboratories and instruments record a unit with: HbA1c, blood pressure and eGFR in whole numbers, lipids and BMI with one
 *  decimal, the Dutch EQ-5D-5L tariff with three (NHG-Tabel 45 Diagnostische Bepalingen; Versteegh et al. 2016). */
const RECORDED_DECIMALS: Readonly<Record<string, number>> = {
  'mmol/mol': 0,
  mmHg: 0,
  'mmol/L': 1,
  'kg/m2': 1,
  'mL/min/1.73m2': 0,
  'mg/mmol': 1,
  '{utility}': 3,
  '{score}': 0,
  '{class}': 0,
  '/a': 0,
  'd/a': 0,
  'd/30d': 0,
  '%': 0,
  kg: 1,
}

/** Decimals of a mean in a unit (Lang and Altman 2013, SAMPL; Cole 2015, doi 10.1136/archdischild-2014-307149).
 *  A unit that nobody has listed is taken to be recorded with one. */
export const meanDecimals = (unit: string): number => (RECORDED_DECIMALS[unit] ?? 1) + 1

/** A mean with its standard error and 95% interval, rounded. */
export interface Estimate {
  readonly mean: number
  readonly se: number
  readonly lower: number
  readonly upper: number
}

/** The mean of n values: standard error s / sqrt(n), interval by Student's t with n - 1 degrees of freedom.
 *  @param decimals of the mean and of the interval; the standard error has one more */
export function estimateOf({ sum, squares }: Moments, n: number, decimals: number): Estimate {
  const mean = sum / n
  const variance = Math.max(0, (squares - n * mean * mean) / (n - 1))
  const se = Math.sqrt(variance / n)
  const half = studentQuantile(n - 1) * se
  return {
    mean: rounded(mean, decimals),
    se: rounded(se, decimals + 1),
    lower: rounded(mean - half, decimals),
    upper: rounded(mean + half, decimals),
  }
}

/** x to a number of decimals, half away from zero, never -0. */
export function rounded(x: number, decimals: number): number {
  const whole = Math.sign(x) * Math.round(Math.abs(x) * 10 ** decimals)
  return whole === 0 ? 0 : Number((whole / 10 ** decimals).toFixed(decimals))
}

const Z = 1.959963984540054

/** The 97.5% quantile of Student's t, by the expansion of Cornish and Fisher to the fourth order: within 1e-4 from nine degrees on. */
function studentQuantile(freedom: number): number {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160,
  ]
  return terms.reduce((sum, term, order) => sum + term / freedom ** (order + 1), Z)
}
