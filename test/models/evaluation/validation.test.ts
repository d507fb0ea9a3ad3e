/** The checks on a model: what they are right about, with how many people, and that chance does not fail them. */
import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import { validationOf, type Validation, type Verdict } from '../../../models/evaluation/validation.ts'

interface World {
  readonly patients: number
  readonly perPatient?: number
  readonly seed: number
  /** of what comes true on what is expected */
  readonly slope?: number
  /** width of the stated interval relative to the true one */
  readonly width?: number
  /** share of the residual's variance that a patient's rows have in common */
  readonly common?: number
}

/** A model that expects N(0, 1) of people whose results scatter around slope times that with variance 1. */
function judged({ patients, perPatient = 1, seed, slope = 1, width = 1, common = 0 }: World): Validation {
  const rows = patients * perPatient
  const [mean, target] = [new Float64Array(rows), new Float64Array(rows)]
  const patient = new Uint32Array(2 * rows)
  const random = randomOf(seed, patients)
  for (let i = 0; i < patients; i++) {
    const own = Math.sqrt(common) * random.normal()
    const expected = random.normal()
    for (let k = 0; k < perPatient; k++) {
      const row = i * perPatient + k
      patient.set([i, 7], 2 * row)
      mean[row] = expected
      target[row] = slope * expected + own + Math.sqrt(1 - common) * random.normal()
    }
  }
  const quantiles = [-1.645 * width, 1.645 * width].map((z) => mean.map((m) => m + z))
  const all = Int32Array.from(mean.keys())
  const half = all.filter((row) => mean[row]! > 0)
  const floors = [
    { name: 'mean', mean: new Float64Array(rows) },
    { name: 'last', mean: mean.map((m) => 2 * m) },
  ]
  return validationOf({ target, patient, predictions: { mean, quantiles } }, floors, [
    ['all', all],
    ['high', half],
  ])
}
const verdicts = ({ checks }: Validation): Verdict[] => checks.map(({ verdict }) => verdict)

describe('a model that is right', () => {
  test('passes every check, with figures', () => {
    const found = judged({ patients: 4000, seed: 1 })
    expect([found.holds, verdicts(found)]).toEqual([true, ['holds', 'holds', 'holds', 'holds']])
    const [mean, , slope, cover] = found.checks
    expect(mean?.found).toBeCloseTo(0.5, 1)
    expect(slope?.found).toBeCloseTo(1, 1)
    expect(cover?.finding).toContain('2 of 2 groups within bounds')
  })

  test('is hardly ever failed by chance, though the rows of a patient go together', () => {
    const worlds = Array.from({ length: 100 }, (_, seed) => judged({ patients: 300, perPatient: 8, common: 0.6, seed }))
    const failed = worlds.filter((world) => verdicts(world).includes('fails')).length
    expect(failed).toBeLessThanOrEqual(2)
  })

  test('of few people: what cannot be shown is said, and does not fail it', () => {
    const found = judged({ patients: 60, perPatient: 3, common: 0.5, seed: 3 })
    expect(verdicts(found).slice(2)).toEqual(['cannot_be_shown', 'cannot_be_shown'])
    expect([found.holds, found.cover.map(({ judged: is }) => is)]).toEqual([true, [false, false]])
  })
})

describe('a model that is not', () => {
  test.each([
    ['predicts too far from the mean', { slope: 0.8 }, 'calibration slope'],
    ['predicts too near the mean', { slope: 1.2 }, 'calibration slope'],
    ['tells too narrow an interval', { width: 0.8 }, 'cover of the 90% interval'],
    ['tells too wide an interval', { width: 1.3 }, 'cover of the 90% interval'],
  ])('because it %s is not validated', (_, wrong, check) => {
    const found = judged({ patients: 4000, seed: 4, ...wrong })
    expect(found.holds).toBe(false)
    expect(found.checks.filter(({ verdict }) => verdict === 'fails').map((each) => each.check)).toEqual([check])
  })

  test('because it knows nothing is not validated: that it beats the mean has to be shown', () => {
    const found = judged({ patients: 4000, seed: 5, slope: 0 })
    expect([found.holds, found.checks[0]?.verdict]).toEqual([false, 'fails'])
  })

  test('or because it is the mean itself', () => {
    const target = Float64Array.from({ length: 100 }, (_, i) => i % 7)
    const mean = new Float64Array(100).fill(3)
    const patient = Uint32Array.from({ length: 100 }, (_, i) => i >> 1)
    const quantiles = [mean.map(() => 0), mean.map(() => 6)]
    const found = validationOf({ target, patient, predictions: { mean, quantiles } }, [{ name: 'mean', mean }], [])
    expect([found.holds, verdicts(found)]).toEqual([false, ['cannot_be_shown', 'cannot_be_shown', 'cannot_be_shown']])
  })
})
