/** What the statement reads of a model card; a card may hold much more. */

export interface ReliabilityBin {
  /** mean prediction, in the measure's unit */
  readonly predicted: number
  /** mean outcome of the same people */
  readonly observed: number
  readonly n: number
}

export interface CalibrationGroup {
  readonly group: string
  readonly n: number
  /** mean of outcome less prediction */
  readonly bias: number
  /** share of outcomes in the 90% interval */
  readonly coverage90: number
}

export interface ReportCard {
  readonly measure: string
  /** which family of models won, for people */
  readonly family: string
  readonly rows: number
  readonly patients: number
  readonly meanAbsoluteError: number
  readonly coverage90: number
  /** tenths of the predicted mean, over patients the model had not seen */
  readonly reliability: readonly ReliabilityBin[]
  readonly groups: readonly CalibrationGroup[]
}
