/** Predictive distributions of a frozen model for requested patients and days. */
import { foldOf } from '../../engine/kernel/fold.ts'
import type { LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { windowOf, type FeatureTable } from '../../engine/panel/window.ts'
import { unpackArtefact, type Artefact } from './artefact.ts'
import { betweenShapes, Distribution, type PredictiveDistribution, type ValueFunction } from './distribution.ts'
import { ExactDistribution } from './exact-distribution.ts'
import { supportOf, type Support } from './support.ts'
import { rowsWhere, tableRows } from '../sample/rows.ts'
import { LEVELS, matchedCentres, scalesOf, shapeAt, type Dispersion } from './dispersion.ts'
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
  /** The place of a value in each row's distribution: the shares of the distribution below it, and up to it with the mass at the value itself. */
  readonly placeOf: (values: Float64Array) => Places
}

export interface Places {
  readonly below: Float64Array
  readonly through: Float64Array
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

function predict({ outers, spec, folds }: Artefact, table: FeatureTable, model: ArrayLike<number>): Predictions {
  const support = supportOf(spec)
  const parts: Part[] = []
  for (let outer = 0; outer <= folds; outer++) {
    const rows = rowsWhere(table.rows, (row) => model[row] === outer)
    if (rows.length === 0) continue
    const { centre, dispersion } = outers[outer]!
    const part = rows.length === table.rows ? table : tableRows(table, rows)
    parts.push(partOf(dispersion, part, centre(part), support, rows))
  }
  return predictionsOf(parts, table.rows)
}

/** The distributions around foretold means, by one dispersion.  @param foretold [rows], in the measure's unit */
export const predictedBy = (
  dispersion: Dispersion,
  table: FeatureTable,
  foretold: Float64Array,
  support: Support,
): Predictions =>
  predictionsOf([partOf(dispersion, table, foretold, support, Int32Array.from(foretold.keys()))], table.rows)

/** Y = centre + scale x z at LEVELS equally likely z, where the measure can have values. */
function partOf(
  dispersion: Dispersion,
  table: FeatureTable,
  foretold: Float64Array,
  support: Support,
  rows: Int32Array,
): Part {
  const scales = scalesOf(dispersion, table, foretold, support)
  const { exact, offset } = dispersion
  return {
    rows,
    dispersion,
    foretold,
    centres: exact ? matchedCentres(dispersion, foretold, scales, { support, offset }) : foretold,
    scales,
    between: betweenShapes(dispersion),
    distribution: exact
      ? new ExactDistribution(support, offset, LEVELS)
      : new Distribution([support.low, support.high]),
  }
}

function predictionsOf(parts: readonly Part[], count: number): Predictions {
  const column = (): Float64Array => new Float64Array(count)
  const [mean, sd, quantiles] = [column(), column(), QUANTILES.map(column)]
  for (const part of parts)
    eachRow(part, (row, distribution) => {
      mean[row] = distribution.mean()
      sd[row] = distribution.sd()
      for (let q = 0; q < levels.length; q++) quantiles[q]![row] = distribution.quantile(levels[q]!)
    })
  const expected = (h: ValueFunction): Float64Array => {
    const out = column()
    for (const part of parts) eachRow(part, (row, distribution) => (out[row] = distribution.expected(h)))
    return out
  }
  return { mean, sd, quantiles, expected, placeOf: (values) => placesIn(parts, values) }
}

/** A value between two levels lies in the 1 / (LEVELS + 1) of the distribution between them. */
function placesIn(parts: readonly Part[], values: Float64Array): Places {
  const [below, through] = [new Float64Array(values.length), new Float64Array(values.length)]
  for (const part of parts)
    eachRow(part, (row, distribution) => {
      below[row] = distribution.levelsBelow(values[row]!) / (LEVELS + 1)
      through[row] = (distribution.levelsThrough(values[row]!) + 1) / (LEVELS + 1)
    })
  return { below, through }
}

const levels = QUANTILES.map((p) => Math.round(p * (LEVELS + 1)) - 1)

/** The rows that one model predicts. */
interface Part {
  readonly rows: Int32Array
  readonly dispersion: Dispersion
  /** means, in the measure's unit; shapes are chosen by them */
  readonly foretold: Float64Array
  /** on the scale of errors */
  readonly centres: Float64Array
  readonly scales: Float64Array
  readonly between: ReturnType<typeof betweenShapes>
  readonly distribution: PredictiveDistribution
}

function eachRow(
  { rows, dispersion, foretold, centres, scales, between, distribution }: Part,
  take: (row: number, distribution: PredictiveDistribution) => void,
): void {
  for (let i = 0; i < rows.length; i++) {
    const [shape, share] = shapeAt(dispersion, foretold[i]!)
    distribution.set(between[shape]!, share, centres[i]!, scales[i]!)
    take(rows[i]!, distribution)
  }
}
