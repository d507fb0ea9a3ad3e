/** What a payment depends on besides the partner's own result: the collective mean, and each control that the trend was read from
 *  (method.md 5). Both by the settlement's own functions, over the whole contract with its budget. */
import type { SettlementInput } from '../assessment/assessment.ts'
import type { Contract } from '../contract/contract.ts'
import { withinBudget } from '../kernel/allocation.ts'
import type { Cents } from '../kernel/money.ts'
import { paymentStepsOf } from '../settlement/payment.ts'
import { patientStatisticsOf, settlementOf, type PatientStatistics } from '../settlement/settlement.ts'
import type { Settlement } from '../settlement/statement.ts'
import { partnerWorthOf, type PartnerWorth } from './partner-worth.ts'

export interface DependentPayment {
  readonly partner_id: string
  readonly payment_cents: Cents
}

/** Every payment of the contract if one control partner were not there for the trend. */
export interface ControlEffect {
  readonly control_id: string
  readonly payments: readonly DependentPayment[]
}

/** The payments with each control left out of the trend in turn, in order of partner_id; none without a trend. Contributions, histories
 *  and gates stay: they are of the patients, and a control that is left out still has some. */
export function withoutEachControl(
  input: SettlementInput,
  statistics: PatientStatistics = patientStatisticsOf(input),
): ControlEffect[] {
  const { contract, controlPartners, partnerIds } = input
  if (contract.trend !== 'control') return []
  return controlPartners.map((control) => {
    const others = controlPartners.filter((other) => other !== control)
    const { partners } = settlementOf({ ...input, controlPartners: others }, statistics)
    return {
      control_id: partnerIds[control]!,
      payments: partners.map(({ partner_id, payment_cents }) => ({ partner_id, payment_cents })),
    }
  })
}

/** The payments with mu in the place of each partner's own part, Z d, of its credible gain: every partner credited the mean, with its own band,
 *  gates and patient-years. What a payment is more or less than this is its own. Null where no outcome has a mean. */
export function withMeanAlone(settlement: Settlement, contract: Contract): DependentPayment[] | null {
  if (settlement.outcomes.every(({ collective_mean }) => collective_mean === null)) return null
  const worths = settlement.partners.map(({ partner_id }) => partnerWorthOf(settlement, contract, partner_id))
  const eur = worths.map((worth) => (worth.isPaid ? meanPaymentOf(settlement, contract, worth) : 0))
  const { cents } = withinBudget(eur, contract.budgetEur)
  return worths.map(({ partner }, at) => ({ partner_id: partner.partner_id, payment_cents: cents[at]! }))
}

/** EUR, unrounded, the budget left out. */
function meanPaymentOf(settlement: Settlement, contract: Contract, worth: PartnerWorth): number {
  const { partner, outcomes, deduction } = worth
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
  const ofMean = sum(
    outcomes.map(
      ({ q, statement }, k) => q * (settlement.outcomes[k]!.collective_mean ?? statement.credible_gain ?? 0),
    ),
  )
  const shift = sum(outcomes.map((outcome) => outcome.shift))
  const value = (ofMean > 0 ? Math.max(0, ofMean - shift) : ofMean) - deduction
  const { dead_band_eur, gate_multiplier, patient_years } = partner
  return paymentStepsOf(value, dead_band_eur, contract, gate_multiplier, patient_years).paymentEur
}
