/** From a frozen model to a predictive distribution for every person on every day asked. */
import { foldOf } from '../engine/fold.ts'
import type { LandmarkRows } from '../engine/landmarks.ts'
import type { Panel } from '../engine/panel.ts'
import { windowOf, type FeatureTable } from '../engine/window.ts'
import { unpackArtefact, type Artefact } from './artefact.ts'
import { rowsWhere, tableRows } from './rows.ts'
import { LEVELS, scalesOf, shapeAt, type Spread } from './spread.ts'
import type { ExpectationSpec } from './estimator.ts'

export const QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const

/** Predictive distributions, in the measure's unit: one per row asked, all columns [rows]. */
export interface Predictions {
  readonly mean: Float64Array
  readonly sd: Float64Array
  /** by QUANTILES, non-decreasing over them */
  readonly quantiles: readonly Float64Array[]
  /** E[h(Y)] under each row's distribution, h over the measure's unit (method.md 3) */
  expected(h: (y: number) => number): Float64Array
}

export interface Expecter {
  readonly spec: ExpectationSpec
  readonly folds: number
  /** Predicts each row by the model that left out fold `model[row]`, or by the model of all where it is `folds`. */
  predict(panel: Panel, rows: LandmarkRows, model: ArrayLike<number>): Predictions
  /** The same from features already computed. */
  predictTable(table: FeatureTable, model: ArrayLike<number>): Predictions
}

export function loadExpecter(bytes: Uint8Array): Expecter {
  const artefact = unpackArtefact(bytes)
  return {
    spec: artefact.spec,
    folds: artefact.folds,
    predict: (panel, rows, model) => predict(artefact, windowOf(panel, artefact.spec.measure, rows), model),
    predictTable: (table, model) => predict(artefact, table, model),
  }
}

/** The model that each row may be predicted by: a patient of the reference by the fold that left it out, anybody else by all (method.md 2).
 *  @param ofReference by patient of the panel, as `isOfReference` tells */
export const modelChoice = (panel: Panel, rows: LandmarkRows, ofReference: Uint8Array, folds: number): Uint8Array =>
  Uint8Array.from(rows.patient, (patient) => (ofReference[patient] ? foldOf(panel.patientIds[patient]!) : folds))

/** Y = centre + scale x z at LEVELS equally likely z, kept within what is plausible. */
function predict({ outers, spec, folds }: Artefact, table: FeatureTable, model: ArrayLike<number>): Predictions {
  const values = new Float64Array(table.rows * LEVELS)
  for (let outer = 0; outer <= folds; outer++) {
    const rows = rowsWhere(table.rows, (row) => model[row] === outer)
    if (rows.length === 0) continue
    const { centre, spread } = outers[outer]!
    const part = tableRows(table, rows)
    writeValues({ values, rows, spread, part, centres: centre(part), plausible: spec.plausible })
  }
  return predictionsOf(values, table.rows)
}

function writeValues(to: {
  values: Float64Array
  rows: Int32Array
  spread: Spread
  part: FeatureTable
  centres: Float64Array
  plausible: readonly [number, number]
}): void {
  const { values, rows, spread, centres } = to
  const [low, high] = to.plausible
  const scales = scalesOf(spread, to.part, centres)
  rows.forEach((row, i) => {
    const [shape, share] = shapeAt(spread, centres[i]!)
    const lower = spread.shapes[shape]!
    const upper = spread.shapes[shape + (share > 0 ? 1 : 0)]!
    for (let k = 0; k < LEVELS; k++) {
      const z = lower[k]! + share * (upper[k]! - lower[k]!)
      values[row * LEVELS + k] = Math.min(high, Math.max(low, centres[i]! + scales[i]! * z))
    }
  })
}

function predictionsOf(values: Float64Array, rows: number): Predictions {
  const over = (h: (y: number) => number): Float64Array => {
    const out = new Float64Array(rows)
    for (let row = 0; row < rows; row++) {
      let sum = 0
      for (let k = 0; k < LEVELS; k++) sum += h(values[row * LEVELS + k]!)
      out[row] = sum / LEVELS
    }
    return out
  }
  const mean = over((y) => y)
  const sd = new Float64Array(rows)
  for (let row = 0; row < rows; row++) {
    let squares = 0
    for (let k = 0; k < LEVELS; k++) squares += (values[row * LEVELS + k]! - mean[row]!) ** 2
    sd[row] = Math.sqrt(squares / LEVELS)
  }
  const quantiles = QUANTILES.map((p) => {
    const level = Math.round(p * (LEVELS + 1)) - 1
    return Float64Array.from({ length: rows }, (_, row) => values[row * LEVELS + level]!)
  })
  return { mean, sd, quantiles, expected: over }
}
