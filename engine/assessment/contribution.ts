/** The contribution of each patient: the gain, or its doubly robust completion where the outcome is missing (method.md 3). */
import { isEligible, MEASURED, MISSING } from './assessment.ts'
import type { MissingRule } from '../contract/contract.ts'
import { besides, type Facts } from './facts.ts'
import { logisticPredictions } from './logistic.ts'
import { quantised } from '../kernel/quantise.ts'
import { ridgePredictions } from './ridge.ts'

/** No probability of being measured is taken below this: a weight of ten is the most that one patient gets. */
const LEAST_PROBABILITY = 0.1
/** With fewer measured patients m = 0. */
const LEAST_MEASURED = 20

/** One outcome of one frame; columns have a row per admission, NaN unless eligible, quantised. */
export interface Contributions {
  /** pi */
  readonly measuredProbability: Float64Array
  /** m */
  readonly imputedGain: Float64Array
  /** A; NaN where the contract's `missing` leaves the patient out */
  readonly contribution: Float64Array
}

/** pi, m and A of all eligible patients of the contract and its controls (in a placebo year: of all its partners).
 *  `exclude`: A = gain of the measured. `zero`: and 0 for the missing. `doubly_robust`: A = m + (gain - m) / pi, m for the missing.
 *  @param status index in STATUSES per row   @param gain NaN unless measured
 *  @param atIndex facts known on the index date   @param afterIndex readings after it that lie before the window */
export function contributionsOf(
  status: Uint8Array,
  gain: Float64Array,
  atIndex: Facts,
  afterIndex: Facts,
  missing: MissingRule,
): Contributions {
  const everyone = rowsWhere(status, isEligible)
  const measuredProbability = measuredProbabilityOf(status, atIndex, everyone)
  const imputedGain = imputedGainOf(status, gain, besides(atIndex, afterIndex), everyone)
  const contribution = new Float64Array(status.length).fill(NaN)
  for (const row of everyone) {
    const [measured, m] = [status[row] === MEASURED, imputedGain[row]!]
    if (missing !== 'doubly_robust') {
      if (measured) contribution[row] = gain[row]!
      else if (missing === 'zero') contribution[row] = 0
    } else contribution[row] = measured ? quantised(m + (gain[row]! - m) / measuredProbability[row]!) : m
  }
  return { measuredProbability, imputedGain, contribution }
}

/** pi = P(measured | what was known on the index date) for every eligible row, logistic, at least LEAST_PROBABILITY.
 *  @param fitted the eligible rows to fit: all, or those of the controls (gate `max_excess_missing`) */
export function measuredProbabilityOf(status: Uint8Array, atIndex: Facts, fitted: Int32Array): Float64Array {
  const everyone = rowsWhere(status, isEligible)
  const missing = fitted.reduce((count, row) => count + (status[row] === MISSING ? 1 : 0), 0)
  if (missing === 0 || missing === fitted.length) {
    const certain = new Float64Array(status.length).fill(NaN)
    for (const row of everyone) certain[row] = missing === 0 ? 1 : LEAST_PROBABILITY
    return certain
  }
  const event = status.map((code) => (code === MEASURED ? 1 : 0))
  return logisticPredictions(atIndex, event, fitted, everyone).map((p) => quantised(Math.max(LEAST_PROBABILITY, p)))
}

/** pi of every eligible row with the model fitted on the controls' eligible rows alone; null where there are none. */
export function measuredAmongControlsOf(
  status: Uint8Array,
  atIndex: Facts,
  partner: Int32Array,
  isControl: Uint8Array,
): Float64Array | null {
  const fitted = rowsWhere(status, (code, row) => isEligible(code) && isControl[partner[row]!] === 1)
  return fitted.length === 0 ? null : measuredProbabilityOf(status, atIndex, fitted)
}

/** m: the expected gain given the facts, fitted on the measured patients. */
function imputedGainOf(status: Uint8Array, gain: Float64Array, facts: Facts, everyone: Int32Array): Float64Array {
  const measured = rowsWhere(status, (code) => code === MEASURED)
  if (measured.length >= LEAST_MEASURED) return ridgePredictions(facts, gain, measured, everyone).map(quantised)
  const zero = new Float64Array(status.length).fill(NaN)
  for (const row of everyone) zero[row] = 0
  return zero
}

function rowsWhere(status: Uint8Array, wanted: (code: number, row: number) => boolean): Int32Array {
  const rows = new Int32Array(status.length)
  let count = 0
  for (let row = 0; row < status.length; row++) if (wanted(status[row]!, row)) rows[count++] = row
  return rows.subarray(0, count)
}
