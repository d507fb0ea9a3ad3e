/** method.md 5: from what a partner's outcomes are worth to cents. */
import type { Contract } from './contract.ts'
import { cents, split, sum } from './numbers.ts'

/** An outcome of one partner that has statistics. */
export interface Worth {
  /** place in the contract */
  readonly outcome: number
  /** q: EUR per patient-year for one unit of gain */
  readonly q: number
  /** the standard error of q, where the price is one in QALY; else 0 */
  readonly qError: number
  readonly credible: number
  /** V of the net gain, S of the credible one */
  readonly variance: number
  readonly credibleVariance: number
  readonly missingShare: number
  readonly residualSd: number
  readonly excess: Excess
}

/** e: by how much more are missing than the controls would have it, as a share; NaN without controls to learn from. */
export interface Excess {
  readonly share: number
  readonly error: number
  /** those eligible */
  readonly n: number
}

/** Step 1: EUR per patient-year. */
export function valueOf(worths: readonly Worth[], { pessimisticShiftSd: s }: Contract): number {
  const v = sum(worths.map(({ q, credible }) => q * credible))
  if (!(v > 0) || s === 0) return v
  return Math.max(0, v - sum(worths.map(({ q, residualSd, missingShare }) => q * s * residualSd * missingShare)))
}

export interface Steps {
  readonly beyondBand: number
  readonly shared: number
  readonly cornered: number
  readonly eurPerPatientYear: number
}

/** Steps 2 to 5, per patient-year. */
export function stepsOf(v: number, deadBand: number, multiplier: number, { share, corridorEur }: Contract): Steps {
  const beyondBand = Math.sign(v) * Math.max(0, Math.abs(v) - deadBand)
  const shared = beyondBand > 0 ? beyondBand * share.gain : beyondBand * share.loss
  const cornered = Math.min(corridorEur.cap ?? Infinity, Math.max(corridorEur.floor ?? -Infinity, shared))
  const eurPerPatientYear = cornered > 0 ? cornered * multiplier : cornered
  return { beyondBand, shared, cornered, eurPerPatientYear }
}

/** Steps 6 and 7: cents by partner, within the budget. */
export function centsWithin(eur: readonly number[], contract: Contract): number[] {
  if (!budgetBinds(eur, contract)) return eur.map(cents)
  const dealt = split(
    cents(contract.budgetEur ?? 0),
    eur.map((each) => Math.max(0, each)),
  )
  return eur.map((each, p) => (each > 0 ? dealt[p]! : cents(each)))
}

export const budgetBinds = (eur: readonly number[], { budgetEur }: Contract): boolean =>
  budgetEur !== null && sum(eur.filter((each) => each > 0)) > budgetEur

export interface PaymentFacts {
  readonly eligible: number
  readonly value: number
  readonly steps: Steps
  readonly multiplier: number
  readonly cents: number
  /** whether the budget scaled the positive payments */
  readonly budgetBinds: boolean
}

/** Step 10: why nothing is paid; the first reason that applies. */
export function reasonOf(facts: PaymentFacts, { minPatients }: Contract): string | null {
  const { eligible, value, steps } = facts
  if (facts.cents !== 0) return null
  if (eligible === 0) return 'no_eligible_patients'
  if (eligible < minPatients) return 'panel_too_small'
  if (value === 0) return 'no_gain'
  if (steps.beyondBand === 0) return 'within_dead_band'
  if (steps.shared === 0) return 'share_zero'
  if (steps.cornered === 0) return 'corridor_zero'
  if (steps.eurPerPatientYear === 0) return 'gates_failed'
  return facts.budgetBinds && steps.cornered > 0 ? 'budget_zero' : 'rounded_to_zero'
}
