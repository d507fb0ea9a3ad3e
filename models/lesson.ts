/** What networks are taught, before there are tensors. */
import type { Random } from '../engine/random.ts'

/** Hidden units; with the straight part a multiple of four, which are computed at once. */
export const HIDDEN = 15

/** The rows of one fold: a network sees a fold whole or not at all. */
export interface FoldRows {
  readonly rows: number
  /** row-major [rows, width], standardised by the fold's own means and spreads, so that no fold leaves a trace in another's */
  readonly inputs: Float32Array
  /** [rows], in the measure's unit */
  readonly target: Float64Array
  /** deals the fold's rows */
  readonly random: Random
}

/** What one unit is taught. */
export interface Lesson {
  readonly leftOut: readonly number[]
  readonly scaling: Scaling
  /** draws where the weights start */
  readonly random: Random
}

export interface Scaling {
  readonly names: readonly string[]
  /** features whose absence is an input of its own */
  readonly gaps: readonly string[]
  readonly centre: Float64Array
  readonly scale: Float64Array
  /** mean and standard deviation of the target */
  readonly target: Float64Array
}
