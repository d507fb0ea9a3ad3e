/** The effect of each patient's contribution on its partner's value and payment; the effects add up to the payment.
 *
 *  A payment is a broken line in v, and v is linear in the contributions, once errors, credibility, history, trend and dead band are taken
 *  as they stand. The effect of a contribution is therefore the slope of the payment times that contribution: effects of all patients
 *  and the parts that are no patient's (history, trend, collective mean, shift, dead band, corridor) sum to the payment exactly. It is
 *  not what the payment would be without the patient: that would move the errors as well. */
import type { Eur } from '../kernel/money.ts'
import type { Day } from '../kernel/calendar.ts'
import { isEligible, STATUSES, type Status } from '../assessment/assessment.ts'
import type { Contract } from '../contract/contract.ts'
import { type PartnerWorth, partnerWorthOf } from './partner-worth.ts'
import type { Settlement } from '../settlement/statement.ts'

/** One patient, one outcome of the contract year, as stored. */
export interface AssessedPatient {
  readonly patient_id: string
  readonly practice_id: string
  readonly insurer: string
  readonly measure: string
  readonly index_on: Day
  readonly target_on: string
  readonly exposure_days: number
  readonly status: Status
  readonly baseline: number | null
  readonly mean: number | null
  readonly sd: number | null
  readonly q05: number | null
  readonly q25: number | null
  readonly q50: number | null
  readonly q75: number | null
  readonly q95: number | null
  readonly realised: number | null
  readonly realised_on: string | null
  readonly expected_value: number | null
  readonly realised_value: number | null
  readonly gain: number | null
  readonly measured_probability: number | null
  readonly imputed_gain: number | null
  readonly contribution: number | null
  readonly model_id: string | null
}

export interface PatientReceipt extends AssessedPatient {
  /** how the contribution follows */
  readonly formula: string
  /** EUR of the value that this contribution stands for: q * Z * A / n * patient-years */
  readonly value_eur: Eur
  /** the same as it reaches the payment */
  readonly payment_eur: Eur
}

/** Slope of the payment in v: EUR for one EUR per patient-year. 0 where the payment does not move: inside the dead band, on a bound of
 *  the corridor, in a panel too small. */
export function paymentSlopeOf(worth: PartnerWorth, { share }: Contract): number {
  const { partner, steps, before, afterShift, isPaid, budgetFactor } = worth
  const { beyondDeadBand, shared, withinCorridor } = steps
  const shiftedAway = before > 0 && afterShift === 0
  if (!isPaid || shiftedAway || beyondDeadBand === 0 || shared !== withinCorridor) return 0
  const kept = withinCorridor > 0 ? share.gain * partner.gate_multiplier * budgetFactor : share.loss
  return kept * partner.patient_years
}

/** The effect of one patient and outcome on the value and on the payment. */
export function patientReceiptOf(worth: PartnerWorth, contract: Contract, row: AssessedPatient): PatientReceipt {
  const outcome = worth.outcomes.find(({ statement }) => statement.measure === row.measure)
  const { statement, q = 0, contributions = 0 } = outcome ?? {}
  const perPatientYear =
    row.contribution === null || contributions === 0
      ? 0
      : (q * (statement?.credibility ?? 0) * row.contribution) / contributions
  return {
    ...row,
    formula: formulaOf(row, contract),
    value_eur: perPatientYear * worth.partner.patient_years,
    payment_eur: perPatientYear * paymentSlopeOf(worth, contract),
  }
}

function formulaOf({ status, contribution }: AssessedPatient, { missing }: Contract): string {
  if (!isEligible(STATUSES.indexOf(status))) return `${status}: not eligible, contributes nothing`
  if (contribution === null) return 'missing: exclude, contributes nothing'
  if (missing !== 'doubly_robust') return status === 'measured' ? 'A = gain' : 'A = 0'
  return status === 'measured' ? 'A = m + (gain - m) / pi' : 'A = m'
}

/** One line of the sum that ends at the payment. */
export interface AddingUp {
  readonly item: string
  readonly measure: string | null
  readonly eur: Eur
}

/** The payment as a sum: what the patients' contributions bring, outcome by outcome, and what is no patient's. */
export function addingUpOf(
  settlement: Settlement,
  contract: Contract,
  partnerId: string,
  budgetFactor?: number,
): AddingUp[] {
  const worth = partnerWorthOf(settlement, contract, partnerId, budgetFactor)
  const { partner, outcomes, before, deduction, steps } = worth
  const slope = paymentSlopeOf(worth, contract)
  const of = outcomes.flatMap(({ statement, q, trend, collectiveMean }) => {
    const { measure, mean_gain, history, credibility } = statement
    if (mean_gain === null || history === null || credibility === null) return []
    return [
      { item: 'patients', measure, eur: slope * q * credibility * mean_gain },
      { item: 'history', measure, eur: -slope * q * credibility * history },
      { item: 'trend', measure, eur: -slope * q * credibility * trend },
      { item: 'collective_mean', measure, eur: slope * q * (1 - credibility) * collectiveMean },
    ]
  })
  const shift = before > 0 ? outcomes.reduce((sum, each) => sum + each.shift, 0) : 0
  const rules = [
    { item: 'pessimistic_shift', measure: null, eur: -slope * shift },
    ...(contract.excessMissing === 'deduct'
      ? [{ item: 'excess_missing', measure: null, eur: -slope * deduction }]
      : []),
    { item: 'dead_band', measure: null, eur: -slope * Math.sign(steps.beyondDeadBand) * partner.dead_band_eur },
  ]
  const lines = [...of, ...rules].map(({ eur, ...line }) => ({ ...line, eur: eur === 0 ? 0 : eur }))
  const rest = partner.payment_cents / 100 - lines.reduce((sum, { eur }) => sum + eur, 0)
  // where the line is flat the payment is what the corridor says, else what is left is less than a cent
  return [...lines, { item: slope === 0 ? 'bound' : 'rounding', measure: null, eur: rest }]
}
