/** Ridge regression on columns of facts. */
import { solved } from '../kernel/cholesky.ts'
import { BLOCK_ROWS, designOf, type Design, type Facts } from './facts.ts'
import { addMoments, addProducts, linearOf } from './gram.ts'

/** Penalty on each standardised coefficient, the constant excepted: worth one patient, so that a column nobody varies in cannot break the fit. */
export const RIDGE = 1

/** Predictions for `rows` of b in min sum over `fitted` of (y - x'b)^2 + RIDGE |b|^2.
 *  @param y a value per row of the facts, known on `fitted`
 *  @returns a value per row of the facts, NaN outside `rows` */
export function ridgePredictions(facts: Facts, y: Float64Array, fitted: Int32Array, rows: Int32Array): Float64Array {
  const design = designOf(facts, fitted)
  const { width } = design
  const gram = new Float64Array(width * width)
  const moment = new Float64Array(width)
  const block = new Float64Array(BLOCK_ROWS * width)
  const values = new Float64Array(BLOCK_ROWS)
  for (let from = 0; from < fitted.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, fitted.length)
    design.load(block, fitted, from, to)
    for (let row = from; row < to; row++) values[row - from] = y[fitted[row]!]!
    addMoments(moment, block, values, width, to - from)
    addProducts(gram, block, block, width, to - from)
  }
  for (let i = 1; i < width; i++) gram[i * width + i]! += RIDGE
  return linearPredictions(design, solved(gram, moment), y.length, rows)
}

/** x'b for `rows`, NaN elsewhere. */
export function linearPredictions(
  design: Design,
  coefficients: Float64Array,
  length: number,
  rows: Int32Array,
): Float64Array {
  const { width } = design
  const predictions = new Float64Array(length).fill(NaN)
  const block = new Float64Array(BLOCK_ROWS * width)
  const found = new Float64Array(BLOCK_ROWS)
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, rows.length)
    design.load(block, rows, from, to)
    linearOf(block, coefficients, to - from, found)
    for (let row = from; row < to; row++) predictions[rows[row]!] = found[row - from]!
  }
  return predictions
}
