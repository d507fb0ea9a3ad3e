/** One partner of a settlement, with the factors that turn its gains into its payment, for receipts and tipping points. */
import type { Contract, Outcome } from '../contract/contract.ts'
import { invariant, Refusal } from '../kernel/refusal.ts'
import { paymentStepsOf, type PaymentSteps } from '../settlement/payment.ts'
import type { PartnerOutcomeStatement, PartnerStatement, Settlement } from '../settlement/statement.ts'

/** The value of one outcome of a partner in v, and the factor on its patients' contributions. */
export interface OutcomeWorth {
  readonly statement: PartnerOutcomeStatement
  readonly trend: number
  readonly collectiveMean: number
  /** patients that contribute */
  readonly contributions: number
  /** q: EUR per patient-year for one unit of gain; 0 without statistics */
  readonly q: number
  /** EUR per patient-year off a gain, for outcomes that are missing */
  readonly shift: number
}

/** The input of a partner's receipt. */
export interface PartnerWorth {
  readonly partner: PartnerStatement
  readonly outcomes: readonly OutcomeWorth[]
  /** v before the pessimistic shift, EUR per patient-year */
  readonly before: number
  /** v after the shift, before what is deducted for excess missing */
  readonly afterShift: number
  /** EUR per patient-year off a gain and a loss for what is missing beyond chance */
  readonly deduction: number
  readonly steps: PaymentSteps
  /** whether the panel is large enough to be paid */
  readonly isPaid: boolean
  /** the budget factor on a positive payment: 1, or budget / sum of the positive payments */
  readonly budgetFactor: number
}

/** @throws Refusal `unknown_partner` for one that the settlement has no statement of */
export function partnerWorthOf(
  settlement: Settlement,
  contract: Contract,
  partnerId: string,
  budgetFactor = budgetFactorOf(settlement, contract),
): PartnerWorth {
  const partner = settlement.partners.find(({ partner_id }) => partner_id === partnerId)
  if (!partner)
    throw new Refusal(
      'unknown_partner',
      `Settlement ${settlement.settlement_id} has no partner "${partnerId}"; it has ${settlement.partners.map(({ partner_id }) => partner_id).join(', ')}.`,
      { partnerId },
    )
  const outcomes = contract.outcomes.map((outcome, k) => outcomeWorthOf(settlement, contract, partner, outcome, k))
  const before = outcomes.reduce((total, { q, statement }) => total + q * (statement.credible_gain ?? 0), 0)
  const shift = before > 0 ? outcomes.reduce((total, each) => total + each.shift, 0) : 0
  const afterShift = before > 0 ? Math.max(0, before - shift) : before
  return {
    partner,
    outcomes,
    before,
    afterShift,
    // the document has what is left of the value
    deduction: contract.excessMissing === 'deduct' ? Math.max(0, afterShift - partner.value_eur_per_patient_year) : 0,
    steps: stepsOf(partner, contract),
    isPaid: partner.eligible > 0 && partner.eligible >= contract.minPatients,
    budgetFactor,
  }
}

/** What the budget leaves of a positive payment: budget / sum of the positive payments where that is less than 1, else 1 (method.md 5.6).
 *  @param settlement the whole of it: an excerpt has not everybody's payment, and carries the factor instead */
export function budgetFactorOf(settlement: Pick<Settlement, 'partners'>, contract: Contract): number {
  if (contract.budgetEur === null) return 1
  const sum = settlement.partners
    .map((each) => (each.eligible >= contract.minPatients ? stepsOf(each, contract).paymentEur : 0))
    .reduce((total, eur) => total + Math.max(0, eur), 0)
  return sum > contract.budgetEur ? contract.budgetEur / sum : 1
}

const stepsOf = (partner: PartnerStatement, contract: Contract): PaymentSteps =>
  paymentStepsOf(
    partner.value_eur_per_patient_year,
    partner.dead_band_eur,
    contract,
    partner.gate_multiplier,
    partner.patient_years,
  )

function outcomeWorthOf(
  settlement: Settlement,
  contract: Contract,
  partner: PartnerStatement,
  { priceEur }: Outcome,
  k: number,
): OutcomeWorth {
  const [statement, common] = [partner.outcomes[k], settlement.outcomes[k]]
  invariant(statement && common, 'a settlement has every outcome of its contract')
  const { eligible, measured, patient_years, credible_gain } = statement
  const q = credible_gain === null ? 0 : (priceEur * patient_years) / partner.patient_years
  const missing = eligible === 0 ? 0 : (eligible - measured) / eligible
  return {
    statement,
    trend: common.trend,
    collectiveMean: common.collective_mean ?? 0,
    contributions: contract.missing === 'exclude' ? measured : eligible,
    q,
    shift: q * contract.pessimisticShiftSd * (common.residual_sd ?? 0) * missing,
  }
}
