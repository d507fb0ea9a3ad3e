/** Cross-fitting with one unit for each model o. */
import type { CrossFit, Sample } from '../estimator.ts'
import type { Packed } from './bytes.ts'

/** Model o of a family, and its held-out predictions. */
export interface OuterFit {
  readonly unit: Packed
  /** [rows], NaN for the rows of fold o */
  readonly heldOut: Float64Array
}

/** Fits model o for every fold that is left out, and the last for nobody left out.  @param fitWithout of a fold's number */
export function crossFitOf({ folds }: Pick<Sample, 'folds'>, fitWithout: (outer: number) => OuterFit): CrossFit {
  const outers = Array.from({ length: folds + 1 }, (_, outer) => fitWithout(outer))
  return {
    units: outers.map(({ unit }) => unit),
    members: outers.map((_, outer) => [outer]),
    heldOut: outers.map(({ heldOut }) => heldOut),
  }
}
