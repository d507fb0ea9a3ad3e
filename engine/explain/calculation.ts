/** A payment worked out in the numbers that are printed, so that who adds them up again on paper comes to the same cent (method.md 4 and 5). */
import type { Contract } from '../contract/contract.ts'
import { roundedTo } from '../kernel/decimal.ts'
import type { Cents } from '../kernel/money.ts'
import type { Settlement } from '../settlement/statement.ts'
import { Draft, type CalculationStep, type Precision } from './calculation-steps.ts'
import { partnerWorthOf } from './partner-worth.ts'

export interface Calculation {
  readonly partner_id: string
  readonly steps: readonly CalculationStep[]
}

export interface Calculations {
  readonly precision: Precision
  /** along the partners asked for */
  readonly partners: readonly Calculation[]
}

// Gains of a thousand patients at tens of euros need six or seven decimals before their cents come out right.
const precisionAt = (level: number): Precision => ({
  gain: 3 + level,
  years: 1 + level,
  weight: 4 + level,
  eur: Math.min(4, 2 + level),
})
const mostLevels = 8

/** The calculations of partners at the coarsest precision at which all of them come to the cents of the settlement by plain rounding.
 *  @param partnerIds with patient-years   @param budgetFactor of an excerpt; the whole of a settlement has its own
 *  @throws Refusal `unknown_partner` */
export function calculationsOf(
  settlement: Settlement,
  contract: Contract,
  partnerIds: readonly string[],
  budgetFactor?: number,
): Calculations {
  const worths = partnerIds.map((id) => partnerWorthOf(settlement, contract, id, budgetFactor))
  let best: { agreeing: number; precision: Precision; drafts: readonly Draft[] } | null = null
  for (let level = 0; level <= mostLevels; level++) {
    const precision = precisionAt(level)
    const drafts = worths.map((worth) => new Draft(settlement, contract, worth, precision))
    const agreeing = drafts.filter((draft) => draft.agrees()).length
    if (best === null || agreeing > best.agreeing) best = { agreeing, precision, drafts }
    if (agreeing === drafts.length) break
  }
  const { precision, drafts } = best!
  return { precision, partners: drafts.map(({ worth, steps }) => ({ partner_id: worth.partner.partner_id, steps })) }
}

/** What each outcome adds to a payment, in whole cents along the contract's outcomes, null without statistics; and what its clauses then change, so
 *  that all of it adds up to the payment. */
export function bridgeOf(
  { steps }: Calculation,
  contract: Contract,
  payment: Cents,
): { readonly outcomes: readonly (Cents | null)[]; readonly clauses: Cents } {
  const outcomes = contract.outcomes.map(({ measure }) => {
    const found = steps.find((step) => step.step === 'price' && step.measure === measure)
    return found ? Number(roundedTo(found.result.value, 2).digits) : null
  })
  return { outcomes, clauses: payment - outcomes.reduce<number>((sum, cents) => sum + (cents ?? 0), 0) }
}
