/** The explanation of a unit: its prediction as a sum over features. */
import type { FeatureTable } from '../../engine/panel/window.ts'

/** prediction[row] = base + sum over features of by(feature)[row], in the measure's unit, to rounding. A feature that is not here adds nothing. */
export interface Attribution {
  /** the reference prediction of the unit */
  readonly base: number
  readonly by: ReadonlyMap<string, Float64Array>
}

/** The contributions of features to the predictions of a unit over a table. */
export type Attribute = (table: FeatureTable) => Attribution
