/** Laws of the tipping point, on simulated settlements with every clause in play. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contract } from '../../../engine/contract/contract.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import { centsAt, tippingOf, type Tipping } from '../../../engine/explain/tipping.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const seeds = fc.nat(1_000_000)

interface Case {
  readonly settlement: Settlement
  readonly contract: Contract
  readonly tipping: Tipping
  /** payment in cents under a gap of that many residual sd in every outcome */
  readonly paidAt: (gapSd: number) => number
}

/** Every partner of the settlements that a seed names. */
function casesOf(seed: number): Case[] {
  const { input } = simulatedSettlement(seed)
  // a contract that pays more often than the simulated one
  const generous = {
    minPatients: 0,
    share: { gain: 0.5, loss: 0 },
    deadBand: { eur: 0.5, z: 0 },
    gates: [],
    budgetEur: null,
  }
  const contract = { ...input.contract, ...generous }
  const settlement = settlementOf({ ...input, contract })
  const widest = contract.outcomes.map(({ countedRange, target }) => {
    if (!countedRange) return Infinity
    const [low, high] = countedRange
    return target ? Math.max(0, high - target[1], target[0] - low) : high - low
  })
  return settlement.partners.map(({ partner_id }) => ({
    settlement,
    contract,
    tipping: tippingOf(settlement, contract, partner_id),
    paidAt: (gapSd) => {
      const gaps = settlement.outcomes.map(({ residual_sd }, k) => Math.min(gapSd * (residual_sd ?? 0), widest[k]!))
      return centsAt(settlement, contract, partner_id, gaps)
    },
  }))
}

const tipping = (seed: number) => casesOf(seed).filter((each) => each.tipping.verdict === 'tips')

describe('the tipping point', () => {
  test('is the least gap at which nothing is paid: a cent before it, none from there on', () => {
    let seen = 0
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { tipping: found, paidAt } of tipping(seed)) {
          const gap = found.gap_sd!
          if (gap === 0) continue
          seen++
          expect(paidAt(gap)).toBeLessThanOrEqual(0)
          expect(paidAt(gap * (1 - 1e-12))).toBeGreaterThanOrEqual(gap > 1e-6 ? 1 : 0)
          expect(paidAt(gap * 1.5)).toBeLessThanOrEqual(0)
        }
      }),
      { numRuns: 100 },
    )
    expect(seen).toBeGreaterThan(15)
  })

  test('lies beyond what the contract allows for: a gap up to its pessimistic shift is covered', () => {
    let seen = 0
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, part) => {
        for (const { settlement, contract, tipping: found, paidAt } of casesOf(seed)) {
          const { payment_cents } = settlement.partners.find(({ partner_id }) => partner_id === found.partner_id)!
          if (payment_cents <= 0) continue
          seen++
          expect(paidAt(part * contract.pessimisticShiftSd)).toBeGreaterThanOrEqual(payment_cents)
          if (found.gap_sd !== null) expect(found.gap_sd).toBeGreaterThan(contract.pessimisticShiftSd)
        }
      }),
      { numRuns: 50 },
    )
    expect(seen).toBeGreaterThan(15)
  })

  test('a payment never rises with the gap', () => {
    const gap = fc.double({ min: 0, max: 20, noNaN: true })
    fc.assert(
      fc.property(seeds, gap, gap, (seed, one, other) => {
        for (const { paidAt } of casesOf(seed))
          expect(paidAt(Math.max(one, other))).toBeLessThanOrEqual(paidAt(Math.min(one, other)))
      }),
      { numRuns: 25 },
    )
  })

  test('one outcome alone takes a larger gap than all of them at once', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        for (const { tipping: found } of tipping(seed))
          for (const { gap_alone_sd } of found.outcomes)
            if (gap_alone_sd !== null) expect(gap_alone_sd).toBeGreaterThanOrEqual(found.gap_sd!)
      }),
      { numRuns: 25 },
    )
  })
})
