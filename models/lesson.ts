/** What a network is taught, before there are tensors. */
import type { Random } from '../engine/random.ts'

/** Hidden units of the two layers. */
export const WIDTHS = [24, 12] as const

/** What one unit is taught. */
export interface Lesson {
  readonly rows: number
  readonly width: number
  /** row-major [rows, width] */
  readonly inputs: Float32Array
  /** standardised [rows] */
  readonly target: Float32Array
  readonly scaling: Scaling
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
