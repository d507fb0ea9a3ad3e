import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blended, blendWeights } from '../../models/blend.ts'
import { linearContributions, linearOf, linearPredictions, ridge } from '../../models/ridge.ts'
import { simulatedSample } from './estimator-checks.ts'

const columns = fc.integer({ min: 3, max: 30 }).chain((rows) =>
  fc.array(fc.float64Array({ minLength: rows, maxLength: rows, min: -9, max: 9, noNaN: true }), {
    minLength: 3,
    maxLength: 5,
  }),
)

const errorOf = (predicted: Float64Array, target: Float64Array): number =>
  predicted.reduce((sum, y, row) => sum + (y - target[row]!) ** 2, 0)

describe('a blend', () => {
  test('has weights that are not negative and sum to 1, and is no worse than its best family', () => {
    fc.assert(
      fc.property(columns, ([target, ...predictions]) => {
        const weights = blendWeights(predictions, target!)
        expect(weights.every((w) => w >= 0)).toBe(true)
        expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
        const best = Math.min(...predictions.map((column) => errorOf(column, target!)))
        expect(errorOf(blended(predictions, weights), target!)).toBeLessThanOrEqual(best * 1.001 + 1e-3)
      }),
    )
  })

  test('gives a family that does not help nothing', () => {
    const target = Float64Array.from({ length: 200 }, (_, i) => Math.sin(i))
    const good = target.map((y, i) => y + 0.1 * Math.cos(7 * i))
    const bad = target.map((y, i) => y + Math.cos(7 * i))
    expect([...blendWeights([bad, good], target)]).toEqual([0, 1])
  })
})

test('linear contributions add up to the prediction', async () => {
  const sample = simulatedSample({ patients: 60, seed: 12, readings: 8 })
  const { units } = await ridge.crossFit(sample, 1)
  const linear = linearOf(units[5]!)
  const predicted = linearPredictions(linear, sample.table)
  const contributions = [...linearContributions(linear, sample.table).values()]
  predicted.forEach((y, row) => {
    const sum = contributions.reduce((total, column) => total + column[row]!, linear.constant)
    expect(sum).toBeCloseTo(y, 9)
  })
})
