import { describe, expect, test } from 'vitest'
import { randomOf } from '../../../engine/kernel/random.ts'
import { coverByTenth, tenthText, verdictOf, verdictText, type TenthCover } from '../../../models/evaluation/tenths.ts'

/** Rows of patients with `each` rows, covered as often as `share` says, all rows of a patient alike or each by itself. */
function world(patients: number, each: number, seed: number, share: (tenth: number) => number, alike = false) {
  const random = randomOf(seed, 0)
  const rows = patients * each
  const mean = Float64Array.from({ length: rows }, () => random.uniform())
  let own = 0
  const within = Float64Array.from({ length: rows }, (_, row) => {
    if (!alike || row % each === 0) own = random.uniform()
    return own < share(Math.floor(10 * mean[row]!)) ? 1 : 0
  })
  const patient = Uint32Array.from({ length: 2 * rows }, (_, at) => Math.floor((at >> 1) / each))
  return coverByTenth(mean, within, patient)
}

describe('cover by tenth', () => {
  test('counts its rows and patients, and orders by the expectation', () => {
    const mean = Float64Array.from({ length: 200 }, (_, row) => (row * 7) % 200)
    const within = mean.map((m) => (m < 20 ? 0 : 1))
    const patient = Uint32Array.from({ length: 400 }, (_, at) => at >> 2)
    const tenths = coverByTenth(mean, within, patient)
    expect(tenths.map(({ cover }) => cover)).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    expect(tenths.every(({ rows }) => rows === 20)).toBe(true)
    const ofFirst = [...mean.keys()].filter((row) => mean[row]! < 20)
    expect(tenths[0]!.patients).toBe(new Set(ofFirst.map((row) => row >> 1)).size)
  })

  test('has the interval of Wilson where each row is of another patient', () => {
    const within = Float64Array.from({ length: 1000 }, (_, row) => (row % 10 === 9 ? 0 : 1))
    const [first] = coverByTenth(Float64Array.from(within.keys()), within, Uint32Array.from({ length: 2000 }, (_, at) => at >> 1)) // prettier-ignore
    // 90 of 100
    expect(first!.interval[0]).toBeCloseTo(0.8256, 3)
    expect(first!.interval[1]).toBeCloseTo(0.9448, 3)
    expect(first!.error).toBeCloseTo(0.03, 2)
    // of 100 rows 89, 90 or 91: P(|Z| < 1.5 / 3), by the binomial itself 0.384
    expect(first!.shareOfRight).toBeCloseTo(0.383, 2)
  })

  test('is less sure where the rows of a patient go together', () => {
    const [apart, together] = [false, true].map((alike) => world(300, 10, 4, () => 0.9, alike))
    const meanError = (tenths: readonly TenthCover[]) => tenths.reduce((sum, { error }) => sum + error, 0) / 10
    expect(meanError(together!)).toBeGreaterThan(1.1 * meanError(apart!))
  })

  test('of a right model seldom deviates, of a wrong tenth always does', () => {
    let mistaken = 0
    for (let seed = 0; seed < 60; seed++) {
      if (verdictOf(world(1000, 2, seed, () => 0.9)).deviating.length > 0) mistaken++
      expect(verdictOf(world(1000, 2, seed, (tenth) => (tenth === 3 ? 0.7 : 0.9))).deviating).toContain(3)
    }
    // 5% of 60, and three errors
    expect(mistaken).toBeLessThanOrEqual(8)
  })

  test('of a small panel lies within the limits as seldom as chance has it', () => {
    const verdicts = Array.from({ length: 80 }, (_, seed) => verdictOf(world(460, 1, seed, () => 0.9)))
    const mean = (of: (verdict: (typeof verdicts)[number]) => number) =>
      verdicts.reduce((sum, v) => sum + of(v), 0) / 80
    expect(Math.abs(mean(({ inside }) => inside) - mean(({ insideOfRight }) => insideOfRight))).toBeLessThan(1)
    expect(mean(({ insideOfRight }) => insideOfRight)).toBeLessThan(4.5)
    expect(Math.abs(mean(({ squares }) => squares) - 10)).toBeLessThan(2)
  })

  test('is told with its rows, and the verdict with what chance would make', () => {
    const tenths = world(460, 1, 1, () => 0.9)
    expect(tenthText(tenths[0]!)).toMatch(/^\d+\.\d% \(\d+\.\d to \d+\.\d; 46 rows of 46 patients\)$/)
    expect(verdictText(verdictOf(tenths))).toMatch(/^Of 10 tenths none deviates .* of a right model 4 would\.$/)
  })
})
