/** The tipping point: how much worse the missing patients of a partner would have to be than the completion says before nothing is left of its bonus.
 *
 *  A gap lowers the mean gain by share missing * gap; errors, credibility, history, trend, gates and dead band stand as the settlement has
 *  them, and the collective mean follows by the partner's own weight in it (method.md 4.6). The known gap takes the place of the contract's
 *  pessimistic shift, which is an allowance for a gap that nobody knows: up to that shift a gap is covered, for the contract has deducted
 *  at least as much. The payment falls as the gap grows, so there is one root; it is the least gap at which the payment is 0 cents.
 *  @see Missing data in the regulation of medical devices, J Biopharm Stat 21 (2011), 180-195 (tipping-point analysis) */
import { centsOf } from '../kernel/allocation.ts'
import type { Contract, Outcome } from '../contract/contract.ts'
import { paymentStepsOf } from '../settlement/payment.ts'
import { partnerWorthOf, type OutcomeWorth, type PartnerWorth } from './partner-worth.ts'
import type { Settlement } from '../settlement/statement.ts'

/** `no_bonus`: nothing to lose. `nobody_missing`, `not_undone` (not even the worst values that count): no missing patient could undo it. */
export type TippingVerdict = 'no_bonus' | 'nobody_missing' | 'not_undone' | 'tips'

/** One outcome of a partner; gaps are numbers from 0 up, in the unit of the measure: so much worse. */
export interface OutcomeTipping {
  readonly measure: string
  readonly missing: number
  readonly eligible: number
  /** at the tipping point, with a gap of the same number of residual sd in every outcome; null unless it tips */
  readonly gap: number | null
  /** with a gap in this outcome alone; null where that alone does not undo the bonus */
  readonly gap_alone: number | null
  /** the same in residual sd */
  readonly gap_alone_sd: number | null
}

export interface Tipping {
  readonly partner_id: string
  readonly verdict: TippingVerdict
  /** residual sd; null unless it tips */
  readonly gap_sd: number | null
  /** the contract's pessimistic shift, residual sd: a gap up to this is covered */
  readonly covered_sd: number
  readonly outcomes: readonly OutcomeTipping[]
}

/** The tipping point of one partner.
 *  @throws Refusal `unknown_partner` */
export function tippingOf(settlement: Settlement, contract: Contract, partnerId: string): Tipping {
  const worth = partnerWorthOf(settlement, contract, partnerId)
  const levers = leversOf(settlement, contract, worth)
  const hasBonus = worth.partner.payment_cents > 0
  const someMissing = levers.some(({ missing }) => missing > 0)
  const gapOf = (only?: Lever) =>
    leastGap((sd) => centsOf(paymentAt(contract, worth, levers, gapsOf(levers, sd, only))))
  const gap = hasBonus && someMissing ? gapOf() : null
  return {
    partner_id: partnerId,
    verdict: !hasBonus ? 'no_bonus' : !someMissing ? 'nobody_missing' : gap === null ? 'not_undone' : 'tips',
    gap_sd: gap,
    covered_sd: contract.pessimisticShiftSd,
    outcomes: levers.map((lever) => {
      const alone = hasBonus && lever.missing > 0 ? gapOf(lever) : null
      return {
        measure: lever.measure,
        missing: lever.missing,
        eligible: lever.eligible,
        gap: gap === null ? null : bounded(lever, gap),
        gap_alone: alone === null ? null : bounded(lever, alone),
        gap_alone_sd: alone,
      }
    }),
  }
}

/** The payment of a partner if its missing patients were worse than imputed by the given gaps, in cents, the budget
 *  left out (as in an interval).
 *  @param gaps in the unit of each measure, along the contract's outcomes */
export function centsAt(
  settlement: Settlement,
  contract: Contract,
  partnerId: string,
  gaps: readonly number[],
): number {
  const worth = partnerWorthOf(settlement, contract, partnerId)
  return centsOf(paymentAt(contract, worth, leversOf(settlement, contract, worth), gaps))
}

/** EUR, unrounded. */
function paymentAt(
  contract: Contract,
  { partner, before, deduction, isPaid }: PartnerWorth,
  levers: readonly Lever[],
  gaps: readonly number[],
): number {
  if (!isPaid) return 0
  const lost = levers.reduce((sum, { eurPerUnit }, k) => sum + eurPerUnit * gaps[k]!, 0)
  const { dead_band_eur, gate_multiplier, patient_years } = partner
  return paymentStepsOf(before - lost - deduction, dead_band_eur, contract, gate_multiplier, patient_years).paymentEur
}

/** By how much credible moves with d: Z + (1 - Z) * the partner's own weight in mu. */
function ownWeightOf(settlement: Settlement, k: number, { statement }: OutcomeWorth): number {
  const { collective_mean, between_variance, trend_se } = settlement.outcomes[k]!
  if (statement.credibility === null || statement.variance === null) return 0
  if (collective_mean === null || between_variance === null) return 1
  const weightOf = (variance: number) => 1 / (variance - trend_se * trend_se + between_variance)
  const all = settlement.partners.reduce((sum, { outcomes }) => {
    const { variance } = outcomes[k]!
    return sum + (variance === null ? 0 : weightOf(variance))
  }, 0)
  return statement.credibility + (1 - statement.credibility) * (weightOf(statement.variance) / all)
}

/** One outcome with missing patients. */
interface Lever {
  readonly measure: string
  readonly missing: number
  readonly eligible: number
  /** what one unit of gap takes off the value, EUR per patient-year */
  readonly eurPerUnit: number
  /** residual sd, 0 where there is none: such an outcome is left as it is */
  readonly sd: number
  /** no two values that count differ by more, in health; Infinity without a bound */
  readonly widest: number
}

const leversOf = (settlement: Settlement, contract: Contract, { outcomes }: PartnerWorth): Lever[] =>
  outcomes.map((outcome, k) => {
    const { measure, eligible, measured, credible_gain } = outcome.statement
    const missing = credible_gain === null ? 0 : eligible - measured
    const share = eligible === 0 ? 0 : missing / eligible
    return {
      measure,
      missing,
      eligible,
      eurPerUnit: outcome.q * ownWeightOf(settlement, k, outcome) * share,
      sd: settlement.outcomes[k]!.residual_sd ?? 0,
      widest: widestOf(contract.outcomes[k]!),
    }
  })

/** The most that two counted values can differ on the health scale (method.md 3). */
function widestOf({ countedRange, target }: Outcome): number {
  if (countedRange === null) return Infinity
  const [low, high] = countedRange
  return target === null ? high - low : Math.max(0, high - target[1], target[0] - low)
}

const bounded = ({ sd, widest }: Lever, gapSd: number): number => Math.min(gapSd * sd, widest)

const gapsOf = (levers: readonly Lever[], gapSd: number, only?: Lever): number[] =>
  levers.map((lever) => (only === undefined || lever === only ? bounded(lever, gapSd) : 0))

// Beyond this many residual sd there is no patient; a bonus that still stands is not undone.
const mostSd = 1e6

/** The least gap at which nothing is paid, to the last bit; null if there is none. */
function leastGap(centsAtSd: (gapSd: number) => number): number | null {
  let [paid, unpaid] = [0, mostSd]
  if (centsAtSd(unpaid) > 0) return null
  if (centsAtSd(paid) <= 0) return 0
  for (;;) {
    const middle = (paid + unpaid) / 2
    if (middle === paid || middle === unpaid) return unpaid
    if (centsAtSd(middle) > 0) paid = middle
    else unpaid = middle
  }
}
