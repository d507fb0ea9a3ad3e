import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OWN_READINGS } from '../../../engine/panel/readings.ts'
import type { FeatureTable } from '../../../engine/panel/window.ts'
import { mixedModel } from '../../../models/families/mixed.ts'
import { randomEffectsOf, type Process } from '../../../models/families/mixed-process.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { simulatedSample } from '../estimator-checks.ts'

const process: Process = { level: 0.5, course: 0.2, error: 0.3, memory: 1.5 }

/** One row of readings [age, value, count]. */
function tableOf(readings: readonly (readonly [number, number, number])[]): FeatureTable {
  const names: string[] = []
  const columns: Float32Array[] = []
  for (let k = 0; k < OWN_READINGS; k++)
    ['age', 'value', 'count'].forEach((what, i) => {
      names.push(`reading.${k + 1}.${what}`)
      columns.push(Float32Array.of(readings[k]?.[i] ?? NaN))
    })
  return { names, rows: 1, columns }
}

const correlation = (years: number): number => (1 + years / process.memory) * Math.exp(-years / process.memory)

describe('the process', () => {
  test('one reading is believed by its share of the variance', () => {
    const { level, course, slope, levelOfOne } = randomEffectsOf(tableOf([[0, 10, 1]]), process)
    expect(level[0]).toBeCloseTo(5, 9)
    expect(course[0]).toBeCloseTo(2, 9)
    expect(slope[0]).toBeCloseTo(0, 9)
    expect(levelOfOne[0]).toBeCloseTo(0.5, 9)
  })

  test('solves what it says: V z = y, level = level sum z, course = course sum c(a) z', () => {
    const reading = fc.tuple(
      fc.integer({ min: 1, max: 40 }).map((k) => k / 8),
      fc.integer({ min: -20, max: 20 }),
      fc.integer({ min: 1, max: 5 }),
    )
    fc.assert(
      fc.property(fc.uniqueArray(reading, { minLength: 2, maxLength: 2, selector: ([age]) => age }), (readings) => {
        const [[a, y, m], [b, w, n]] = readings as [[number, number, number], [number, number, number]]
        const shared = process.level + process.course * correlation(Math.abs(a - b))
        const [first, second] = [0.7 + process.error / m, 0.7 + process.error / n]
        const determinant = first * second - shared * shared
        const z = [(second * y - shared * w) / determinant, (first * w - shared * y) / determinant] as const
        const effects = randomEffectsOf(tableOf(readings), process)
        expect(effects.level[0]).toBeCloseTo(process.level * (z[0] + z[1]), 5)
        expect(effects.course[0]).toBeCloseTo(process.course * (correlation(a) * z[0] + correlation(b) * z[1]), 5)
      }),
    )
  })

  test('many readings of one value come to be believed; an old course is forgotten', () => {
    const many = randomEffectsOf(tableOf([[0, 1, 10_000]]), { level: 0.7, course: 0, error: 0.3, memory: 1 })
    expect(many.levelOfOne[0]).toBeCloseTo(1, 3)
    const old = randomEffectsOf(tableOf([[40, 1, 1]]), process)
    expect(Math.abs(old.course[0]!)).toBeLessThan(1e-6)
    expect(old.level[0]).toBeCloseTo(0.5, 6)
  })

  test('without readings the random effects are 0', () => {
    const { level, course, levelOfOne } = randomEffectsOf(tableOf([]), process)
    expect([level[0], course[0], levelOfOne[0]]).toEqual([0, 0, 0])
  })
})

test('where a level and errors are all there is, the mixed model comes close to the best that can be done, and to ridge', async () => {
  const sample = simulatedSample({ patients: 500, seed: 31, readings: 7 })
  const errorOf = (column: Float64Array): number =>
    Math.sqrt(column.reduce((sum, y, row) => sum + (y - sample.target[row]!) ** 2, 0) / column.length)
  const [mixed, other] = [await mixedModel.crossFit(sample, 1), await ridge.crossFit(sample, 1)]
  // Errors of sd 4 around levels of sd 8: with n readings the best is 4 sqrt(1 + 1 / (n + 1/4)), for 1 to 4 readings 4.68 on average.
  expect(errorOf(mixed.heldOut[sample.folds]!)).toBeLessThan(4.95)
  expect(errorOf(mixed.heldOut[sample.folds]!)).toBeLessThan(errorOf(other.heldOut[sample.folds]!) * 1.02)
})
