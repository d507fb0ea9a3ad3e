/** Where the values of a measure can lie, and the scale on which its errors are alike. */
import type { ExpectationSpec } from '../estimator.ts'

/** The plausible range, and the step of a score, class or count; 0: values lie anywhere between. */
export interface Support {
  readonly low: number
  readonly high: number
  readonly step: number
}

export const supportOf = ({ plausible: [low, high], step }: Pick<ExpectationSpec, 'plausible' | 'step'>): Support => ({
  low,
  high,
  step: step ?? 0,
})

/** The value nearest to y that a measure can have; of two equally near the higher. */
export function possible(y: number, { low, high, step }: Support): number {
  if (!(y > low)) return low
  if (y >= high) return high
  return step > 0 ? Math.min(high, low + step * Math.floor((y - low) / step + 0.5)) : y
}

/** Errors are alike on the measure's own scale (null), or on log(y - low + offset). */
export type LogOffset = number | null

export const onScale = (y: number, { low }: Support, offset: LogOffset): number =>
  offset === null ? y : Math.log(Math.max(0, y - low) + offset)

export const fromScale = (u: number, { low }: Support, offset: LogOffset): number =>
  offset === null ? u : Math.exp(Math.min(u, mostExponent)) - offset + low

const mostExponent = 300

/** What a reported value says of the unrounded one, on the scale: more than `above`, up to `through`. At an end of the range it may lie
 *  anywhere beyond, so that a score at its ceiling is censored there (Tobin 1958; Turnbull 1976). */
export function censored(y: number, support: Support, offset: LogOffset): readonly [above: number, through: number] {
  const { low, high, step } = support
  return [
    y <= low ? -Infinity : onScale(y - step / 2, support, offset),
    y >= high ? Infinity : onScale(y + step / 2, support, offset),
  ]
}
