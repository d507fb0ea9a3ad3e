/** From a value per patient-year to a payment, step by step (method.md 5.2 to 5.6, 5.9, 5.10). */
import type { Cents, Eur } from '../kernel/money.ts'
import { centsOf } from '../kernel/allocation.ts'
import type { Contract } from '../contract/contract.ts'
import { unsigned } from '../kernel/quantise.ts'

/** The clauses that a payment goes through. */
export type PaymentTerms = Pick<Contract, 'deadBand' | 'share' | 'corridorEur'>

/** What each step leaves, in EUR per patient-year, and the payment in EUR, unrounded. */
export interface PaymentSteps {
  readonly beyondDeadBand: number
  readonly shared: number
  readonly withinCorridor: number
  readonly paymentEur: Eur
}

/** Why a payment is 0 cents; the first that applies. */
export type Reason =
  | 'no_eligible_patients'
  | 'panel_too_small'
  | 'no_gain'
  | 'within_dead_band'
  | 'share_zero'
  | 'corridor_zero'
  | 'gates_failed'
  | 'budget_zero'
  | 'rounded_to_zero'

/** D = max(dead_band.eur, dead_band.z * sd(v)), in EUR per patient-year. */
export const deadBandOf = ({ deadBand }: PaymentTerms, sd: number): Eur => Math.max(deadBand.eur, deadBand.z * sd)

/** Steps 2 to 6: v' = sign(v) max(0, |v| - D); times share.gain or share.loss; min(cap, max(floor, v'')); gates on gains
 *  only; times patient-years. */
export function paymentStepsOf(
  value: number,
  deadBandEur: Eur,
  terms: PaymentTerms,
  gateMultiplier: number,
  patientYears: number,
): PaymentSteps {
  const beyondDeadBand = unsigned(Math.sign(value) * Math.max(0, Math.abs(value) - deadBandEur))
  const shared = unsigned(beyondDeadBand * (beyondDeadBand > 0 ? terms.share.gain : terms.share.loss))
  const { floor, cap } = terms.corridorEur
  const withinCorridor = Math.min(cap ?? Infinity, Math.max(floor ?? -Infinity, shared))
  const gated = withinCorridor > 0 ? withinCorridor * gateMultiplier : withinCorridor
  return { beyondDeadBand, shared, withinCorridor, paymentEur: gated * patientYears }
}

/** The normal quantile of a two-sided 90% interval. */
export const Z90 = 1.645

/** 90% interval of the payment: v +- 1.645 sd(v), each end through steps 2 to 6, the budget left out; in cents. */
export function interval90Of(
  value: number,
  sd: number,
  terms: PaymentTerms,
  gateMultiplier: number,
  patientYears: number,
): [Cents, Cents] {
  const end = (v: number) =>
    centsOf(paymentStepsOf(v, deadBandOf(terms, sd), terms, gateMultiplier, patientYears).paymentEur)
  return [end(value - Z90 * sd), end(value + Z90 * sd)]
}

/** The first reason that applies to a payment of 0 cents; null for any other payment. */
export function reasonOf(payment: {
  readonly cents: Cents
  readonly eligible: number
  readonly minPatients: number
  readonly value: number
  readonly steps: PaymentSteps
  /** whether the budget scaled the positive payments */
  readonly budgetBound: boolean
}): Reason | null {
  const { cents, eligible, minPatients, value, steps, budgetBound } = payment
  if (cents !== 0) return null
  if (eligible === 0) return 'no_eligible_patients'
  if (eligible < minPatients) return 'panel_too_small'
  if (value === 0) return 'no_gain'
  if (steps.beyondDeadBand === 0) return 'within_dead_band'
  if (steps.shared === 0) return 'share_zero'
  if (steps.withinCorridor === 0) return 'corridor_zero'
  if (steps.paymentEur === 0) return 'gates_failed'
  return budgetBound && steps.paymentEur > 0 ? 'budget_zero' : 'rounded_to_zero'
}
