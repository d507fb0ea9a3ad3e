import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import {
  blended,
  blendWeights,
  crpsOf,
  relativeWeights,
  scaleOf,
  squareWeights,
} from '../../../models/ensemble/blend.ts'
import { linearContributions, linearOf, linearPredictions, ridge } from '../../../models/families/ridge.ts'
import { simulatedSample } from '../estimator-checks.ts'

const columns = fc.integer({ min: 3, max: 30 }).chain((rows) =>
  fc.array(fc.float64Array({ minLength: rows, maxLength: rows, min: -9, max: 9, noNaN: true }), {
    minLength: 3,
    maxLength: 5,
  }),
)

/** Mean CRPS at the scale that the prediction's own errors have. */
const crps = (predicted: Float64Array, target: Float64Array): number =>
  target.reduce((sum, y, row) => sum + crpsOf(y - predicted[row]!, scaleOf(predicted, target)), 0) / target.length

describe('a blend', () => {
  test('has weights that are not negative and sum to 1, and is not worse than its best family by more than chance', () => {
    fc.assert(
      fc.property(columns, ([target, ...predictions]) => {
        const weights = blendWeights(predictions, target!)
        expect(weights.every((w) => w >= 0)).toBe(true)
        expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
        const best = Math.min(...predictions.map((column) => crps(column, target!)))
        // where one family is all but perfect, eight steps from least squares need not have found it out
        fc.pre(best > 1e-3)
        const chance = 1 / Math.sqrt(target!.length)
        expect(crps(blended(predictions, weights), target!)).toBeLessThanOrEqual(best * (1 + chance) + 1e-6)
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

describe('the weights', () => {
  const random = randomOf(31)
  const rows = 4000
  const truth = Float64Array.from({ length: rows }, () => 60 + 8 * random.normal())
  const target = truth.map((y) => y + 4 * random.normal())
  const seenAs = (sd: number) => truth.map((y) => y + sd * random.normal())

  test('are shared by twins, and grow with what is known', () => {
    const [one, other, vague] = [seenAs(2), seenAs(2), seenAs(6)]
    const weights = blendWeights([one, other, vague], target)
    expect(Math.abs(weights[0]! - weights[1]!)).toBeLessThan(0.15)
    expect(weights[2]!).toBeLessThan(0.12)
  })

  test('do not follow a few people whom nobody could foresee', () => {
    // One family is far better, but for thirty rows at which it happens to be further off than the other.
    const [good, poor] = [seenAs(1), seenAs(7)]
    const shocked = target.map((y, row) => (row % 133 === 0 ? y + 200 * Math.sign(poor[row]! - good[row]!) : y))
    expect(blendWeights([poor, good], shocked)[1]!).toBeGreaterThan(0.9)
  })

  test('are those of the least CRPS: no step along an edge is better', () => {
    const families = [seenAs(2), seenAs(3), seenAs(5)]
    const weights = blendWeights(families, target)
    const scale = scaleOf(blended(families, weights), target)
    const at = (w: Float64Array): number =>
      blended(families, w).reduce((sum, m, row) => sum + crpsOf(target[row]! - m, scale), 0) / rows
    for (const [from, to] of [
      [0, 1],
      [1, 0],
      [0, 2],
      [2, 0],
      [1, 2],
      [2, 1],
    ] as const) {
      const moved = weights.slice()
      moved[from]! -= 0.05
      moved[to]! += 0.05
      expect(at(moved)).toBeGreaterThan(at(weights))
    }
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

test('weights of relative squares are those of who is right at every level, not of who is right about the largest', () => {
  const random = randomOf(31, 0)
  const level = Float64Array.from({ length: 3000 }, () => Math.exp(1.5 * random.normal()))
  const target = level.map((m) => m * Math.exp(0.3 * random.normal() - 0.045))
  // a fifth off in proportion, or off by two for everybody
  const families = [level.map((m) => m * Math.exp(0.3 * random.normal() - 0.045)), level.map((m) => m + 2)]
  const scale = { low: 0, offset: 0.1 }
  const relative = relativeWeights(families, target, scale)
  expect(relative[0]).toBeGreaterThan(0.9)
  expect(squareWeights(families, target)[0]).toBeLessThan(0.6)
  expect(relative[0]! + relative[1]!).toBeCloseTo(1, 9)
})
