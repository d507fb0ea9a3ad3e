/** Digit preference: whether the last digits of a partner's readings are spread as they were before. */
import { chiSquareTail } from '../kernel/tails.ts'

/** Steps in which a measure may be written, coarsest first. */
const STEPS = [1, 0.1, 0.01] as const

/** Readings by last digit at each of STEPS: [step * 10 + digit]; and how many are whole at it. */
export interface DigitCounts {
  readonly digits: Int32Array
  readonly whole: Int32Array
  readings: number
}

export const noDigits = (): DigitCounts => ({
  digits: new Int32Array(STEPS.length * 10),
  whole: new Int32Array(STEPS.length),
  readings: 0,
})

/** Counts one reading. */
export function countDigit(counts: DigitCounts, value: number): void {
  counts.readings++
  STEPS.forEach((step, at) => {
    const units = Math.round(Math.abs(value) / step)
    counts.digits[at * 10 + (units % 10)]!++
    if (Math.abs(Math.abs(value) - units * step) < 1e-6) counts.whole[at]!++
  })
}

/** The step in which nine in ten readings are whole, as an index in STEPS; the finest where none is. */
export function stepOf(counts: readonly DigitCounts[]): number {
  const readings = counts.reduce((sum, each) => sum + each.readings, 0)
  const found = STEPS.findIndex((_, at) => counts.reduce((sum, { whole }) => sum + whole[at]!, 0) >= 0.9 * readings)
  return found < 0 ? STEPS.length - 1 : found
}

/** Pearson's chi-square of homogeneity of two sets of last digits; digits that neither has fall away. Null where an expected count is below 5: then
 *  the tail is not to be trusted. */
export function digitTest(
  now: DigitCounts,
  before: DigitCounts,
  step: number,
): { readonly chiSquare: number; readonly p: number } | null {
  const columns = Array.from({ length: 10 }, (_, digit) => [
    now.digits[step * 10 + digit]!,
    before.digits[step * 10 + digit]!,
  ])
  const [n, m] = [now.readings, before.readings]
  if (n === 0 || m === 0) return null
  let [chiSquare, used] = [0, 0]
  for (const [a, b] of columns as [number, number][]) {
    if (a + b === 0) continue
    used++
    const [ea, eb] = [((a + b) * n) / (n + m), ((a + b) * m) / (n + m)]
    if (Math.min(ea, eb) < 5) return null
    chiSquare += (a - ea) ** 2 / ea + (b - eb) ** 2 / eb
  }
  return used < 2 ? null : { chiSquare, p: chiSquareTail(chiSquare, used - 1) }
}
