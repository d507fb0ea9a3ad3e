/** Stacking: the weight of each family, from its held-out predictions. */
import { solve } from '../../engine/kernel/cholesky.ts'
import { rowsWhere } from '../sample/rows.ts'

/** Weights >= 0 that sum to 1, at which the mean CRPS of the blend is least; a family that does not help gets 0.
 *
 *  The blend counts as logistic around m = sum of w_k m_k with one scale s: CRPS = s (|t| + 2 ln(1 + exp(-|t|)) - 1), t = (y - m) / s. That is a
 *  square for small errors and linear for large ones, so that a few outliers do not determine the weights. Its slope
 *  tanh(t / 2) is that of a square weighed by tanh(t / 2) / t, so each step of reweighted least squares brings it down.
 *  @param predictions [families][rows]; rows with NaN in the first are left out  @returns [families] */
export function blendWeights(predictions: readonly Float64Array[], target: Float64Array): Float64Array {
  const rows = rowsWhere(target.length, (row) => !Number.isNaN(predictions[0]![row]!))
  const known = { predictions: predictions.map((column) => picked(column, rows)), target: picked(target, rows) }
  let kept = predictions.map((_, k) => k)
  for (;;) {
    const weights = leastCrps(known, kept)
    const smallest = kept.reduce((a, b) => (weights[b]! < weights[a]! ? b : a))
    if (kept.length === 1 || weights[smallest]! >= leastShare) return weights
    kept = kept.filter((k) => (weights[smallest] === 0 ? weights[k]! > 0 : k !== smallest))
  }
}

/** Weights >= 0 that sum to 1, at which the mean squared error is least.  @param predictions as of `blendWeights`  @returns [families] */
export function squareWeights(predictions: readonly Float64Array[], target: Float64Array): Float64Array {
  const rows = rowsWhere(target.length, (row) => !Number.isNaN(predictions[0]![row]!))
  const known = picked(target, rows)
  const residuals = predictions.map((column) => differenceOf(known, picked(column, rows)))
  const weights = leastSquares(residualProducts(residuals, null), ridgeShareOf(rows.length))
  const kept = weights.map((weight) => (weight < leastShare ? 0 : weight))
  const total = kept.reduce((sum, weight) => sum + weight, 0)
  return kept.map((weight) => weight / total)
}

/** Weights >= 0 that sum to 1, of least squared error relative to the level: each row counts by 1 / (m - low + offset)^2, m the blend of the pass before,
 *  as in quasi-likelihood with an error in proportion to the mean (Wedderburn 1974). Under plain squares the few large values choose the families and
 *  everybody else's mean is off by a multiple of itself.  @param predictions as of `blendWeights`  @returns [families] */
export function relativeWeights(
  predictions: readonly Float64Array[],
  target: Float64Array,
  { low, offset }: { readonly low: number; readonly offset: number },
): Float64Array {
  let weights = squareWeights(predictions, target)
  for (let pass = 0; pass < passes; pass++) {
    const level = blended(predictions, weights).map((m) => Math.max(0, m - low) + offset)
    const relative = (column: Float64Array): Float64Array => column.map((y, row) => y / level[row]!)
    weights = squareWeights(predictions.map(relative), relative(target))
  }
  return weights
}

const passes = 2

const ridgeShareOf = (rows: number): number => 0.5 / Math.sqrt(Math.max(1, rows))

/** A family with a smaller weight is dropped and the others are reweighted: so small a weight is noise, at the full cost of predicting. */
const leastShare = 0.02
const steps = 8

/** The weights of least CRPS on the kept families, from those of least squares on. */
function leastCrps({ predictions, target }: Known, kept: readonly number[]): Float64Array {
  const chosen = kept.map((k) => predictions[k]!)
  const residuals = chosen.map((column) => differenceOf(target, column))
  const ridgeShare = ridgeShareOf(target.length)
  let weights = leastSquares(residualProducts(residuals, null), ridgeShare)
  const scale = scaleOf(blended(chosen, weights), target)
  for (let step = 0; step < steps; step++) {
    const share = blended(chosen, weights)
    for (let row = 0; row < share.length; row++) share[row] = pull((target[row]! - share[row]!) / scale)
    weights = leastSquares(residualProducts(residuals, share), ridgeShare)
  }
  const all = new Float64Array(predictions.length)
  kept.forEach((k, i) => (all[k] = weights[i]!))
  return all
}

function picked(column: Float64Array, rows: Int32Array): Float64Array {
  const out = new Float64Array(rows.length)
  for (let i = 0; i < out.length; i++) out[i] = column[rows[i]!]!
  return out
}

function differenceOf(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length)
  for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!
  return out
}

/** Predictions, [families][rows], and targets of the rows that every family predicted. */
interface Known {
  readonly predictions: readonly Float64Array[]
  readonly target: Float64Array
}

/** CRPS of a logistic distribution whose centre is off by `error`, in its unit. */
export function crpsOf(error: number, scale: number): number {
  const t = Math.abs(error) / scale
  return scale * (t + 2 * Math.log1p(Math.exp(-t)) - 1)
}

/** tanh(t / 2) / t. */
const pull = (t: number): number => (Math.abs(t) < 1e-4 ? 0.5 : Math.tanh(t / 2) / t)

const rowsKnown = (column: Float64Array): number => column.reduce((rows, x) => (Number.isNaN(x) ? rows : rows + 1), 0)

/** The scale of a logistic distribution of this mean absolute error: E|X| = 2 s ln 2. */
export function scaleOf(centre: Float64Array, target: Float64Array): number {
  const sum = centre.reduce((total, m, row) => (Number.isNaN(m) ? total : total + Math.abs(target[row]! - m)), 0)
  return Math.max(sum / Math.max(1, rowsKnown(centre)) / (2 * Math.LN2), 1e-300)
}

/** Weights w >= 0, sum 1, of least w'Aw: exact, over every subset of families.
 *
 *  On a subset: w = A^-1 1 / 1'A^-1 1; the best subset without a negative weight is the constrained optimum.
 *  @param ridgeShare ridge added to the diagonal, as a share of the best family's squared error: half the sampling error of a mean square, so
 *  that two equally good families share the weight */
function leastSquares(products: Float64Array, ridgeShare: number): Float64Array {
  const count = Math.sqrt(products.length)
  const ridge = ridgeOf(products, ridgeShare)
  const best = { error: Infinity, weights: new Float64Array(count).fill(1 / count) }
  for (let subset = 1; subset < 1 << count; subset++) {
    const chosen = Array.from({ length: count }, (_, k) => k).filter((k) => subset & (1 << k))
    const inverse = solve(
      Float64Array.from(chosen.flatMap((i) => chosen.map((j) => products[i * count + j]! + (i === j ? ridge : 0)))),
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

function ridgeOf(products: Float64Array, ridgeShare: number): number {
  const count = Math.sqrt(products.length)
  let [least, sum] = [Infinity, 0]
  for (let k = 0; k < count; k++) {
    least = Math.min(least, products[k * count + k]!)
    sum += products[k * count + k]!
  }
  return Math.max(ridgeShare * least, (1e-6 * sum) / count, 1e-300)
}

/** A_ij = mean over rows of share x residual_i x residual_j, row-major.  @param residuals [families][rows]  @param share [rows]; null: 1 */
function residualProducts(residuals: readonly Float64Array[], share: Float64Array | null): Float64Array {
  const count = residuals.length
  const products = new Float64Array(count * count)
  const rows = residuals[0]!.length
  const weighed = new Float64Array(rows)
  for (let i = 0; i < count; i++) {
    const own = residuals[i]!
    for (let row = 0; row < rows; row++) weighed[row] = share ? share[row]! * own[row]! : own[row]!
    for (let j = 0; j <= i; j++) {
      const mean = productOf(weighed, residuals[j]!) / Math.max(1, rows)
      products[i * count + j] = mean
      products[j * count + i] = mean
    }
  }
  return products
}

function productOf(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let row = 0; row < a.length; row++) sum += a[row]! * b[row]!
  return sum
}

/** The weights as they are, if the blend beats the first family (the population's mean) by more than chance would: its lead in CRPS,
 *  each by its own scale, summed by patient, above `leastLead` standard errors; else all weight goes to the first. A permuted outcome earns nothing.
 *  @param patient two words a row, rows of one patient adjacent */
export function admitted(
  weights: Float64Array,
  predictions: readonly Float64Array[],
  target: Float64Array,
  patient: Uint32Array,
): Float64Array {
  const together = blended(predictions, weights)
  const [of, alone] = [scaleOf(together, target), scaleOf(predictions[0]!, target)]
  let [lead, squares, own] = [0, 0, 0]
  for (let row = 0; row < target.length; row++) {
    const isNew =
      row === 0 || patient[2 * row] !== patient[2 * row - 2] || patient[2 * row + 1] !== patient[2 * row - 1]
    if (isNew) {
      squares += own * own
      own = 0
    }
    if (Number.isNaN(together[row]!)) continue
    const gained = crpsOf(target[row]! - predictions[0]![row]!, alone) - crpsOf(target[row]! - together[row]!, of)
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
