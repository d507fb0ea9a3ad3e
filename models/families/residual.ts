/** Boosted trees on the residuals of the mixed model: non-linear effects and interactions. */
import { hashOf, mixed } from '../../engine/kernel/fold.ts'
import { isReading } from '../../engine/panel/readings.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'
import { boosted, treesPredictor, type Growing } from './boosting.ts'
import type { Packed } from '../sample/bytes.ts'
import type { Estimator, Sample } from '../estimator.ts'
import { processesOf } from './mixed-components.ts'
import { fitMixed, meanTarget, mixedOf } from './mixed.ts'
import type { Process } from './mixed-process.ts'
import { crossByPairs, pairsOf } from '../sample/pairs.ts'
import { linearPredictions } from './ridge.ts'
import { rowsOutside, rowsWhere, tableRows } from '../sample/rows.ts'

/** Residuals hold less signal than targets: shallower trees and a lower rate. */
const onResiduals: Growing = { rounds: 60, rate: 0.06, depth: 3, bagRows: 4000, mostBags: 4 }

/** One unit a pair of folds: a mixed model of the rows outside both, and trees on the residuals of predictions that left each row's own fold
 *  out as well, so that the trees are fitted to honest residuals. */
export const residual: Estimator = {
  name: 'residual',
  // Of more, the trees on the targets see the same, and this costs as much again.
  mostRows: 10_000,
  crossFit(sample, seed) {
    const processOf = processesOf(sample)
    const units = pairsOf(sample.folds).map((pair, k) => {
      const rows = rowsOutside(sample, ...pair)
      const process = processOf(pair, meanTarget(sample, rows))
      return unitOf(sampleRows(sample, rows), process, mixed(seed ^ hashOf(`residual ${k}`, 0)))
    })
    return crossByPairs(sample, units, (unit) => residual.predictorOf(unit))
  },
  predictorOf(unit) {
    const { linear, tableOf } = mixedOf(unit)
    const trees = treesPredictor(unit)
    return (table) => {
      const out = linearPredictions(linear, tableOf(table))
      const added = trees(treeInputs(table, out))
      for (let row = 0; row < out.length; row++) out[row]! += added[row]!
      return out
    }
  },
}

/** The input of the trees: the table and the mixed model's prediction, to allow interactions with it. */
export const treeInputs = ({ names, rows, columns }: FeatureTable, prediction: Float64Array): FeatureTable => ({
  names: [...names, 'prediction'],
  rows,
  columns: [...columns, Float32Array.from(prediction)],
})

function unitOf(sample: Sample, process: Process, seed: number): Packed {
  const rows = rowsWhere(sample.target.length, () => true)
  const { unit, heldOut } = fitMixed(sample, rows, process)
  const left = sample.target.map((y, row) => y - heldOut[row]!)
  const forest = boosted(treeInputs(summariesOf(sample.table), heldOut), rows, left, onResiduals, seed)
  return { meta: { ...unit.meta, ...forest.meta }, arrays: { ...unit.arrays, ...forest.arrays } }
}

/** The table without the raw readings. */
function summariesOf({ names, rows, columns }: FeatureTable): FeatureTable {
  const kept = [...names.keys()].filter((k) => !isReading(names[k]!))
  return { names: kept.map((k) => names[k]!), rows, columns: kept.map((k) => columns[k]!) }
}

const sampleRows = ({ table, target, fold, folds, patient, day }: Sample, rows: Int32Array): Sample => ({
  table: tableRows(table, rows),
  target: Float64Array.from(rows, (row) => target[row]!),
  fold: Uint8Array.from(rows, (row) => fold[row]!),
  folds,
  patient: Uint32Array.from({ length: 2 * rows.length }, (_, i) => patient[2 * rows[i >> 1]! + (i & 1)]!),
  day: Int32Array.from(rows, (row) => day[row]!),
})
