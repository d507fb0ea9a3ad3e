import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { healthOf } from '../../../engine/assessment/health-value.ts'
import { betweenShapes, Distribution } from '../../../models/predictive/distribution.ts'
import { LEVELS } from '../../../models/predictive/dispersion.ts'

/** Two shapes, one wider on the right than the other; each of mean 0. */
const shapeOf = (skew: number): Float64Array => {
  const z = Float64Array.from({ length: LEVELS }, (_, k) => {
    const x = (k - (LEVELS - 1) / 2) / 50
    return x + skew * Math.max(0, x) ** 2
  })
  const mean = z.reduce((a, b) => a + b, 0) / LEVELS
  return z.map((x) => x - mean)
}
const shapes = [shapeOf(0), shapeOf(0.4)]
const [between] = betweenShapes({ shapes })

const plausible = [20, 200] as const
const settings = fc.record({
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  centre: fc.double({ min: 0, max: 230, noNaN: true }),
  scale: fc.double({ min: 1e-6, max: 60, noNaN: true }),
})

/** Every level written down. */
function levelsOf({ share, centre, scale }: { share: number; centre: number; scale: number }): number[] {
  return Array.from(shapes[0]!, (low, k) => {
    const y = centre + scale * (low + share * (shapes[1]![k]! - low))
    return Math.min(plausible[1], Math.max(plausible[0], y))
  })
}
const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length

const outcome = { measure: 'hba1c', countedRange: [48, 110], target: null } as const
const healths = {
  'counted range, lower better': healthOf(outcome, 'lower'),
  'counted range, higher better': healthOf(outcome, 'higher'),
  'a window to stay in': healthOf({ ...outcome, target: [53, 64] }, 'window'),
  'no range': healthOf({ ...outcome, countedRange: null }, 'lower'),
}

describe('a distribution', () => {
  const distribution = new Distribution(plausible)

  test('has the mean, the spread and the quantiles of its levels', () =>
    fc.assert(
      fc.property(settings, (given) => {
        distribution.set(between!, given.share, given.centre, given.scale)
        const levels = levelsOf(given)
        const mean = meanOf(levels)
        expect(distribution.mean()).toBeCloseTo(mean, 8)
        expect(distribution.sd()).toBeCloseTo(Math.sqrt(meanOf(levels.map((y) => (y - mean) ** 2))), 5)
        expect([0, 99, LEVELS - 1].map((k) => distribution.quantile(k))).toEqual([0, 99, LEVELS - 1].map((k) => levels[k])) // prettier-ignore
      }),
    ))

  test.each(Object.entries(healths))('has the expected health value of its levels: %s', (_name, health) =>
    fc.assert(
      fc.property(settings, (given) => {
        distribution.set(between!, given.share, given.centre, given.scale)
        expect(distribution.expected(health)).toBeCloseTo(meanOf(levelsOf(given).map(health)), 8)
      }),
    ),
  )

  test('takes a function without bends level by level', () => {
    distribution.set(between!, 0.3, 60, 9)
    const levels = levelsOf({ share: 0.3, centre: 60, scale: 9 })
    expect(distribution.expected((y) => y * y)).toBeCloseTo(meanOf(levels.map((y) => y * y)), 8)
  })
})
