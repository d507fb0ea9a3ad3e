import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import { betweenShapes, Distribution } from '../../../models/predictive/distribution.ts'
import type { Sample } from '../../../models/estimator.ts'
import { noWidthFactors } from '../../../models/predictive/dispersion-people.ts'
import {
  fitDispersion,
  LEVELS,
  packDispersion,
  scalesOf,
  shapeAt,
  unpackDispersion,
} from '../../../models/predictive/dispersion.ts'

const folds = 3
const anywhere = { low: -1e9, high: 1e9, step: 0 }

/** Rows of as many patients, aged 30 to 90, whose results scatter around `centre` as `noise` says. */
function world(rows: number, seed: number, noise: (age: number, random: ReturnType<typeof randomOf>) => number) {
  const random = randomOf(seed, 0)
  const age = Float32Array.from({ length: rows }, () => 30 + 60 * random.uniform())
  const centre = Float64Array.from({ length: rows }, () => 60 + 8 * random.normal())
  const sample: Sample = {
    table: { names: ['age', 'own.last'], rows, columns: [age, Float32Array.from(centre)] },
    target: centre.map((m, row) => m + noise(age[row]!, random)),
    fold: Uint8Array.from({ length: rows }, (_, row) => row % folds),
    folds,
    patient: Uint32Array.from({ length: 2 * rows }, (_, at) => at >> 1),
    day: new Int32Array(rows),
  }
  return { sample, centre, age }
}

/** Share of the rows inside their 90% interval, of those that are kept. */
function coverOf(
  dispersion: ReturnType<typeof fitDispersion>,
  of: ReturnType<typeof world>,
  keep: (age: number, row: number) => boolean,
): number {
  const scales = scalesOf(dispersion, of.sample.table, of.centre, anywhere)
  const between = betweenShapes(dispersion)
  const distribution = new Distribution([-1e9, 1e9])
  let [inside, all] = [0, 0]
  of.sample.target.forEach((y, row) => {
    if (!keep(of.age[row]!, row)) return
    const [shape, share] = shapeAt(dispersion, of.centre[row]!)
    distribution.set(between[shape]!, share, of.centre[row]!, scales[row]!)
    all++
    if (y >= distribution.quantile(9) && y <= distribution.quantile(LEVELS - 10)) inside++
  })
  return inside / all
}

describe('the dispersion', () => {
  // About as far off on average at every age, but seldom and far in the middle of life: a scale alone cannot say so.
  const uncertain = (age: number, random: ReturnType<typeof randomOf>): number => {
    const side = random.uniform() < 0.5 ? -1 : 1
    const isSeldom = random.uniform() < 1 - Math.abs(age - 60) / 30
    if (!isSeldom) return side * 10 * random.uniform()
    return side * (random.uniform() < 0.18 ? 8 + 16 * random.uniform() : 3 * random.uniform())
  }
  const learned = world(6000, 1, uncertain)
  const fresh = world(6000, 2, uncertain)
  const dispersion = fitDispersion(learned.sample, learned.centre, anywhere)

  test.each([
    ['below 45', (age: number) => age < 45],
    ['45 to 69', (age: number) => age >= 45 && age < 70],
    ['70 and over', (age: number) => age >= 70],
    ['everybody', () => true],
  ])('covers nine of ten of people never seen: %s', (_name, keep) => {
    expect(Math.abs(coverOf(dispersion, fresh, keep) - 0.9)).toBeLessThan(0.04)
  })

  test('would not without its width by age', () => {
    const alike = { ...dispersion, widths: noWidthFactors }
    expect(Math.abs(coverOf(alike, fresh, (age) => age >= 50 && age < 65) - 0.9)).toBeGreaterThan(0.04)
  })

  test('covers women and others alike, where one of them is seldom but far off', () => {
    const seldom = (random: ReturnType<typeof randomOf>) =>
      random.uniform() < 0.18 ? 8 + 16 * random.uniform() : 3 * random.uniform()
    const of = (seed: number) => {
      const made = world(4000, seed, () => 0)
      const random = randomOf(seed, 9)
      const female = made.age.map((_, row) => row % 2)
      const target = made.centre.map(
        (m, row) => m + (random.uniform() < 0.5 ? -1 : 1) * (female[row] === 1 ? seldom(random) : 8 * random.uniform()),
      )
      const table = {
        ...made.sample.table,
        names: [...made.sample.table.names, 'female'],
        columns: [...made.sample.table.columns, female],
      }
      return { ...made, female, sample: { ...made.sample, table, target } }
    }
    const [known, unseen] = [of(4), of(5)]
    const fitted = fitDispersion(known.sample, known.centre, anywhere)
    const cover = (candidate: typeof fitted, sex: number) =>
      coverOf(candidate, unseen, (_age, row) => unseen.female[row] === sex)
    for (const sex of [0, 1]) expect(Math.abs(cover(fitted, sex) - 0.9)).toBeLessThan(0.04)
    expect(cover({ ...fitted, widths: noWidthFactors }, 0)).toBeGreaterThan(0.96)
  })

  test('takes every age alike where every age is', () => {
    const even = world(6000, 3, (_age, random) => 5 * random.normal())
    for (const factor of fitDispersion(even.sample, even.centre, anywhere).widths.byAge)
      expect(Math.abs(factor - 1)).toBeLessThan(0.1)
  })

  test('is unpacked as it was packed', () => {
    const again = unpackDispersion(packDispersion(dispersion))
    expect(again).toEqual(dispersion)
    expect([...scalesOf(again, fresh.sample.table, fresh.centre, anywhere)]).toEqual([
      ...scalesOf(dispersion, fresh.sample.table, fresh.centre, anywhere),
    ])
  })

  test('has quantiles that never cross, whatever it was fitted on', () => {
    const residual = fc.oneof(fc.double({ min: -50, max: 50, noNaN: true }), fc.constant(0), fc.constantFrom(-1e6, 1e6))
    fc.assert(
      fc.property(
        fc.array(residual, { minLength: 12, maxLength: 1300 }),
        fc.double({ min: -1e3, max: 1e3, noNaN: true }),
        (residuals, at) => {
          let next = 0
          const of = world(residuals.length, residuals.length, () => residuals[next++]!)
          const fitted = fitDispersion(of.sample, of.centre, anywhere)
          const between = betweenShapes(fitted)
          const distribution = new Distribution([0, 150])
          const scales = scalesOf(fitted, of.sample.table, of.centre, anywhere)
          scales.forEach((scale, row) => {
            const centre = row === 0 ? at : of.centre[row]!
            const [shape, share] = shapeAt(fitted, centre)
            distribution.set(between[shape]!, share, centre, scale)
            for (let k = 1; k < LEVELS; k++)
              if (!(distribution.quantile(k) >= distribution.quantile(k - 1)))
                expect.fail(`level ${k} of row ${row} crosses`)
          })
        },
      ),
      { numRuns: 60 },
    )
  })
})
