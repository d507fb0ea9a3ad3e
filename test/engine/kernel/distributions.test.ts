/** Distributions against sums that anybody can make, and quantiles against published tables. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalDensity, normalQuantile, poissonLimit } from '../../../engine/kernel/distributions.ts'

describe('the normal quantile', () => {
  // @see Wichura (1988), and tables to 15 digits
  test.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.25, -0.6744897501960817],
    [1e-10, -6.361340902404056],
    [1e-20, -9.26234008979841],
  ])('of %d is %d', (p, z) => {
    if (z === 0) expect(normalQuantile(p)).toBe(0)
    else expect(Math.abs(normalQuantile(p) / z - 1)).toBeLessThan(1e-14)
  })

  test('ascends, is odd about a half, and its slope is 1 / density', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        const z = normalQuantile(p)
        expect(normalQuantile(1 - p)).toBeCloseTo(-z, 10)
        const slope = (normalQuantile(p + 1e-6) - normalQuantile(p - 1e-6)) / 2e-6
        expect(slope * normalDensity(z)).toBeCloseTo(1, 4)
      }),
    )
  })

  test('of what is no probability is a bug', () => {
    expect(() => normalQuantile(0)).toThrow('between 0 and 1')
    expect(() => normalQuantile(1)).toThrow('between 0 and 1')
  })
})

describe('the Poisson limit', () => {
  /** P(X <= most), term by term. */
  const below = (mean: number, most: number): number => {
    let [term, sum] = [Math.exp(-mean), Math.exp(-mean)]
    for (let x = 1; x <= most; x++) {
      term *= mean / x
      sum += term
    }
    return sum
  }

  test('is the least count that chance passes in one of twenty at most', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 600, noNaN: true }), (mean) => {
        const limit = poissonLimit(mean, 0.95)
        expect(below(mean, limit)).toBeGreaterThan(0.95 - 1e-9)
        if (limit > 0) expect(below(mean, limit - 1)).toBeLessThan(0.95 + 1e-9)
      }),
    )
  })

  test('of nothing to be expected is nothing; of very many it is about 1.645 standard deviations more', () => {
    expect(poissonLimit(0, 0.95)).toBe(0)
    expect(Math.abs(poissonLimit(1e6, 0.95) - (1e6 + 1644.85))).toBeLessThan(2)
  })
})
