/** What an explanation of a unit is: its prediction as a sum over features. */
import type { FeatureTable } from '../../engine/panel/window.ts'

/** prediction[row] = base + sum over features of by(feature)[row], in the measure's unit, to rounding. A feature that is not here adds nothing. */
export interface Attribution {
  /** what the unit expects of nobody in particular */
  readonly base: number
  readonly by: ReadonlyMap<string, Float64Array>
}

/** The features' parts of what a unit predicts over a table. */
export type Attribute = (table: FeatureTable) => Attribution
