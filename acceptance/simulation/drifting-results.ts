/** Expectations and realised values by month: calibrated until a drift begins. */
import type { Results } from '../../engine/explain/drift.ts'
import { randomOf } from '../../engine/kernel/random.ts'

export interface DriftingWorld {
  readonly seed: number
  readonly perMonth: number
  readonly months?: number
  /** from month 6 on: slope of the realised on the expected, shift of the realised in predictive sd */
  readonly slope?: number
  readonly bias?: number
  /** residuals as skewed as an exponential */
  readonly skewed?: boolean
  readonly side?: 'control' | 'contract'
}

/** The first month, and how many of them hold before something changes. */
export const [FIRST, CHANGE] = [12 * 2025, 6]

/** Expectations of R2 = 0.5 and what came true: as expected, until the change. */
export function resultsOf({
  seed,
  perMonth,
  months = 12,
  slope = 1,
  bias = 0,
  skewed = false,
  side = 'control',
}: DriftingWorld): Results {
  const rows = months * perMonth
  const random = randomOf(seed, perMonth)
  const mean = Float64Array.from({ length: rows }, () => 55 + 7 * random.normal())
  const monthOf = (row: number): number => Math.floor(row / perMonth)
  const realised = mean.map((expected, row) => {
    const [b, shift] = monthOf(row) < CHANGE ? [1, 0] : [slope, bias]
    return 55 + b * (expected - 55) + 7 * (shift + (skewed ? random.exponential() - 1 : random.normal()))
  })
  return {
    month: Int32Array.from(mean, (_, row) => FIRST + monthOf(row)),
    control: new Uint8Array(rows).fill(side === 'control' ? 1 : 0),
    practice: Int32Array.from(mean, (_, row) => row % 20),
    mean,
    sd: new Float64Array(rows).fill(7),
    realised,
  }
}
