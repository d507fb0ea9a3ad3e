/** A payment worked out in the numbers that are printed, so that who adds them up again on paper comes to the same cent (method.md 4 and 5). */
import type { Contract } from '../contract/contract.ts'
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
 *  @param settlement the whole of it   @param partnerIds with patient-years
 *  @throws Refusal `unknown_partner` */
export function calculationsOf(
  settlement: Settlement,
  contract: Contract,
  partnerIds: readonly string[],
): Calculations {
  const worths = partnerIds.map((id) => partnerWorthOf(settlement, contract, id))
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
