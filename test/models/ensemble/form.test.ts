import { describe, expect, test } from 'vitest'
import { outerFrom } from '../../../models/ensemble/form.ts'
import { squareWeights } from '../../../models/ensemble/blend.ts'
import type { Estimator, Sample } from '../../../models/estimator.ts'
import { scoreOf, withinOf } from '../../../models/evaluation/score.ts'
import { populationMean } from '../../../models/families/baseline.ts'
import { logRidge } from '../../../models/families/log-ridge.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { predictedBy } from '../../../models/predictive/expecter.ts'
import { simulatedSample, skewedSample } from '../estimator-checks.ts'

const world = { patients: 900, seed: 61, readings: 8 }
const support = { low: 0, high: 3000, step: 0 }

/** Model 0, and what it foretells of the people it left out. */
async function fittedOn(sample: Sample) {
  const families: readonly Estimator[] = [populationMean, ridge, logRidge]
  const fits = await Promise.all(families.map(async (family) => family.crossFit(sample, 1)))
  const outer = outerFrom(sample, fits.map(({ heldOut }) => heldOut[0]!), support) // prettier-ignore
  const centre = new Float64Array(sample.target.length).fill(outer.constant)
  families.forEach((family, k) => {
    if (outer.weights[k] === 0) return
    const predict = family.predictorOf(fits[k]!.units[fits[k]!.members[0]![0]!]!)
    predict(sample.table).forEach((m, row) => (centre[row]! += outer.weights[k]! * m))
  })
  const predictions = predictedBy(outer.dispersion, sample.table, centre, support)
  const rows = Int32Array.from(sample.target.keys()).filter((row) => sample.fold[row] === 0)
  return { outer, fits, score: scoreOf(sample.target, predictions, rows, withinOf(predictions.placeOf(sample.target))) }
}

describe('the form of a model', () => {
  test('of skewed values is one on logarithms, right in the mean and covered, low and high', async () => {
    const { outer, score } = await fittedOn(skewedSample(world))
    expect(outer.dispersion.offset).toBeGreaterThan(0)
    expect(outer.weights[2]).toBeGreaterThan(0.3)
    expect(Math.abs(score.bias)).toBeLessThan(0.1 * score.rmse)
    expect(Math.abs(score.cover90 - 0.9)).toBeLessThan(0.03)
  })

  test('of values that are not skewed is what it was: no logarithm, nothing added', async () => {
    const { outer } = await fittedOn(simulatedSample({ ...world, patients: 200 }))
    expect(outer).toMatchObject({ constant: 0, dispersion: { exact: false, offset: null } })
    expect(outer.weights[2]).toBeLessThan(0.1)
  })

  test('sees nothing of the rows that it leaves out', async () => {
    const sample = skewedSample({ ...world, patients: 150 })
    const { outer, fits } = await fittedOn(sample)
    const target = sample.target.map((y, row) => (sample.fold[row] === 0 ? 3000 - y : y))
    const other = outerFrom({ ...sample, target }, fits.map(({ heldOut }) => heldOut[0]!), support) // prettier-ignore
    expect(other).toEqual(outer)
  })
})

test('weights of least squares are those of least squared error', () => {
  const target = Float64Array.from({ length: 400 }, (_, i) => (i % 20 === 0 ? 100 : i % 7))
  const weights = squareWeights([target.map((y) => y + 1), target.map((y) => y - 1), target.map(() => 0)], target)
  expect([...weights]).toEqual([0.5, 0.5, 0].map((w) => expect.closeTo(w, 2)))
})
