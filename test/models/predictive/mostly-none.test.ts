import { expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import type { Sample } from '../../../models/estimator.ts'
import { withinOf } from '../../../models/evaluation/score.ts'
import { fitDispersion } from '../../../models/predictive/dispersion.ts'
import { predictedBy } from '../../../models/predictive/expecter.ts'

const support = { low: 0, high: 366, step: 0 }

/** Days in hospital in a year, of whom most have none: stays by a Poisson process of a person's own rate, each some days. */
function daysInHospital(rows: number, seed: number): { sample: Sample; mean: Float64Array } {
  const random = randomOf(seed, 0)
  const rate = Float64Array.from({ length: rows }, () => Math.exp(-1.5 + 0.9 * random.normal()))
  const target = rate.map((stays) => {
    let [days, sum] = [0, -Math.log(1 - random.uniform())]
    for (; sum < stays; sum -= Math.log(1 - random.uniform())) days += 1 + Math.floor(-5 * Math.log(random.uniform()))
    return Math.min(support.high, days)
  })
  // whole days: 1 + the mean of the whole part of an exponential of mean 5
  const mean = rate.map((stays) => stays * (1 + 1 / (Math.exp(1 / 5) - 1)))
  const table = { names: ['own.last'], rows, columns: [Float32Array.from(mean)] }
  const fold = Uint8Array.from({ length: rows }, (_, row) => row % 5)
  const patient = Uint32Array.from({ length: 2 * rows }, (_, at) => at >> 1)
  return { sample: { table, target, fold, folds: 5, patient, day: new Int32Array(rows) }, mean }
}

test('of days in hospital, which most have none of, the mass at none stays there, and every tenth is covered', () => {
  const learned = daysInHospital(6000, 1)
  const fresh = daysInHospital(6000, 2)
  expect(learned.sample.target.filter((y) => y === 0).length / 6000).toBeGreaterThan(0.6)
  const dispersion = fitDispersion(learned.sample, learned.mean, support, 0.5)
  const places = predictedBy(dispersion, fresh.sample.table, fresh.mean, support).placeOf(fresh.sample.target)
  const within = withinOf(places)
  const none = predictedBy(dispersion, fresh.sample.table, fresh.mean, support).placeOf(new Float64Array(6000))
  const ordered = [...fresh.mean.keys()].sort((a, b) => fresh.mean[a]! - fresh.mean[b]!)
  const meanOf = (rows: readonly number[], of: (row: number) => number): number =>
    rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  for (let tenth = 0; tenth < 10; tenth++) {
    const rows = ordered.slice(600 * tenth, 600 * (tenth + 1))
    const real = meanOf(rows, (row) => (fresh.sample.target[row] === 0 ? 1 : 0))
    // three standard errors of a share of 600 people that was learned from 500
    const slack = 3 * Math.sqrt(real * (1 - real) * (1 / rows.length + 1 / 500))
    expect(Math.abs(meanOf(rows, (row) => none.through[row]!) - real)).toBeLessThan(slack)
    expect(Math.abs(meanOf(rows, (row) => within[row]!) - 0.9)).toBeLessThan(0.03)
  }
})
