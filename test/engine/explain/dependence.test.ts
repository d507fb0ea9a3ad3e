import { describe, expect, test } from 'vitest'
import { withMeanAlone, withoutEachControl } from '../../../engine/explain/dependence.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import { simulatedSettlement } from '../../support/settlements/simulated-settlement.ts'

const seeds = Array.from({ length: 120 }, (_, at) => at + 1)
const all = seeds.map((seed) => simulatedSettlement(seed, false, 120))
const amounts = ({ partners }: ReturnType<typeof settlementOf>) =>
  partners.map(({ partner_id, payment_cents }) => ({ partner_id, payment_cents }))

describe('without a control', () => {
  test('each payment is that of a settlement of the same input with one control fewer', () => {
    const withTrend = all.filter(({ input }) => input.contract.trend === 'control')
    expect(withTrend.length).toBeGreaterThan(20)
    for (const { input } of withTrend) {
      const effects = withoutEachControl(input)
      expect(effects.map(({ control_id }) => control_id)).toEqual(
        input.controlPartners.map((control) => input.partnerIds[control]),
      )
      effects.forEach(({ payments }, at) => {
        const controlPartners = input.controlPartners.filter((_, other) => other !== at)
        expect(payments).toEqual(amounts(settlementOf({ ...input, controlPartners })))
      })
    }
  })

  test('the only one, no trend is taken off', () => {
    const alone = all.filter(({ input }) => input.contract.trend === 'control' && input.controlPartners.length === 1)
    expect(alone.length).toBeGreaterThan(5)
    for (const { input } of alone) {
      const untrended = settlementOf({ ...input, contract: { ...input.contract, trend: 'none' } })
      expect(withoutEachControl(input)[0]!.payments).toEqual(amounts(untrended))
    }
  })

  test('there is nothing to tell where no trend is taken off', () => {
    for (const { input } of all.filter(({ input }) => input.contract.trend === 'none'))
      expect(withoutEachControl(input)).toEqual([])
  })
})

describe('with the mean alone', () => {
  test('a settlement in which nobody differs from the others already pays it', () => {
    const alike = all.filter(({ settlement }) => settlement.outcomes.every(({ between_variance: t2 }) => t2 === 0))
    expect(alike.length).toBeGreaterThan(3)
    for (const { settlement, input } of alike)
      expect(withMeanAlone(settlement, input.contract)).toEqual(amounts(settlement))
  })

  test('without clauses a payment is mean times price times patient-years, outcome by outcome', () => {
    let told = 0
    for (const { input } of all) {
      const { excessMissing: _left, ...signed } = input.contract
      const plain = { deadBand: { eur: 0, z: 0 }, corridorEur: { floor: null, cap: null }, gates: [], budgetEur: null }
      const unpunished = { pessimisticShiftSd: 0, minPatients: 0 } as const
      const contract = { ...signed, ...plain, ...unpunished, share: { gain: 1, loss: 1 } }
      const settlement = settlementOf({ ...input, contract })
      if (settlement.outcomes.some(({ collective_mean }) => collective_mean === null)) continue
      const payments = withMeanAlone(settlement, contract)!
      settlement.partners.forEach(({ partner_id, outcomes }, at) => {
        const eur = outcomes
          .filter(({ credible_gain }) => credible_gain !== null)
          .map(({ measure, patient_years }) => {
            const k = contract.outcomes.findIndex((outcome) => outcome.measure === measure)
            return settlement.outcomes[k]!.collective_mean! * contract.outcomes[k]!.priceEur * patient_years
          })
        told++
        const cents = 100 * eur.reduce((sum, each) => sum + each, 0)
        expect(payments[at]!.partner_id).toBe(partner_id)
        expect(Math.abs(payments[at]!.payment_cents - cents)).toBeLessThanOrEqual(0.5 + 1e-6)
      })
    }
    expect(told).toBeGreaterThan(50)
  })

  test('nothing is the mean where the contract draws nobody towards it', () => {
    const none = all.filter(({ input }) => input.contract.credibility === 'none')
    expect(none.length).toBeGreaterThan(5)
    for (const { settlement, input } of none) expect(withMeanAlone(settlement, input.contract)).toBeNull()
  })
})
