import { describe, expect, test } from 'vitest'
import type { Contract } from '../../../../verifier/method/contract.ts'
import type { Worth } from '../../../../verifier/method/payment.ts'
import { valueAfterDeduction } from '../../../../verifier/method/version-2/deduction.ts'
import { density, distribution, quantile } from '../../../../verifier/method/version-2/normal.ts'
import { casesOf } from '../cases.ts'

interface DeductionCase {
  readonly name: string
  readonly shift_sd?: number
  readonly worths: readonly {
    readonly q: number
    readonly credible: number
    readonly residual_sd: number
    readonly missing?: number
    /** null: no controls to learn from */
    readonly excess: number | null
    readonly error: number | null
    readonly n: number
  }[]
  readonly value: number
}

const cases = casesOf('deduction') as DeductionCase[]

const worthsOf = ({ worths }: DeductionCase): Worth[] =>
  worths.map(({ q, credible, residual_sd, missing, excess, error, n }, outcome) => ({
    outcome,
    q,
    qError: 0,
    credible,
    variance: 1,
    credibleVariance: 1,
    missingShare: missing ?? 0,
    residualSd: residual_sd,
    excess: { share: excess ?? NaN, error: error ?? NaN, n },
  }))

// only the clauses that the step looks at
const contractWith = (each: DeductionCase, excessMissing: 'none' | 'deduct') =>
  ({ pessimisticShiftSd: each.shift_sd ?? 0, excessMissing }) as Contract

describe('what is taken off for excess missing', () => {
  test.each(cases)('$name', (each) => {
    expect(valueAfterDeduction(worthsOf(each), contractWith(each, 'deduct'))).toBeCloseTo(each.value, 6)
  })

  test('is nothing where the contract does not say so', () => {
    const [half] = cases
    expect(valueAfterDeduction(worthsOf(half!), contractWith(half!, 'none'))).toBe(30)
  })

  test('stays a number where everybody is gone', () => {
    const worths = worthsOf({
      name: 'all',
      worths: [{ q: 1, credible: 0, residual_sd: 1, excess: 1, error: 0, n: 50 }],
      value: 0,
    })
    // e = 0.99: phi(2.326348) / 0.01
    expect(valueAfterDeduction(worths, contractWith(cases[0]!, 'deduct'))).toBeCloseTo(-2.665214, 5)
  })
})

describe('the normal distribution', () => {
  // Abramowitz and Stegun, table 26.1 and 26.6
  test.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [-1, 0.158655253931457],
    [2, 0.977249868051821],
    [-2.9, 0.00186581330038404],
    [-3.1, 0.000967603213218358],
    [-5, 2.86651571879194e-7],
  ])('P(Z <= %d) is %d', (z, p) => {
    expect(distribution(z) / p).toBeCloseTo(1, 12)
    expect(quantile(p)).toBeCloseTo(z, 11)
  })

  test('is the integral of its density', () => {
    const steps = 2_000
    for (const [from, to] of [
      [-1, 2],
      [-4, -2],
      [2.5, 3.5],
    ] as const) {
      let area = 0
      for (let at = 0; at < steps; at++) area += density(from + ((at + 0.5) / steps) * (to - from)) / steps
      expect(distribution(to) - distribution(from)).toBeCloseTo(area * (to - from), 6)
    }
  })
})
