/** Regularised linear regression on the window: closed form, penalties by cross-validation from moments. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { columnOf, type Json, type Packed } from '../sample/bytes.ts'
import { solve } from '../../engine/kernel/cholesky.ts'
import { termColumns, termsOf, TERM_GROUPS, writeTerm, type Term } from './design.ts'
import type { Estimator, Sample } from '../estimator.ts'
import { gramsOf, gramSum, squaredError, type Gram } from '../sample/gram.ts'
import { crossFitOf } from '../sample/outers.ts'
import { rowsOutside, rowsWhere } from '../sample/rows.ts'

/** Minimises sum (y - b0 - x'b)^2 + n sum_g lambda_g |b_g|^2 over the standardised terms of design.ts; one lambda per group of
 *  terms, chosen by squared error over the folds that the model may see. */
export const ridge: Estimator = {
  name: 'ridge',
  crossFit: (sample) => crossFitOf(sample, (outer) => fitWithout(sample, outer)),
  predictorOf: (unit) => (table) => linearPredictions(linearOf(unit), table),
}

/** A linear predictor: constant + sum of coefficient x term. */
export interface Linear {
  readonly terms: readonly Term[]
  readonly constant: number
  readonly coefficients: Float64Array
}

export function linearOf(unit: Packed): Linear {
  const coefficients = columnOf(unit, 'coefficients', 'f64')
  return {
    // as `unitOf` wrote them
    terms: unit.meta.terms as unknown as Term[],
    constant: coefficients[0]!,
    coefficients: coefficients.subarray(1),
  }
}

/** Predictions over a table: [rows]. */
export function linearPredictions({ terms, constant, coefficients }: Linear, table: FeatureTable): Float64Array {
  const out = new Float64Array(table.rows).fill(constant)
  const column = new Float64Array(table.rows)
  terms.forEach((term, j) => {
    writeTerm(table, term, undefined, column)
    addTimes(out, coefficients[j]!, column)
  })
  return out
}

function addTimes(out: Float64Array, times: number, column: Float64Array): void {
  for (let row = 0; row < out.length; row++) out[row]! += times * column[row]!
}

/** What each feature adds to the prediction, against an average row of the sample: constant + the sum of a row's contributions is
 *  the prediction, exactly. Terms are centred, so the constant is the mean of the sample. @returns by feature, [rows] */
export function linearContributions(linear: Linear, table: FeatureTable): Map<string, Float64Array> {
  const { terms, coefficients } = linear
  const values = new Float64Array(table.rows)
  const contributions = new Map<string, Float64Array>()
  terms.forEach((term, j) => {
    writeTerm(table, term, undefined, values)
    const column = contributions.get(term.feature) ?? new Float64Array(table.rows)
    addTimes(column, coefficients[j]!, values)
    contributions.set(term.feature, column)
  })
  return contributions
}

function fitWithout(sample: Sample, outer: number): { unit: Packed; heldOut: Float64Array } {
  const { linear, penalties, heldOut } = fitLinear(sample, rowsOutside(sample, outer))
  return { unit: unitOf(linear, { penalties: [...penalties] }), heldOut }
}

/** A linear predictor as a unit. */
export function unitOf({ terms, constant, coefficients }: Linear, meta: Packed['meta']): Packed {
  return {
    // a term is an interface, to which no index signature is given, as Json has one
    meta: { ...meta, terms: terms as unknown as Json },
    arrays: { coefficients: Float64Array.of(constant, ...coefficients) },
  }
}

/** Rows of one fold that a fit learns from at most: the first, which is a sample, since rows ascend by hashes of their patients. */
const foldRows = 4000

/** Fits the rows, with held-out predictions for each; other rows have NaN. */
export function fitLinear(
  sample: Sample,
  rows: Int32Array,
): { linear: Linear; penalties: Penalties; heldOut: Float64Array } {
  const { ordered, starts } = byFold(sample, rows)
  const learned = rowsWhere(ordered.length, (i) => i - starts[sample.fold[ordered[i]!]!]! < foldRows).map(
    (i) => ordered[i]!,
  )
  const mean = meanOf(sample.target, learned)
  const terms = termsOf(sample.table, learned, mean)
  const columns = termColumns(sample.table, terms, ordered)
  // Centred, so that y'y - 2 b'X'y + b'X'X b does not cancel.
  const y = Float64Array.from(ordered, (row) => sample.target[row]! - mean)
  const grams = gramsOf(columns, y, starts, foldRows)
  const penalties = penaltiesOf(grams, terms)
  const heldOut = new Float64Array(sample.target.length).fill(NaN)
  grams.forEach((gram, f) => {
    if (gram.rows === 0) return
    const b = fit(gramSum(grams.filter((_, other) => other !== f)), terms, penalties)
    const predicted = new Float64Array(starts[f + 1]! - starts[f]!).fill(mean + b[0]!)
    for (let j = 0; j < terms.length; j++)
      addTimes(predicted, b[j + 1]!, columns.subarray(j * y.length + starts[f]!, j * y.length + starts[f + 1]!))
    predicted.forEach((value, i) => (heldOut[ordered[starts[f]! + i]!] = value))
  })
  const b = fit(gramSum(grams), terms, penalties)
  return { linear: { terms, constant: b[0]! + mean, coefficients: b.slice(1) }, penalties, heldOut }
}

/** The rows fold after fold, and where each fold begins; the last start is the end. */
function byFold({ fold, folds }: Sample, rows: Int32Array): { ordered: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(folds + 1)
  for (const row of rows) starts[fold[row]! + 1]!++
  for (let f = 0; f < folds; f++) starts[f + 1]! += starts[f]!
  const next = starts.slice()
  const ordered = new Int32Array(rows.length)
  for (const row of rows) ordered[next[fold[row]!]!++] = row
  return { ordered, starts }
}

const lambdas = [1e-5, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.5, 3]
/** A group that does not improve prediction gets the largest penalty. */
const factors = [0.3, 1, 3, 10, 100]
type Penalties = readonly [number, number, number]

/** A penalty per group (TERM_GROUPS), by steps: one for all, then each group's own factor, then the level once more. */
function penaltiesOf(grams: readonly Gram[], terms: readonly Term[]): Penalties {
  const tests = grams.filter((gram) => gram.rows > 0)
  const trains = tests.map((test) => gramSum(grams.filter((gram) => gram !== test)))
  const errorOf = (penalties: Penalties): number =>
    tests.reduce((sum, gram, g) => sum + squaredError(gram, fit(trains[g]!, terms, penalties)), 0)
  let best: { penalties: Penalties; error: number } = { penalties: [1, 3, 10], error: Infinity }
  const seen = new Set<string>()
  const consider = (penalties: Penalties): void => {
    const name = penalties.join()
    if (seen.has(name)) return
    seen.add(name)
    const error = errorOf(penalties)
    if (error < best.error) best = { penalties, error }
  }
  for (const lambda of lambdas) consider([lambda, lambda * 3, lambda * 10])
  for (let round = 0; round < 2; round++) {
    const [own] = best.penalties
    for (const factor of factors) consider([own, own * factor, best.penalties[2]])
    for (const factor of factors) consider([own, best.penalties[1], own * factor])
    const [, other, bend] = best.penalties
    for (const step of [0.3, 3]) consider([own * step, other, bend])
  }
  return best.penalties
}

/** The coefficients, the constant first and never penalised. */
function fit(gram: Gram, terms: readonly Term[], penalties: Penalties): Float64Array {
  const { order, xx, xy, rows } = gram
  const a = new Float64Array(order * order)
  for (let i = 0; i < order; i++) for (let j = 0; j <= i; j++) a[i * order + j] = xx[j * order + i]!
  terms.forEach((term, j) => {
    // The minimum keeps collinear terms (last = mean for a single reading) solvable.
    const penalty = Math.max(1e-7, penalties[TERM_GROUPS.indexOf(term.group)]!)
    a[(j + 1) * order + j + 1]! += penalty * Math.max(1, rows)
  })
  a[0]! += 1e-9
  return solve(a, xy) ?? new Float64Array(order)
}

function meanOf(values: Float64Array, rows: Int32Array): number {
  let sum = 0
  for (const row of rows) sum += values[row]!
  return rows.length > 0 ? sum / rows.length : 0
}
