/** The baselines that every family has to beat: the population's mean, and the last value carried forward. */
import { columnNamed } from './design.ts'
import { columnOf } from '../sample/bytes.ts'
import type { CrossFit, Estimator, Sample } from '../estimator.ts'
import { rowsOutside } from '../sample/rows.ts'

/** The mean of the targets. */
export const populationMean: Estimator = {
  name: 'mean',
  crossFit: (sample) => baselineFit(sample, () => 0),
  predictorOf: (unit) => {
    const mean = columnOf(unit, 'offset', 'f64')[0]!
    return (table) => new Float64Array(table.rows).fill(mean)
  },
}

/** The last value plus the mean change in the training sample; without a last value, the mean of the targets. */
export const lastValue: Estimator = {
  name: 'last',
  crossFit: (sample) => {
    const last = columnNamed(sample.table, 'own.last')
    return baselineFit(sample, (row) => last[row]!)
  },
  predictorOf: (unit) => {
    const offset = columnOf(unit, 'offset', 'f64')
    const [change, mean] = [offset[0]!, offset[1]!]
    return (table) => Float64Array.from(columnNamed(table, 'own.last'), (x) => (Number.isNaN(x) ? mean : x + change))
  },
}

/** Offset 0: the mean of target - anchor, where there is an anchor; offset 1: the mean of the targets. */
function baselineFit(sample: Sample, anchor: (row: number) => number): CrossFit {
  const offsetsOf = (rows: Int32Array): Float64Array => {
    let [change, known, total] = [0, 0, 0]
    for (const row of rows) {
      total += sample.target[row]!
      if (Number.isNaN(anchor(row))) continue
      change += sample.target[row]! - anchor(row)
      known++
    }
    return Float64Array.of(known > 0 ? change / known : 0, rows.length > 0 ? total / rows.length : 0)
  }
  const outers = Array.from({ length: sample.folds + 1 }, (_, outer) => outer)
  const heldOut = outers.map((outer) => {
    const offsets = outers.map((inner) => offsetsOf(rowsOutside(sample, outer, inner)))
    return Float64Array.from(sample.fold, (fold, row) => {
      if (fold === outer) return NaN
      const [change, mean] = [offsets[fold]![0]!, offsets[fold]![1]!]
      return Number.isNaN(anchor(row)) ? mean : anchor(row) + change
    })
  })
  return {
    units: outers.map((outer) => ({ meta: {}, arrays: { offset: offsetsOf(rowsOutside(sample, outer)) } })),
    members: outers.map((outer) => [outer]),
    heldOut,
  }
}
