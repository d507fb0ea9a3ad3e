import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocated, centsOf, withinBudget } from '../../../engine/kernel/allocation.ts'

const weights = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 12,
  })
  .filter((list) => list.some((weight) => weight > 0))
const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
const payments = fc.array(fc.double({ min: -50_000, max: 90_000, noNaN: true }), { minLength: 1, maxLength: 15 })

test('a split loses nothing and makes nothing', () => {
  fc.assert(
    fc.property(cents, weights, (total, shares) => {
      const parts = allocated(total, shares)
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total)
      expect(parts.every(Number.isSafeInteger)).toBe(true)
    }),
  )
})

test('a loss is split as the mirror of a gain', () => {
  fc.assert(
    fc.property(cents, weights, (total, shares) => {
      expect(allocated(-total, shares)).toEqual(allocated(total, shares).map((part) => (part === 0 ? 0 : 0 - part)))
    }),
  )
})

test('no part is a whole cent away from its exact share', () => {
  fc.assert(
    fc.property(cents, weights, (total, shares) => {
      const sum = shares.reduce((all, share) => all + share, 0)
      allocated(total, shares).forEach((part, at) => {
        expect(Math.abs(part - (total * shares[at]!) / sum)).toBeLessThan(1 + 1e-6)
      })
    }),
  )
})

test('whoever weighs more is not dealt less', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), weights, (total, shares) => {
      const parts = allocated(total, shares)
      shares.forEach((one, i) =>
        shares.forEach((other, j) => one > other && expect(parts[i]).toBeGreaterThanOrEqual(parts[j]!)),
      )
    }),
  )
})

test('a budget that binds is spent to the cent, losses left alone', () => {
  fc.assert(
    fc.property(payments, fc.integer({ min: 0, max: 10_000_000 }), (eur, budgetCents) => {
      const { cents: dealt, bound } = withinBudget(eur, budgetCents / 100)
      const claimed = eur.reduce((sum, payment) => sum + Math.max(0, payment), 0)
      expect(bound).toBe(claimed > budgetCents / 100)
      if (bound) expect(dealt.reduce((sum, part) => sum + Math.max(0, part), 0)).toBe(budgetCents)
      eur.forEach((payment, at) => {
        if (payment <= 0 || !bound) expect(dealt[at]).toBe(centsOf(payment))
      })
    }),
  )
})

test('nobody to deal to is a bug, unless there is nothing to deal', () => {
  expect(() => allocated(1, [0, 0])).toThrow('dealt out to somebody')
  expect(() => allocated(0.5, [1])).toThrow('whole number of cents')
  expect(allocated(0, [0, 0])).toEqual([0, 0])
  expect(allocated(0, [])).toEqual([])
})
