import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  eligibleDisclosed,
  foldedReasons,
  panelsOf,
  SMALLEST_GROUP,
  disclosedShare,
} from '../../../engine/disclosure/small-groups.ts'
import { partnerOf } from '../../support/settlements/report-example.ts'

const sizes = fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 12 })

describe('panels', () => {
  test('no disclosed number, and no difference of disclosed numbers, is of one to nine people', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), (counts, minPatients) => {
        const panels = panelsOf(
          counts.map((n, i) => partnerOf(`p${i}`, n, [1, 1])),
          minPatients,
        )
        const shown = panels.shown.reduce((sum, partner) => sum + partner.eligible, 0)
        const disclosed = [
          ...panels.shown.map((partner) => partner.eligible),
          panels.folded?.eligible ?? 0,
          eligibleDisclosed(panels) - shown,
        ]
        for (const n of disclosed) expect(n === 0 || n >= SMALLEST_GROUP).toBe(true)
      }),
    )
  })

  test('money is complete: rows and fold add up to all payments', () => {
    fc.assert(
      fc.property(sizes, (counts) => {
        const partners = counts.map((n, i) => partnerOf(`p${i}`, n, [1.5, 1]))
        const { shown, folded } = panelsOf(partners, 30)
        const sum = (rows: typeof shown): number => rows.reduce((total, row) => total + row.payment_cents, 0)
        expect(sum(shown) + (folded?.paymentCents ?? 0)).toBe(sum(partners))
      }),
    )
  })
})

test('reasons: disclosed counts add up to the total, or do not reveal small ones', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 6 }), (counts) => {
      const rows = foldedReasons(counts.map((patients, i) => ({ reason: `r${i}`, patients })))
      for (const { patients } of rows) expect(patients === null || patients >= SMALLEST_GROUP).toBe(true)
      const all = counts.reduce((sum, n) => sum + n, 0)
      const disclosed = rows.reduce((sum, { patients }) => sum + (patients ?? 0), 0)
      expect(rows.some(({ patients }) => patients === null) ? all < SMALLEST_GROUP : disclosed === all).toBe(true)
    }),
  )
})

test('a share never tells of one to nine people, within or without', () => {
  expect(disclosedShare(97, 100)).toEqual({ moreThan: 0.9 })
  expect(disclosedShare(3, 100)).toEqual({ lessThan: 0.1 })
  expect(disclosedShare(84, 100)).toEqual({ share: 0.84 })
  expect(disclosedShare(100, 100)).toEqual({ share: 1 })
  expect(disclosedShare(5, 9)).toBeNull()
})
