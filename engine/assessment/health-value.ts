/** The health value of a measurement: one scale on which higher is always better (method.md 3). */
import type { Outcome } from '../contract/contract.ts'
import type { Better } from '../contract/programme.ts'
import { quantised, unsigned } from '../kernel/quantise.ts'
import { Refusal } from '../kernel/refusal.ts'

/** h(y), in the measure's unit. c() clamps to `countedRange`: -c(y) if lower is better, c(y) if higher is better, and
 *  with a `target` [lo, hi]: -max(0, c(y) - hi, lo - c(y)), so that leaving the window on either side is a loss.
 *  @throws Refusal where the measure is one of staying in a window and the outcome names none */
export function healthOf(outcome: Pick<Outcome, 'measure' | 'countedRange' | 'target'>, better: Better): Health {
  const bends = [...(outcome.countedRange ?? []), ...(outcome.target ?? [])].sort((a, b) => a - b)
  return Object.assign(valueOf(outcome, better), { bends })
}

/** h, and the values at which its slope changes, ascending: it is a line before, between and after them. */
export type Health = ((y: number) => number) & { readonly bends: readonly number[] }

function valueOf(outcome: Pick<Outcome, 'measure' | 'countedRange' | 'target'>, better: Better): (y: number) => number {
  const { countedRange: counted, target } = outcome
  const clamped = counted === null ? (y: number) => y : (y: number) => Math.min(counted[1], Math.max(counted[0], y))
  if (target !== null) {
    const [low, high] = target
    return (y) => {
      const value = clamped(y)
      return unsigned(-Math.max(0, value - high, low - value))
    }
  }
  if (better === 'window')
    throw new Refusal(
      'target_missing',
      `outcome ${outcome.measure} is better within a window: give it a target [lo, hi] in the contract`,
      { measure: outcome.measure },
    )
  return better === 'lower' ? (y) => unsigned(-clamped(y)) : (y) => clamped(y)
}

/** Realised value and gain of every row on the health scale: gain = h(realised) - E[h(Y)], both as they are written.
 *  @param realised in the measure's unit, NaN where not measured
 *  @param expectedValue E[h(Y)] over the predictive distribution, quantised */
export function gainsOf(
  health: (y: number) => number,
  realised: Float64Array,
  expectedValue: Float64Array,
): { realisedValue: Float64Array; gain: Float64Array } {
  const realisedValue = realised.map((y) => quantised(health(y)))
  const gain = realisedValue.map((value, row) => quantised(value - expectedValue[row]!))
  return { realisedValue, gain }
}
