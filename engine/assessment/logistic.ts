/** Logistic regression on columns of facts, by iteratively reweighted least squares held steady by a ridge. */
import { solved } from '../kernel/cholesky.ts'
import { BLOCK_ROWS, designOf, type Design, type Facts } from './facts.ts'
import { addMoments, addProducts, linearOf } from './gram.ts'
import { linearPredictions, RIDGE } from './ridge.ts'

const ITERATIONS = 30 // Newton needs six or so; more only where the facts separate the two groups
const LEAST_FRACTION = 1e-6 // of a step: what is not better so close by is not better for doubles
// Twice what a step still promises to add to the objective. A step below this is the last: Newton squares what remains,
// so that coefficients end far closer than the 1e-6 that probabilities are kept to.
const LAST_DECREMENT = 1e-6

/** P(event) for `rows`, fitted on `fitted`: max log-likelihood - RIDGE / 2 |b|^2, the constant not penalised.
 *  Needs at least one row with and one without the event among `fitted`.
 *  @param event 1 or 0 per row of the facts
 *  @returns a probability per row of the facts, NaN outside `rows` */
export function logisticPredictions(
  facts: Facts,
  event: Uint8Array,
  fitted: Int32Array,
  rows: Int32Array,
): Float64Array {
  const design = designOf(facts, fitted)
  const events = fitted.reduce((sum, row) => sum + event[row]!, 0)
  let coefficients: Float64Array = new Float64Array(design.width)
  coefficients[0] = Math.log(events / (fitted.length - events))
  let here = curvatureAt(design, coefficients, event, fitted)
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const step = solved(here.information, here.score)
    const decrement = step.reduce((sum, change, i) => sum + change * here.score[i]!, 0)
    if (decrement < LAST_DECREMENT) {
      coefficients = ahead(coefficients, step, 1)
      break
    }
    let next = ahead(coefficients, step, 1)
    let there = curvatureAt(design, next, event, fitted)
    for (let fraction = 1 / 2; fraction > LEAST_FRACTION && !(there.objective > here.objective); fraction /= 2) {
      next = ahead(coefficients, step, fraction)
      there = curvatureAt(design, next, event, fitted)
    }
    coefficients = next
    here = there
  }
  return linearPredictions(design, coefficients, event.length, rows).map(probabilityOf)
}

const ahead = (coefficients: Float64Array, step: Float64Array, fraction: number): Float64Array =>
  coefficients.map((b, i) => b + fraction * step[i]!)

const probabilityOf = (logit: number): number => 1 / (1 + Math.exp(-logit))

interface Curvature {
  readonly objective: number
  /** gradient of the objective [width] */
  readonly score: Float64Array
  /** minus its Hessian [width, width], lower triangle */
  readonly information: Float64Array
}

/** Objective, gradient and curvature of the penalised log-likelihood in one pass over the fitted rows. */
function curvatureAt(design: Design, coefficients: Float64Array, event: Uint8Array, fitted: Int32Array): Curvature {
  const { width } = design
  const score = new Float64Array(width)
  const information = new Float64Array(width * width)
  const [block, weighted] = [new Float64Array(BLOCK_ROWS * width), new Float64Array(BLOCK_ROWS * width)]
  const logits = new Float64Array(BLOCK_ROWS)
  const [residuals, weights] = [new Float64Array(BLOCK_ROWS), new Float64Array(BLOCK_ROWS)]
  let objective = 0
  for (let from = 0; from < fitted.length; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, fitted.length)
    design.load(block, fitted, from, to)
    linearOf(block, coefficients, to - from, logits)
    for (let row = from; row < to; row++) {
      const logit = logits[row - from]!
      const happened = event[fitted[row]!]!
      const odds = Math.exp(-logit) // against the event
      const p = 1 / (1 + odds)
      // -log p of what happened, from exp(-|logit|) so that it never overflows
      const surprise = Math.log1p(logit > 0 ? odds : Math.exp(logit))
      const towards = happened === 1 ? logit : -logit
      objective -= towards > 0 ? surprise : surprise - towards
      residuals[row - from] = happened - p
      weights[row - from] = p * (1 - p)
    }
    weigh(block, weights, to - from, weighted)
    addMoments(score, block, residuals, width, to - from)
    addProducts(information, weighted, block, width, to - from)
  }
  for (let i = 1; i < width; i++) {
    score[i]! -= RIDGE * coefficients[i]!
    information[i * width + i]! += RIDGE
    objective -= (RIDGE / 2) * coefficients[i]! * coefficients[i]!
  }
  return { objective, score, information }
}

/** Every column of a block times a weight per row. */
function weigh(block: Float64Array, weights: Float64Array, rows: number, into: Float64Array): void {
  for (let from = 0; from < block.length; from += BLOCK_ROWS)
    for (let row = 0; row < rows; row++) into[from + row] = weights[row]! * block[from + row]!
}
