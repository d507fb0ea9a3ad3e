/** Predictive distributions of a frozen model for requested patients and days. */
import { foldOf } from '../../engine/kernel/fold.ts'
import type { LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { windowOf, type FeatureTable } from '../../engine/panel/window.ts'
import { unpackArtefact, type Artefact } from './artefact.ts'
import { betweenShapes, Distribution, type ValueFunction } from './distribution.ts'
import { rowsWhere, tableRows } from '../sample/rows.ts'
import { LEVELS, scalesOf, shapeAt, type Dispersion } from './dispersion.ts'
import type { ExpectationSpec } from '../estimator.ts'

export const QUANTILES = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] as const

/** Predictive distributions, in the measure's unit: one per requested row, all columns [rows]. */
export interface Predictions {
  readonly mean: Float64Array
  readonly sd: Float64Array
  /** by QUANTILES, non-decreasing over them */
  readonly quantiles: readonly Float64Array[]
  /** E[h(Y)] under each row's distribution, h over the measure's unit (method.md 3); exact, and fast where h declares its bends */
  readonly expected: (h: ValueFunction) => Float64Array
}

export interface Expecter {
  readonly spec: ExpectationSpec
  readonly folds: number
  /** Predicts each row by the model that left out fold `model[row]`, or by the model of all where it is `folds`. */
  predict(panel: Panel, rows: LandmarkRows, model: ArrayLike<number>): Predictions
  /** The same from features already computed. */
  readonly predictTable: (table: FeatureTable, model: ArrayLike<number>) => Predictions
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

/** The model that each row may be predicted by: a patient of the reference by the model that left its fold out, any other by the model of all (method.md 2).
 *  @param ofReference by patient of the panel, as `isOfReference` tells */
export const modelChoice = (panel: Panel, rows: LandmarkRows, ofReference: Uint8Array, folds: number): Uint8Array =>
  Uint8Array.from(rows.patient, (patient) => (ofReference[patient] ? foldOf(panel.patientIds[patient]!) : folds))

/** Y = centre + scale x z at LEVELS equally likely z, truncated to the plausible range. */
function predict({ outers, spec, folds }: Artefact, table: FeatureTable, model: ArrayLike<number>): Predictions {
  const parts: Part[] = []
  for (let outer = 0; outer <= folds; outer++) {
    const rows = rowsWhere(table.rows, (row) => model[row] === outer)
    if (rows.length === 0) continue
    const { centre, dispersion } = outers[outer]!
    const part = rows.length === table.rows ? table : tableRows(table, rows)
    const centres = centre(part)
    parts.push({
      rows,
      dispersion,
      centres,
      scales: scalesOf(dispersion, part, centres),
      between: betweenShapes(dispersion),
    })
  }
  const distribution = new Distribution(spec.plausible)
  const column = (): Float64Array => new Float64Array(table.rows)
  const [mean, sd, quantiles] = [column(), column(), QUANTILES.map(column)]
  for (const part of parts)
    eachRow(distribution, part, (row) => {
      mean[row] = distribution.mean()
      sd[row] = distribution.sd()
      for (let q = 0; q < levels.length; q++) quantiles[q]![row] = distribution.quantile(levels[q]!)
    })
  const expected = (h: ValueFunction): Float64Array => {
    const out = column()
    for (const part of parts) eachRow(distribution, part, (row) => (out[row] = distribution.expected(h)))
    return out
  }
  return { mean, sd, quantiles, expected }
}

const levels = QUANTILES.map((p) => Math.round(p * (LEVELS + 1)) - 1)

/** The rows that one model predicts. */
interface Part {
  readonly rows: Int32Array
  readonly dispersion: Dispersion
  readonly centres: Float64Array
  readonly scales: Float64Array
  readonly between: ReturnType<typeof betweenShapes>
}

function eachRow(
  distribution: Distribution,
  { rows, dispersion, centres, scales, between }: Part,
  take: (row: number) => void,
): void {
  for (let i = 0; i < rows.length; i++) {
    const [shape, share] = shapeAt(dispersion, centres[i]!)
    distribution.set(between[shape]!, share, centres[i]!, scales[i]!)
    take(rows[i]!)
  }
}
