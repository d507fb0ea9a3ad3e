/** The form of a model: how its families are weighed, and the scale on which its errors are alike; of skewed values the form of least cross-validated CRPS. */
import { rowsWhere, tableRows } from '../sample/rows.ts'
import type { Sample } from '../estimator.ts'
import type { Outer } from '../predictive/artefact.ts'
import { fitDispersion, isExact } from '../predictive/dispersion.ts'
import { predictedBy } from '../predictive/expecter.ts'
import { onScale, type LogOffset, type Support } from '../predictive/support.ts'
import { offsetOf, SKEWED, skewnessOf } from '../sample/skew.ts'
import { pinballOf } from '../evaluation/score.ts'
import { admitted, blended, blendWeights, relativeWeights, squareWeights } from './blend.ts'

interface Form {
  readonly weights: Float64Array
  readonly offset: LogOffset
}

/** Model o of the blend.  @param heldOut [families][rows]: NaN for the rows that it leaves out, of which nothing is seen here */
export function outerFrom(sample: Sample, heldOut: readonly Float64Array[], support: Support): Outer {
  const plain = { weights: blendWeights(heldOut, sample.target), offset: null }
  const rows = rowsWhere(sample.target.length, (row) => !Number.isNaN(heldOut[0]![row]!))
  const chosen = best([plain, ...skewedForms(sample, heldOut, rows, support)], sample, heldOut, rows, support)
  const weights = admitted(chosen.weights, heldOut, sample.target, sample.patient)
  const sum = blended(heldOut, weights)
  const constant = isExact(sample.target, rows, support, chosen.offset) ? meanError(sample.target, sum, rows) : 0
  const foretold = sum.map((m) => m + constant)
  return { weights, constant, dispersion: fitDispersion(sample, foretold, support, chosen.offset) }
}

/** Families that aim at a median are off in the mean where errors are not symmetric. */
function meanError(target: Float64Array, foretold: Float64Array, rows: Int32Array): number {
  let sum = 0
  for (const row of rows) sum += target[row]! - foretold[row]!
  return sum / rows.length
}

/** Where few values are large, weights of least CRPS draw everybody to the middle: with weights of least squares the mean is right where values are large,
 *  with those of least relative squares at every level, and errors may be alike on logarithms. */
function skewedForms(sample: Sample, heldOut: readonly Float64Array[], rows: Int32Array, { low }: Support): Form[] {
  const values = Float64Array.from(rows, (row) => sample.target[row]!)
  if (skewnessOf(values) <= SKEWED) return []
  const weights = squareWeights(heldOut, sample.target)
  const offset = offsetOf(values, low)
  if (!(offset > 0)) return [{ weights, offset: null }]
  const relative = relativeWeights(heldOut, sample.target, { low, offset })
  return [
    { weights, offset: null },
    { weights, offset },
    { weights: relative, offset },
  ]
}

/** The most rows that forms are compared on, of each half. */
const mostRows = 2000

/** Each form's distributions learn of the even folds and are judged on the odd, and the other way round. Forms on logarithms are told apart by the CRPS of
 *  logarithms, a proper score too, in which the few with large values do not decide for everybody; the better of them competes with the others. */
function best(
  forms: readonly Form[],
  sample: Sample,
  heldOut: readonly Float64Array[],
  rows: Int32Array,
  support: Support,
): Form {
  const leastOn = (judgedOn: LogOffset, compared: readonly Form[]): Form => {
    if (compared.length === 1) return compared[0]!
    const losses = compared.map(({ weights, offset }) => {
      const centre = blended(heldOut, weights)
      return [0, 1].reduce((sum, half) => sum + lossOn(half, sample, centre, rows, { support, offset, judgedOn }), 0)
    })
    return compared[losses.reduce((least, loss, k) => (loss < losses[least]! ? k : least), 0)]!
  }
  const onLogs = forms.filter(({ offset }) => offset !== null)
  const others = forms.filter(({ offset }) => offset === null)
  return leastOn(null, onLogs.length > 0 ? [...others, leastOn(onLogs[0]!.offset, onLogs)] : others)
}

function lossOn(
  half: number,
  sample: Sample,
  centre: Float64Array,
  rows: Int32Array,
  { support, offset, judgedOn }: { support: Support; offset: LogOffset; judgedOn: LogOffset },
): number {
  const isJudged = (row: number): boolean => sample.fold[row]! % 2 === half
  const judged = rows.filter(isJudged).slice(0, mostRows)
  const learned = centre.map((m, row) => (isJudged(row) ? NaN : m))
  const dispersion = fitDispersion(sample, learned, support, offset)
  const foretold = Float64Array.from(judged, (row) => centre[row]!)
  const { quantiles } = predictedBy(dispersion, tableRows(sample.table, judged), foretold, support)
  const judgedAs = (y: number): number => onScale(y, support, judgedOn)
  return pinballOf(
    Float64Array.from(judged, (row) => judgedAs(sample.target[row]!)),
    quantiles.map((column) => column.map(judgedAs)),
  )
}
