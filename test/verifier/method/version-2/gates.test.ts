import { describe, expect, test } from 'vitest'
import type { Counts } from '../../../../verifier/method/counts.ts'
import { gates, poissonLimit } from '../../../../verifier/method/version-2/gates.ts'

const counted = (counts: Partial<Counts>): Counts => ({
  patients: 0,
  eligible: 0,
  measured: 0,
  left: 0,
  late: 0,
  deaths: 0,
  deathsPredicted: 0,
  days: 0,
  daysByInsurer: new Map(),
  outcomes: [],
  ...counts,
})

describe('the 95% limit of a number of deaths', () => {
  // cumulative Poisson probabilities: 1: .920 up to 2, .981 up to 3; 3: .916 up to 5, .966 up to 6; 10: .917 up to 14, .951 up to 15
  test.each([
    [0, 0],
    [0.05, 0],
    [0.06, 1],
    [1, 3],
    [3, 6],
    [10, 15],
    [2_000, 2_074],
  ])('of %d expected is %d', (mean, limit) => {
    expect(poissonLimit(mean)).toBe(limit)
  })
})

describe('a built-in gate of version 2', () => {
  test('looks at deaths beyond the limit', () => {
    expect(gates.max_excess_deaths!(counted({ deaths: 5, deathsPredicted: 1 }))).toBe(2)
    expect(gates.max_excess_deaths!(counted({ deaths: 0, deathsPredicted: 3 }))).toBe(-6)
  })

  test('says nothing of deaths that nobody predicted', () => {
    expect(gates.max_excess_deaths!(counted({ deaths: NaN, deathsPredicted: NaN }))).toBeNull()
  })

  test('looks at the share of late index dates', () => {
    expect(gates.max_late_share!(counted({ patients: 8, late: 2 }))).toBe(0.25)
    expect(gates.max_late_share!(counted({}))).toBeNull()
  })
})
