import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import { censoredQuantiles } from '../../../models/predictive/censored-shape.ts'
import { LEVELS } from '../../../models/predictive/dispersion.ts'
import { betweenShapes } from '../../../models/predictive/distribution.ts'
import { ExactDistribution } from '../../../models/predictive/exact-distribution.ts'
import { matchedCentre } from '../../../models/predictive/matched-centre.ts'
import { censored, fromScale, onScale, possible } from '../../../models/predictive/support.ts'

const shape = Float64Array.from({ length: LEVELS }, (_, k) => (k - 99) / 60 + ((k - 99) / 90) ** 3)
const wider = shape.map((z) => 1.5 * z + 0.1)
const [between] = betweenShapes({ shapes: [shape, wider] })
const supports = [
  { low: 0, high: 48, step: 1 },
  { low: 1, high: 4, step: 1 },
  { low: 0, high: 6, step: 0.1 },
  { low: -0.446, high: 1, step: 0 },
]
const setting = fc.record({
  support: fc.constantFrom(...supports),
  offset: fc.constantFrom(null, 0.3),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  at: fc.double({ min: 0.03, max: 0.97, noNaN: true }),
  width: fc.double({ min: 0.15, max: 0.5, noNaN: true }),
})

describe('a distribution on possible values', () => {
  test('has the mean that was foretold, within a two hundredth of a step or of its width', () =>
    fc.assert(
      fc.property(setting, ({ support, offset, share, at, width }) => {
        const range = support.high - support.low
        const mean = support.low + at * range
        const scale = offset === null ? width * range : width
        const distribution = new ExactDistribution(support, offset, LEVELS)
        const centre = matchedCentre(between!, share, mean, scale, { support, offset })
        distribution.set(between!, share, centre, scale)
        // a level that is rounded to the next step moves the mean by so much; several may move at once
        const slack = Math.max((3 * support.step) / LEVELS, 2e-3 * range)
        expect(Math.abs(distribution.mean() - mean)).toBeLessThan(slack)
      }),
    ))

  test('has values of the measure only, ascending, and E[h] over them', () =>
    fc.assert(
      fc.property(setting, ({ support, offset, share, at, width }) => {
        const distribution = new ExactDistribution(support, offset, LEVELS)
        distribution.set(
          between!,
          share,
          onScale(support.low + at * (support.high - support.low), support, offset),
          width,
        )
        const values = Array.from({ length: LEVELS }, (_, k) => distribution.quantile(k))
        values.forEach((y, k) => {
          expect(y).toBeGreaterThanOrEqual(support.low)
          expect(y).toBeLessThanOrEqual(support.high)
          if (k > 0) expect(y).toBeGreaterThanOrEqual(values[k - 1]!)
          const steps = (y - support.low) / support.step
          if (support.step > 0) expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-6)
        })
        const h = (y: number): number => Math.min(y, 2) ** 2
        expect(distribution.expected(h)).toBeCloseTo(values.reduce((sum, y) => sum + h(y), 0) / LEVELS, 9)
      }),
    ))

  test('counts the mass at a value apart from what lies below it', () => {
    const distribution = new ExactDistribution({ low: 0, high: 6, step: 0.1 }, null, LEVELS)
    distribution.set(between!, 0, 5.4, 0.5)
    const values = Array.from({ length: LEVELS }, (_, k) => distribution.quantile(k))
    for (const y of [0, 0.3, 5.1, 5.7, 6]) {
      expect(distribution.levelsBelow(y)).toBe(values.filter((value) => value < y - 1e-9).length)
      expect(distribution.levelsThrough(y)).toBe(values.filter((value) => value <= y + 1e-9).length)
    }
    expect(values.at(-1)).toBe(6)
    expect(distribution.levelsThrough(6) - distribution.levelsBelow(6)).toBeGreaterThan(20)
  })

  test('rounds to the nearest step, and an end is open', () => {
    const score = { low: 1, high: 4, step: 1 }
    expect([-3, 1.4, 1.5, 3.6, 9].map((y) => possible(y, score))).toEqual([1, 1, 2, 4, 4])
    expect([1, 2, 4].map((y) => censored(y, score, null))).toEqual([[-Infinity, 1.5], [1.5, 2.5], [3.5, Infinity]]) // prettier-ignore
    expect(fromScale(onScale(2.7, score, 0.5), score, 0.5)).toBeCloseTo(2.7, 12)
  })
})

describe('the shape of what is known by intervals', () => {
  test('is found again under rounding and a ceiling', () => {
    const random = randomOf(5, 1)
    const z = Float64Array.from({ length: 6000 }, () => random.normal())
    // rounded to halves, at places that differ, and all above 0.8 known as such
    const shift = z.map(() => random.uniform() / 2)
    const floor = (x: number, by: number): number => Math.floor((x - by) * 2) / 2 + by
    const above = z.map((x, i) => (x > 0.8 ? 0.8 : floor(x, shift[i]!)))
    const through = z.map((x, i) => (x > 0.8 ? Infinity : Math.min(0.8, floor(x, shift[i]!) + 0.5)))
    const quantiles = censoredQuantiles(above, through, LEVELS)
    const normal = [-1.645, -1.282, -0.674, 0, 0.524]
    ;[9, 19, 49, 99, 139].forEach((k, at) => expect(Math.abs(quantiles[k]! - normal[at]!)).toBeLessThan(0.1))
    for (let k = 1; k < LEVELS; k++) expect(quantiles[k]!).toBeGreaterThanOrEqual(quantiles[k - 1]!)
  })

  test('of points is theirs, and of one value all of it', () => {
    const points = Float64Array.from({ length: 999 }, (_, i) => i)
    const quantiles = censoredQuantiles(points, points, LEVELS)
    for (const k of [9, 99, 189]) expect(Math.abs(quantiles[k]! - 5 * (k + 1))).toBeLessThan(12)
    const same = new Float64Array(50).fill(3)
    for (const y of censoredQuantiles(same, same, LEVELS)) expect(y).toBeCloseTo(3, 6)
  })
})
