/** From the value of a gain to what is paid, in EUR per patient-year: one step per rule of the contract (method.md 5). */
import type { Contract } from '../contract/contract.ts'
import { paymentStepsOf } from '../settlement/payment.ts'
import type { PartnerStatement } from '../settlement/statement.ts'

export type StepName =
  'stepValue' | 'stepDeadBand' | 'stepShare' | 'stepCorridor' | 'stepGates' | 'stepBudget' | 'stepPayment'

export interface Step {
  readonly name: StepName
  /** EUR per patient-year before and after this rule; the first and the last step start at 0 */
  readonly from: number
  readonly to: number
}

/** The steps of one partner. The rules are the engine's own; the last step is what the settlement paid, and the
 *  budget is a step only where the contract sets one. */
export function stepsOf(partner: PartnerStatement, contract: Contract): Step[] {
  const value = partner.value_eur_per_patient_year
  const left = paymentStepsOf(value, partner.dead_band_eur, contract, partner.gate_multiplier, 1)
  const { beyondDeadBand, shared, withinCorridor, paymentEur: gated } = left
  const paid = partner.patient_years > 0 ? partner.payment_cents / 100 / partner.patient_years : 0
  const steps: Step[] = [
    { name: 'stepValue', from: 0, to: value },
    { name: 'stepDeadBand', from: value, to: beyondDeadBand },
    { name: 'stepShare', from: beyondDeadBand, to: shared },
    { name: 'stepCorridor', from: shared, to: withinCorridor },
    { name: 'stepGates', from: withinCorridor, to: gated },
  ]
  if (contract.budgetEur !== null) steps.push({ name: 'stepBudget', from: gated, to: paid })
  return [...steps, { name: 'stepPayment', from: 0, to: paid }]
}
