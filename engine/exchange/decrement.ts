/** What an event takes off a utility, and what avoiding some of them is worth. */
import type { Sourced } from './sourced.ts'
import { standardErrorOf } from './exchange-rate.ts'

/** QALY lost in the year of one event, with its 95% interval; null where the source names none. */
export interface Decrement extends Sourced {
  readonly event: string
  readonly qaly: number
  readonly interval: readonly [low: number, high: number] | null
}

/** QALY gained by events that did not happen, and the standard error of that; null: the source names no interval.
 *  @param avoided how many fewer, negative: more */
export function qalyOfAvoided(
  { qaly, interval }: Decrement,
  avoided: number,
): { readonly qaly: number; readonly se: number | null } {
  const se = interval === null ? null : Math.abs(avoided) * standardErrorOf({ low: interval[0], high: interval[1] })
  return { qaly: qaly * avoided, se }
}
