/** The interface of every family of models: cross-fitted once, then predicting from stored bytes.
 *
 *  Cross-fitting: model o (of folds + 1) uses no row of fold o in any step; the last uses all rows. Every family
 *  also returns held-out predictions for its training rows, from parts that had left those rows out. */
import type { FeatureTable } from '../engine/panel/window.ts'
import type { Packed } from './sample/bytes.ts'

/** What an expectation is of: the same for every shard and every stage of a run. */
export interface ExpectationSpec {
  readonly measure: string
  readonly horizonDays: number
  readonly windowDays: number
  /** predictions stay within; the measure's unit */
  readonly plausible: readonly [number, number]
  /** values lie on plausible[0] + k * step, and nowhere else; absent: anywhere */
  readonly step?: number
  /** patients are split in so many; default FOLDS */
  readonly folds?: number
}

/** A training sample: one row per landmark with a realised target, in an order that does not depend on arrival. */
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
  /** [folds + 1]: the units whose mean is model o; model `folds` is for patients outside the training sample */
  readonly members: readonly (readonly number[])[]
  /** [folds + 1][rows]: predictions of the rows by parts of model o that had left the row's fold out; NaN for the rows of fold o */
  readonly heldOut: readonly Float64Array[]
}

export type Predict = (table: FeatureTable) => Float64Array

export interface Estimator {
  readonly name: string
  /** the largest sample that the family is fitted to; default: any */
  readonly mostRows?: number
  /** Fits the sample; all randomness derives from `seed`. Same sample and seed, same units. */
  crossFit(sample: Sample, seed: number): CrossFit | Promise<CrossFit>
  /** The predictor of one unit: table → [rows], in the measure's unit. */
  predictorOf(unit: Packed): Predict
}
