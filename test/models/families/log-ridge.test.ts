import { describe, expect, test } from 'vitest'
import { logRidge } from '../../../models/families/log-ridge.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { offsetOf, skewnessOf } from '../../../models/sample/skew.ts'
import { simulatedSample, skewedSample } from '../estimator-checks.ts'

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length

describe('ridge on logarithms', async () => {
  const sample = skewedSample({ patients: 400, seed: 21, readings: 8 })
  const errorOf = (heldOut: Float64Array): number =>
    Math.sqrt(meanOf(heldOut.map((m, row) => (m - sample.target[row]!) ** 2)))
  const log = (await logRidge.crossFit(sample, 1)).heldOut[sample.folds]!
  const plain = (await ridge.crossFit(sample, 1)).heldOut[sample.folds]!

  test('foretells what is skewed better than ridge on the values', () => {
    expect(skewnessOf(sample.target)).toBeGreaterThan(1)
    expect(errorOf(log)).toBeLessThan(errorOf(plain))
  })

  test('has the mean of the values, and never less than the least or more than reason', () => {
    expect(meanOf(log)).toBeCloseTo(meanOf(sample.target), 6)
    expect(log.every((m) => m > 0 && m < 2 * Math.max(...sample.target))).toBe(true)
  })

  test('of what is not skewed says the mean of those it may see', async () => {
    const even = simulatedSample({ patients: 60, seed: 22, readings: 7 })
    const { heldOut } = await logRidge.crossFit(even, 1)
    const outside = even.target.filter((_, row) => even.fold[row] !== 0 && even.fold[row] !== 1)
    const row = even.fold.indexOf(1)
    expect(heldOut[0]![row]).toBeCloseTo(meanOf(outside), 9)
  })
})

test('logarithms begin at a tenth of the median, or half of the least count', () => {
  expect(offsetOf(Float64Array.of(0, 0, 0, 1, 4), 0)).toBe(0.5)
  expect(offsetOf(Float64Array.of(1, 2, 3, 40, 500), 0)).toBe(0.5)
  expect(offsetOf(Float64Array.of(0.1, 20, 30, 40, 500), 0)).toBe(3)
  expect(offsetOf(Float64Array.of(2, 2), 2)).toBe(0)
})
