/** The one interface of every family of models: fit crosswise once, predict for ever from bytes.
 *
 *  Honest by shape: model o (of folds + 1) has seen no row of fold o, in nothing it does; the last has seen all. Every family
 *  also says what it would have predicted for the rows it learned from, by parts of itself that had left them out. */
import type { FeatureTable } from '../engine/panel/window.ts'
import type { Packed } from './sample/bytes.ts'

/** What an expectation is of: the same for every shard and every stage of a run. */
export interface ExpectationSpec {
  readonly measure: string
  readonly horizonDays: number
  readonly windowDays: number
  /** predictions stay within; the measure's unit */
  readonly plausible: readonly [number, number]
  /** patients are split in so many; default FOLDS */
  readonly folds?: number
}

/** What is learned from: one row per landmark with a realised target, in an order that does not depend on arrival. */
export interface Sample {
  readonly table: FeatureTable
  /** the realised value, in the measure's unit */
  readonly target: Float64Array
  /** of the row's patient, in [0, folds) */
  readonly fold: Uint8Array
  readonly folds: number
  /** two words that identify the patient, without naming anybody; rows ascend by them, then by day */
  readonly patient: Uint32Array
  /** epoch day of the landmark */
  readonly day: Int32Array
}

/** Serialised parts of a family's models. A part may serve several models, as a bag of trees does. */
export interface CrossFit {
  readonly units: readonly Packed[]
  /** [folds + 1]: the units whose mean is model o; model `folds` is for whoever was never learned from */
  readonly members: readonly (readonly number[])[]
  /** [folds + 1][rows]: predictions of the rows by parts of model o that had left the row's fold out; NaN for the rows of fold o */
  readonly heldOut: readonly Float64Array[]
}

export type Predict = (table: FeatureTable) => Float64Array

export interface Estimator {
  readonly name: string
  /** of a sample with more rows it does not learn; default: of any */
  readonly mostRows?: number
  /** Learns from the sample; `seed` decides all chance there is. Same sample and seed, same units. */
  crossFit(sample: Sample, seed: number): CrossFit | Promise<CrossFit>
  /** The predictor of one unit: table → [rows], in the measure's unit. */
  predictorOf(unit: Packed): Predict
}
