/** Baseline surprise: how much worse a patient's baseline is than predicted from the readings before it. */
import { ridgePredictions } from '../assessment/ridge.ts'

/** The most earlier readings used as predictors. */
export const EARLIER = 4
/** The fewest similar patients for a prediction. */
const FEWEST_ALIKE = 30

/** A row per patient with a baseline and an earlier reading; worse is higher. */
export interface Baselines {
  readonly baseline: Float64Array
  /** [rows, EARLIER], the latest first; NaN where there is none */
  readonly earlier: Float64Array
  /** from the latest earlier reading to the baseline, days */
  readonly gapDays: Float64Array
}

/** X0 - E[X0 | earlier readings], by a linear regression among patients with as many earlier readings; NaN where too few are alike. */
export function surprisesOf({ baseline, earlier, gapDays }: Baselines): Float64Array {
  const surprise = new Float64Array(baseline.length).fill(NaN)
  for (let readings = 1; readings <= EARLIER; readings++) {
    const rows = Int32Array.from(baseline.keys()).filter((row) => countOf(earlier, row) === readings)
    if (rows.length < FEWEST_ALIKE) continue
    const column = (at: number) => Float64Array.from(baseline.keys(), (row) => earlier[row * EARLIER + at]!)
    const facts = {
      names: ['gap_days', ...Array.from({ length: readings }, (_, at) => `earlier_${at}`)],
      columns: [gapDays, ...Array.from({ length: readings }, (_, at) => column(at))],
    }
    const foretold = ridgePredictions(facts, baseline, rows, rows)
    for (const row of rows) surprise[row] = baseline[row]! - foretold[row]!
  }
  return surprise
}

function countOf(earlier: Float64Array, row: number): number {
  let count = 0
  while (count < EARLIER && !Number.isNaN(earlier[row * EARLIER + count]!)) count++
  return count
}
