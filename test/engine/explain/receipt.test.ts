/** Receipts of simulated settlements: every step leads to the next, and every cent is somebody's or some rule's. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type SettlementInput, STATUSES } from '../../../engine/assessment/assessment.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { addingUpOf, patientReceiptOf, paymentSlopeOf } from '../../../engine/explain/patient-receipt.ts'
import { partnerWorthOf } from '../../../engine/explain/partner-worth.ts'
import { partnerReceiptOf, type ReceiptStep } from '../../../engine/explain/receipt.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import type { Settlement } from '../../../engine/settlement/statement.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const seeds = fc.nat(1_000_000)
const near = (value: number) => expect.closeTo(value, 6)

/** The patient receipts of one partner, straight from the input's columns. */
function patientsOf(input: SettlementInput, settlement: Settlement, partnerId: string) {
  const { contract, contractYear, partnerIds } = input
  const worth = partnerWorthOf(settlement, contract, partnerId)
  return contract.outcomes.flatMap(({ measure }, k) =>
    [...contractYear.partner.keys()]
      .filter((row) => partnerIds[contractYear.partner[row]!] === partnerId)
      .map((row) => {
        const { status, gain, contribution } = contractYear.outcomes[k]!
        const known = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value)
        return patientReceiptOf(worth, contract, {
          ...unknown,
          patient_id: `row ${row}`,
          practice_id: partnerId,
          measure,
          exposure_days: contractYear.exposureDays[row]!,
          status: STATUSES[status[row]!]!,
          gain: known(gain[row]),
          contribution: known(contribution[row]),
        })
      }),
  )
}

// what a receipt only passes on
const unknown = {
  insurer: '',
  index_on: '2025-01-01',
  target_on: '',
  baseline: null,
  mean: null,
  sd: null,
  q05: null,
  q25: null,
  q50: null,
  q75: null,
  q95: null,
  realised: null,
  realised_on: null,
  expected_value: null,
  realised_value: null,
  measured_probability: null,
  imputed_gain: null,
  model_id: null,
} as const

describe('a receipt', () => {
  test('adds up: patients, history, trend, collective and rules make the payment, rounding less than a cent', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, settlement } = simulatedSettlement(seed)
        for (const { partner_id, payment_cents } of settlement.partners) {
          const lines = addingUpOf(settlement, input.contract, partner_id)
          expect(lines.reduce((sum, { eur }) => sum + eur, 0)).toEqual(near(payment_cents / 100))
          for (const { item, eur } of lines) if (item === 'rounding') expect(Math.abs(eur)).toBeLessThan(0.01 + 1e-9)
        }
      }),
      { numRuns: 60 },
    )
  })

  test("the patients' effects sum to what the lines say of them", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, settlement } = simulatedSettlement(seed)
        for (const { partner_id } of settlement.partners) {
          const patients = patientsOf(input, settlement, partner_id)
          for (const { measure, item, eur } of addingUpOf(settlement, input.contract, partner_id)) {
            if (item !== 'patients') continue
            const own = patients.filter((patient) => patient.measure === measure)
            expect(own.reduce((sum, { payment_eur }) => sum + payment_eur, 0)).toEqual(near(eur))
          }
        }
      }),
      { numRuns: 40 },
    )
  })

  test('a step says what the statement says, and each follows from its own numbers', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, settlement } = simulatedSettlement(seed)
        for (const partner of settlement.partners) {
          const { outcomes, payment } = partnerReceiptOf(settlement, input.contract, partner.partner_id)
          outcomes.forEach(({ steps }, k) => {
            const of = numbersIn(steps)
            if (steps.length === 1) return expect(partner.outcomes[k]!.mean_gain).toBeNull()
            const { g, history, trend } = of('net_gain').numbers as Record<string, number>
            expect(of('net_gain').result).toEqual(near(g! - history! - trend!))
            const { Z, d, mu } = of('credible_gain').numbers as Record<string, number | null>
            expect(of('credible_gain').result).toEqual(near(mu === null ? d! : Z! * d! + (1 - Z!) * mu!))
            expect(of('credible_gain').result).toBe(partner.outcomes[k]!.credible_gain)
          })
          const of = numbersIn(payment)
          const { worth, shift } = of('value').numbers as Record<string, number>
          expect(of('value').result).toEqual(near(worth! > 0 ? Math.max(0, worth! - shift!) : worth!))
          const last = input.contract.excessMissing === 'deduct' ? 'excess_missing' : 'value'
          expect(of(last).result).toBe(partner.value_eur_per_patient_year)
          if (last === 'excess_missing') {
            const { v, deduction } = of(last).numbers as Record<string, number>
            expect(v! - deduction!).toEqual(near(partner.value_eur_per_patient_year))
            expect(v).toBe(of('value').result)
          }
          expect(of('share').result).toBe(partner.shared_eur_per_patient_year)
          expect(of('budget').result).toBe(partner.payment_cents)
          const { factor } = of('budget').numbers as Record<string, number>
          expect(Math.abs(Number(of('payment').result) * factor! - partner.payment_cents / 100)).toBeLessThan(0.01)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('the slope is that of the payment: one contribution a little better moves it by slope * q / n', () => {
    let moved = 0
    for (let seed = 0; seed < 300 && moved < 12; seed++) {
      const { input } = simulatedSettlement(seed)
      // nothing else may move with a contribution: no error, history, trend or credibility in the payment, cents too small to see
      const contract: Contract = {
        ...input.contract,
        history: 'none',
        trend: 'none',
        credibility: 'none',
        budgetEur: null,
        pessimisticShiftSd: 0,
        deadBand: { eur: 0.1, z: 0 },
        corridorEur: { floor: null, cap: null },
        outcomes: input.contract.outcomes.map((outcome) => ({ ...outcome, priceEur: 1e5 })),
      }
      const before = { ...input, contract }
      const settlement = settlementOf(before)
      for (const { partner_id, outcomes } of settlement.partners) {
        const worth = partnerWorthOf(settlement, contract, partner_id)
        const slope = paymentSlopeOf(worth, contract)
        const row = input.contractYear.partner.indexOf(input.partnerIds.indexOf(partner_id))
        const contribution = input.contractYear.outcomes[0]!.contribution.slice()
        if (slope === 0 || outcomes[0]!.se === null || row < 0 || Number.isNaN(contribution[row])) continue
        contribution[row]! += 0.001
        const [first, ...rest] = input.contractYear.outcomes
        const year = { ...input.contractYear, outcomes: [{ ...first!, contribution }, ...rest] }
        const after = settlementOf({ ...before, contractYear: year })
        const cents = (of: Settlement) => of.partners.find((each) => each.partner_id === partner_id)!.payment_cents
        const expected = (slope * worth.outcomes[0]!.q * 0.001) / worth.outcomes[0]!.contributions
        expect(Math.abs((cents(after) - cents(settlement)) / 100 - expected)).toBeLessThan(0.0101)
        if (Math.abs(expected) > 0.1) moved++
      }
    }
    expect(moved).toBeGreaterThanOrEqual(12)
  })

  test('says in words how its amount was rounded and split, in both languages', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { input, settlement } = simulatedSettlement(seed)
        for (const { partner_id, payment_cents } of settlement.partners) {
          const { rounding } = partnerReceiptOf(settlement, input.contract, partner_id)
          expect(rounding.nl).toHaveLength(rounding.en.length)
          expect(rounding.nl[0]).toContain(`${payment_cents} cent.`)
          expect(rounding.en[0]).toContain(`${payment_cents} cents.`)
          const chain = rounding.en.filter((sentence) => sentence.startsWith('The chain shares'))
          expect(chain).toHaveLength(input.contract.attribution.length === 0 ? 0 : 1)
        }
      }),
      { numRuns: 10 },
    )
  })

  test('of a partner that the settlement does not have is refused, with those it has', () => {
    const { input, settlement } = simulatedSettlement(1)
    expect(() => partnerReceiptOf(settlement, input.contract, 'p0')).toThrow(/has no partner "p0"; it has p1/)
  })
})

const numbersIn =
  (steps: readonly ReceiptStep[]) =>
  (name: string): ReceiptStep =>
    steps.findLast(({ step }) => step === name)!
