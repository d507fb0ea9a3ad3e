/** Stacking: how much each family's word weighs, from predictions for people it had not seen. */
import { solve } from './cholesky.ts'

/** Weights >= 0 that sum to 1 and minimise the squared error of the weighted predictions: exact, over every subset of families.
 *
 *  On a subset S: minimise w'Aw, 1'w = 1, A = mean residual products, so w = A^-1 1 / 1'A^-1 1; the best subset without a negative
 *  weight is the constrained optimum. A family that does not help gets 0.
 *  @param predictions [families][rows]; rows with NaN in the first are left out  @returns [families] */
export function blendWeights(predictions: readonly Float64Array[], target: Float64Array): Float64Array {
  const count = predictions.length
  const products = residualProducts(predictions, target)
  const best = { error: Infinity, weights: new Float64Array(count).fill(1 / count) }
  for (let subset = 1; subset < 1 << count; subset++) {
    const chosen = Array.from({ length: count }, (_, k) => k).filter((k) => subset & (1 << k))
    const inverse = solve(
      Float64Array.from(
        chosen.flatMap((i) => chosen.map((j) => products[i * count + j]! + (i === j ? ridgeOf(products) : 0))),
      ),
      new Float64Array(chosen.length).fill(1),
    )
    if (!inverse || inverse.some((w) => w < 0)) continue
    const total = inverse.reduce((sum, w) => sum + w, 0)
    // w'Aw at the optimum is 1 / 1'A^-1 1.
    if (!(1 / total < best.error * (1 - keepSimpler))) continue
    best.error = 1 / total
    best.weights = new Float64Array(count)
    chosen.forEach((k, i) => (best.weights[k] = inverse[i]! / total))
  }
  return best.weights
}

// A larger blend must gain something over a smaller one that was tried before it, not a rounding error.
const keepSimpler = 1e-6

function ridgeOf(products: Float64Array): number {
  const count = Math.sqrt(products.length)
  let trace = 0
  for (let k = 0; k < count; k++) trace += products[k * count + k]!
  return Math.max((1e-6 * trace) / count, 1e-300)
}

/** A_ij = mean over rows of (target - prediction_i)(target - prediction_j), row-major. */
function residualProducts(predictions: readonly Float64Array[], target: Float64Array): Float64Array {
  const count = predictions.length
  const products = new Float64Array(count * count)
  const residual = new Float64Array(count)
  let rows = 0
  for (let row = 0; row < target.length; row++) {
    if (Number.isNaN(predictions[0]![row]!)) continue
    rows++
    for (let k = 0; k < count; k++) residual[k] = target[row]! - predictions[k]![row]!
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) products[i * count + j]! += residual[i]! * residual[j]!
  }
  return products.map((sum) => sum / Math.max(1, rows))
}

/** The weights as they are, if the blend beats the first family (the population's mean) by more than chance would: its lead in squared
 *  error, summed by patient, above `leastLead` standard errors; else all weight goes to the first. A permuted outcome earns nothing.
 *  @param patient two words a row, rows of one patient adjacent */
export function admitted(
  weights: Float64Array,
  predictions: readonly Float64Array[],
  target: Float64Array,
  patient: Uint32Array,
): Float64Array {
  const together = blended(predictions, weights)
  let [lead, squares, own] = [0, 0, 0]
  for (let row = 0; row < target.length; row++) {
    const isNew =
      row === 0 || patient[2 * row] !== patient[2 * row - 2] || patient[2 * row + 1] !== patient[2 * row - 1]
    if (isNew) {
      squares += own * own
      own = 0
    }
    if (Number.isNaN(together[row]!)) continue
    const gained = (target[row]! - predictions[0]![row]!) ** 2 - (target[row]! - together[row]!) ** 2
    lead += gained
    own += gained
  }
  if (lead > leastLead * Math.sqrt(squares + own * own)) return weights
  return weights.map((_, k) => (k === 0 ? 1 : 0))
}

const leastLead = 2.5

/** Weighted sum of predictions: [rows]. */
export function blended(predictions: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(predictions[0]!.length)
  predictions.forEach((column, k) => {
    if (weights[k] === 0) return
    for (let row = 0; row < out.length; row++) out[row]! += weights[k]! * column[row]!
  })
  return out
}
