import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Moment, Moments } from '../../../../verifier/method/history.ts'
import { momentsOf } from '../../../../verifier/method/version-2/moments.ts'
import { casesOf } from '../cases.ts'

interface MomentCase {
  readonly name: string
  readonly moments: Readonly<Record<string, number>>
  readonly then: Moments
}

const squaredError = (moments: readonly Moment[], { tau2, omega2, kappa2 }: Moments): number =>
  moments.reduce((total, { x, sameYear, m }) => total + (m - tau2 - omega2 * x - (sameYear ? kappa2 : 0)) ** 2, 0)

/** The pairs t <= u of some years, each with its moment. */
const momentsAmong = (years: readonly number[], m: readonly number[]): Moment[] => {
  const H = Math.max(...years)
  const pairs = years.flatMap((t) => years.filter((u) => u >= t).map((u) => ({ t, u })))
  return pairs.map(({ t, u }, at) => ({ x: H - u, sameYear: t === u, m: m[at]! }))
}

describe('what sets partners apart', () => {
  test.each(casesOf('moments') as MomentCase[])('$name', ({ moments, then }) => {
    const pairs = Object.keys(moments).map((pair) => pair.split('-').map(Number) as [number, number])
    const years = new Set(pairs.flat())
    const H = Math.max(...years)
    const given = pairs.map(([t, u]) => ({ x: H - u, sameYear: t === u, m: moments[`${t}-${u}`]! }))
    const found = momentsOf(given, years.size)
    for (const term of ['tau2', 'omega2', 'kappa2'] as const) expect(found[term]).toBeCloseTo(then[term], 12)
  })

  test('is never negative, and no point of a grid explains the moments better', () => {
    const years = fc.constantFrom([1, 2], [2, 3], [1, 2, 3])
    const m = fc.array(fc.double({ min: -2, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(years, m, (counting, values) => {
        const moments = momentsAmong(counting, values)
        const found = momentsOf(moments, counting.length)
        expect(Math.min(found.tau2, found.omega2, found.kappa2)).toBeGreaterThanOrEqual(0)
        const least = squaredError(moments, found)
        const steps = Array.from({ length: 25 }, (_, at) => at / 4)
        let leastOfGrid = Infinity
        for (const tau2 of steps)
          for (const omega2 of steps)
            for (const kappa2 of steps)
              leastOfGrid = Math.min(leastOfGrid, squaredError(moments, { tau2, omega2, kappa2 }))
        expect(leastOfGrid).toBeGreaterThanOrEqual(least - 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  test('is the least nearby too: a small step of any kind explains the moments no better', () => {
    const m = fc.array(fc.double({ min: -2, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 })
    fc.assert(
      fc.property(m, fc.integer({ min: 1, max: 8 }), (values, digits) => {
        const moments = momentsAmong([1, 2, 3], values)
        const found = momentsOf(moments, 3)
        const least = squaredError(moments, found)
        const step = 10 ** -digits
        for (const a of [-step, 0, step])
          for (const b of [-step, 0, step])
            for (const c of [-step, 0, step]) {
              const near = { tau2: found.tau2 + a, omega2: found.omega2 + b, kappa2: found.kappa2 + c }
              if (Math.min(near.tau2, near.omega2, near.kappa2) >= 0)
                expect(squaredError(moments, near)).toBeGreaterThanOrEqual(least - 1e-12 * Math.max(1, least))
            }
      }),
    )
  })
})
