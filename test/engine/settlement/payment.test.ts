import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { centsOf } from '../../../engine/kernel/allocation.ts'
import { deadBandOf, interval90Of, paymentStepsOf, type PaymentTerms } from '../../../engine/settlement/payment.ts'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const terms: fc.Arbitrary<PaymentTerms> = fc.record({
  deadBand: fc.record({
    eur: fc.double({ min: 0, max: 20, noNaN: true }),
    z: fc.double({ min: 0, max: 3, noNaN: true }),
  }),
  share: fc.record({ gain: share, loss: share }),
  corridorEur: fc.record({
    floor: fc.option(fc.double({ min: -80, max: 0, noNaN: true })),
    cap: fc.option(fc.double({ min: 0, max: 80, noNaN: true })),
  }),
})
const value = fc.double({ min: -500, max: 500, noNaN: true })
const sd = fc.double({ min: 0, max: 40, noNaN: true })
const years = fc.double({ min: 0, max: 5000, noNaN: true })

const paid = (v: number, spread: number, clauses: PaymentTerms, multiplier: number, patientYears: number) =>
  paymentStepsOf(v, deadBandOf(clauses, spread), clauses, multiplier, patientYears).paymentEur

test('a larger value never pays less, and never jumps: at most one euro per euro and patient-year', () => {
  fc.assert(
    fc.property(value, value, sd, terms, share, years, (a, b, spread, clauses, multiplier, patientYears) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const rise =
        paid(high, spread, clauses, multiplier, patientYears) - paid(low, spread, clauses, multiplier, patientYears)
      expect(rise).toBeGreaterThanOrEqual(0)
      expect(rise).toBeLessThanOrEqual((high - low) * patientYears * (1 + 1e-9) + 1e-6)
    }),
  )
})

test('no gain, no pay; and a gain is never charged, a loss never paid', () => {
  fc.assert(
    fc.property(value, sd, terms, share, years, (v, spread, clauses, multiplier, patientYears) => {
      expect(centsOf(paid(0, spread, clauses, multiplier, patientYears))).toBe(0)
      expect(paid(v, spread, clauses, multiplier, patientYears) * v).toBeGreaterThanOrEqual(0)
    }),
  )
})

test('the interval holds the payment, in order', () => {
  fc.assert(
    fc.property(value, sd, terms, share, years, (v, spread, clauses, multiplier, patientYears) => {
      const [low, high] = interval90Of(v, spread, clauses, multiplier, patientYears)
      const cents = centsOf(paid(v, spread, clauses, multiplier, patientYears))
      expect(low).toBeLessThanOrEqual(cents)
      expect(high).toBeGreaterThanOrEqual(cents)
    }),
  )
})

test('gates take from gains only', () => {
  fc.assert(
    fc.property(value, sd, terms, share, years, (v, spread, clauses, multiplier, patientYears) => {
      const gated = paid(v, spread, clauses, multiplier, patientYears)
      const free = paid(v, spread, clauses, 1, patientYears)
      if (v <= 0) expect(gated).toBe(free)
      else expect(gated).toBeLessThanOrEqual(free)
    }),
  )
})
