/** Ridge regression on columns of facts. */
import { solved } from './cholesky.ts'
import { BLOCK_ROWS, designOf, type Design, type Facts } from './facts.ts'

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
  for (let from = 0; from < fitted.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, fitted.length)
    design.load(block, fitted, from, to)
    for (let row = 0; row < to - from; row++) {
      const value = y[fitted[from + row]!]!
      for (let i = 0, at = row * width; i < width; i++) {
        const x = block[at + i]!
        moment[i]! += x * value
        for (let j = 0; j <= i; j++) gram[i * width + j]! += x * block[at + j]!
      }
    }
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
  for (let from = 0; from < rows.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, rows.length)
    design.load(block, rows, from, to)
    for (let row = 0; row < to - from; row++) {
      let sum = 0
      for (let i = 0, at = row * width; i < width; i++) sum += block[at + i]! * coefficients[i]!
      predictions[rows[from + row]!] = sum
    }
  }
  return predictions
}
