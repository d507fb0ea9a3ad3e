/** Cross-fitting by pairs of folds: a unit per pair that left both out serves the models of both folds and gives their held-out predictions. */
import type { CrossFit, Predict, Sample } from '../estimator.ts'
import type { Packed } from './bytes.ts'
import { rowsWhere, tableRows } from './rows.ts'

export type Pair = readonly [number, number]

/** Every pair of folds, in order. */
export const pairsOf = (folds: number): Pair[] =>
  Array.from({ length: folds }, (_, f) => f).flatMap((f) =>
    Array.from({ length: folds - f - 1 }, (_, k): Pair => [f, f + 1 + k]),
  )

/** Model o is the mean of the units that left o out; the model of all is the mean of every unit. For a row of fold g, model o's
 *  held-out prediction is that of the unit without o and g; the model of all's, the mean of the units without g.
 *  One fit a pair is all: folds x (folds - 1) / 2, and each model is a bag. */
export function crossByPairs(
  sample: Sample,
  units: readonly Packed[],
  predictorOf: (unit: Packed) => Predict,
): CrossFit {
  const { folds, fold } = sample
  const pairs = pairsOf(folds)
  const withFold = (f: number): number[] => pairs.flatMap((pair, unit) => (pair.includes(f) ? [unit] : []))
  const heldOut = Array.from({ length: folds + 1 }, () => new Float64Array(fold.length).fill(NaN))
  const all = heldOut[folds]!.fill(0)
  // One table per fold, predicted by every unit that left it out.
  const parts = Array.from({ length: folds }, (_, f) => {
    const rows = rowsWhere(fold.length, (row) => fold[row] === f)
    return { rows, table: tableRows(sample.table, rows) }
  })
  pairs.forEach(([a, b], unit) => {
    const predict = predictorOf(units[unit]!)
    for (const [own, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const { rows, table } = parts[own]!
      predict(table).forEach((y, i) => {
        heldOut[other]![rows[i]!] = y
        all[rows[i]!]! += y / (folds - 1)
      })
    }
  })
  return {
    units,
    members: [...Array.from({ length: folds }, (_, f) => withFold(f)), pairs.map((_, unit) => unit)],
    heldOut,
  }
}
