import { describe, expect, test } from 'vitest'
import { creditedVariances, trendVariance } from '../../../../verifier/method/version-2/uncertainty.ts'
import { casesOf } from '../cases.ts'

interface UncertaintyCases {
  readonly trend: readonly {
    readonly name: string
    readonly controls: readonly { readonly gain: number; readonly variance: number }[]
    readonly then: number
  }[]
  readonly credited: readonly {
    readonly name: string
    /** U by partner */
    readonly own: readonly number[]
    readonly t2: number
    readonly agreed: boolean
    readonly trend_variance: number
    readonly then: readonly number[]
  }[]
}

const { trend, credited } = casesOf('uncertainty') as UncertaintyCases

describe('the error of the trend', () => {
  test.each(trend)('$name', ({ controls, then }) => {
    const weighted = controls.map(({ gain, variance }) => ({ gain, weight: 1 / variance }))
    const weights = weighted.reduce((total, { weight }) => total + weight, 0)
    const mean = weighted.reduce((total, { gain, weight }) => total + weight * gain, 0) / weights
    expect(trendVariance(weighted, mean)).toBeCloseTo(then, 12)
  })
})

describe('the variance of what is paid', () => {
  test.each(credited)('$name', ({ own, t2, agreed, trend_variance, then }) => {
    const rows = own.map((U) => ({ d: 0, U, V: U + trend_variance }))
    const found = creditedVariances(rows, { t2, agreed, mu: 0 }, trend_variance)
    found.forEach((S, p) => expect(S).toBeCloseTo(then[p]!, 10))
  })

  test('where every partner stands on its own is that of its net gain', () => {
    expect(creditedVariances([{ d: 1, U: 2, V: 3 }], null, 1)).toEqual([3])
  })
})
