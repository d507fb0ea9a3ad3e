/** The receipt of a partner: its arithmetic step by step, with clause and numbers (method.md 4 and 5). Values that
 *  settlement.json holds are taken from it; a step shows how they lead to the next. */
import type { Cents } from '../kernel/money.ts'
import type { Contract } from '../contract/contract.ts'
import { partnerWorthOf, type PartnerWorth } from './partner-worth.ts'
import { roundingWordsOf, type RoundingWords } from './rounding.ts'
import type { Settlement } from '../settlement/statement.ts'

/** One step: a clause, a formula, the numbers that go into it, and what comes out. */
export interface ReceiptStep {
  readonly step: string
  /** section of method.md */
  readonly method: string
  /** the contract's clause, as it is written there; '' where there is none */
  readonly clause: string
  readonly formula: string
  readonly numbers: Readonly<Record<string, number | string | null>>
  readonly result: number | string | null
  readonly unit: string
}

export interface OutcomeReceipt {
  readonly measure: string
  readonly model_id: string | null
  readonly steps: readonly ReceiptStep[]
}

export interface PartnerReceipt {
  readonly settlement_id: string
  readonly contract: string
  readonly as_of: string
  readonly engine_version: string
  readonly dataset_sha256: string
  readonly contract_sha256: string
  readonly partner_id: string
  readonly payment_cents: Cents
  readonly reason: string | null
  readonly outcomes: readonly OutcomeReceipt[]
  readonly payment: readonly ReceiptStep[]
  /** how the amount was rounded and split, in Dutch and English */
  readonly rounding: RoundingWords
}

/** The receipt of one partner.
 *  @param budgetFactor left out: found from the settlement, which then has to be whole
 *  @throws Refusal `unknown_partner` */
export function partnerReceiptOf(
  settlement: Settlement,
  contract: Contract,
  partnerId: string,
  budgetFactor?: number,
): PartnerReceipt {
  const worth = partnerWorthOf(settlement, contract, partnerId, budgetFactor)
  const { settlement_id, as_of, engine_version, dataset_sha256, contract_sha256 } = settlement
  const { payment_cents, reason } = worth.partner
  return {
    settlement_id,
    contract: settlement.contract,
    as_of,
    engine_version,
    dataset_sha256,
    contract_sha256,
    partner_id: partnerId,
    payment_cents,
    reason,
    outcomes: worth.outcomes.map((outcome, k) => ({
      measure: outcome.statement.measure,
      model_id: settlement.model_ids[outcome.statement.measure] ?? null,
      steps: outcomeSteps(settlement, contract, worth, k),
    })),
    payment: paymentSteps(contract, worth),
    rounding: roundingWordsOf(contract, worth),
  }
}

const stepOf = (
  [step, method, clause]: readonly [step: string, method: string, clause: string],
  formula: string,
  numbers: ReceiptStep['numbers'],
  [result, unit]: readonly [result: ReceiptStep['result'], unit: string],
): ReceiptStep => ({ step, method, clause, formula, numbers, result, unit })

function outcomeSteps(
  settlement: Settlement,
  contract: Contract,
  { partner, outcomes }: PartnerWorth,
  k: number,
): ReceiptStep[] {
  const { statement, contributions, q } = outcomes[k]!
  const { trend, trend_se, tau2, omega2, kappa2, placebo_years, collective_mean, between_variance } =
    settlement.outcomes[k]!
  const {
    eligible,
    measured,
    mean_gain,
    se,
    history,
    net_gain,
    variance,
    credibility,
    credible_gain,
    credible_variance,
  } = statement
  const gain = (value: number | null): readonly [number | null, string] => [value, 'unit of the measure']
  const counted = stepOf(
    ['contributions', '3', `missing: ${contract.missing}`],
    contract.missing === 'exclude' ? 'the measured' : 'the eligible: measured and missing',
    { eligible, measured, missing: eligible - measured },
    [contributions, 'patients'],
  )
  if (mean_gain === null) return [counted]
  const credible = collective_mean === null ? 'd' : 'Z d + (1 - Z) mu'
  const { priceEur } = contract.outcomes[k]!
  return [
    counted,
    stepOf(['mean_gain', '4.1', ''], 'g = mean of A', { contributions }, gain(mean_gain)),
    stepOf(['se', '4.1', ''], 'se = sqrt(variance of g, practices as clusters)', { contributions }, gain(se)),
    stepOf(
      ['history', '4.2, 4.3', `history: ${contract.history}; level_weight: ${contract.levelWeight}`],
      'level_weight * sum of a_u y_pu',
      { tau2, omega2, ...(kappa2 === undefined ? {} : { kappa2 }), placebo_years },
      gain(history),
    ),
    stepOf(
      ['trend', '4.4', `trend: ${contract.trend}`],
      'mean of g - history over controls',
      { trend_se },
      gain(trend),
    ),
    stepOf(['net_gain', '4.5', ''], 'd = g - history - trend', { g: mean_gain, history, trend }, gain(net_gain)),
    stepOf(
      ['variance', '4.5', ''],
      'V = U + trend_se^2, U = se^2 + post',
      { U: (variance ?? 0) - trend_se * trend_se, trend_se },
      [variance, 'unit of the measure, squared'],
    ),
    stepOf(
      ['credible_gain', '4.6', `credibility: ${ruleText(contract.credibility)}`],
      credible,
      { Z: credibility, d: net_gain, mu: collective_mean, t2: between_variance },
      gain(credible_gain),
    ),
    ...paidErrorSteps(credible_variance),
    stepOf(
      ['worth', '5.1', `price_eur: ${priceEur}`],
      'price * PY_k / PY * credible',
      { price_eur: priceEur, PY_k: statement.patient_years, PY: partner.patient_years, credible: credible_gain },
      [q * (credible_gain ?? 0), perUnit(contract)],
    ),
  ]
}

/** The error of what is paid; a settlement of version 1 goes by that of d. */
const paidErrorSteps = (variance: number | null | undefined): ReceiptStep[] =>
  variance === undefined
    ? []
    : [
        stepOf(
          ['credible_variance', '4.6', ''],
          'S = min(V, Z U + (1 - Z)^2 / sum of f + 4 U^2 f^3 / sum of f^2 + trend_se^2), f = 1 / (U + t2)',
          {},
          [variance, 'unit of the measure, squared'],
        ),
      ]

const ruleText = (rule: Contract['credibility']): string =>
  typeof rule === 'string' ? rule : `between_sd ${JSON.stringify(rule.betweenSd)}`

/** Of episodes each counts as one where patient-years count elsewhere. */
const countedOf = ({ index }: Contract) => (index === 'enrolment' ? 'episodes' : 'patient-years')
const perUnit = ({ index }: Contract) => `EUR per ${index === 'enrolment' ? 'episode' : 'patient-year'}`

function paymentSteps(contract: Contract, worth: PartnerWorth): ReceiptStep[] {
  const { partner, before, outcomes, steps, isPaid, budgetFactor } = worth
  const { value_eur_per_patient_year: v, value_sd: sd, dead_band_eur: D, gate_multiplier: multiplier } = partner
  const { deadBand, share, corridorEur, pessimisticShiftSd, minPatients, budgetEur } = contract
  const { beyondDeadBand, shared, withinCorridor, paymentEur } = steps
  const worths = outcomes.map(({ statement, q }) => [statement.measure, q * (statement.credible_gain ?? 0)] as const)
  const failed = partner.gates.filter(({ passed }) => !passed).map(({ gate, weight }) => [gate, weight] as const)
  const cents = partner.payment_cents
  const perYear = perUnit(contract)
  return [
    stepOf(['worth', '5.1', ''], 'sum over outcomes', Object.fromEntries(worths), [before, perYear]),
    stepOf(
      ['value', '5.1', `pessimistic_shift_sd: ${pessimisticShiftSd}`],
      'v > 0: max(0, v - sum of q * s * residual sd * share missing)',
      { worth: before, shift: before > 0 ? outcomes.reduce((sum, { shift }) => sum + shift, 0) : 0 },
      [contract.excessMissing === 'deduct' ? worth.afterShift : v, perYear],
    ),
    ...excessMissingSteps(contract, worth),
    stepOf(
      ['dead_band', '5.2', `dead_band: {eur: ${deadBand.eur}, z: ${deadBand.z}}`],
      'sign(v) max(0, |v| - D), D = max(eur, z * sd)',
      { v, sd, D },
      [beyondDeadBand, perYear],
    ),
    stepOf(
      ['share', '5.3', `share: {gain: ${share.gain}, loss: ${share.loss}}`],
      beyondDeadBand > 0 ? "v' * share.gain" : "v' * share.loss",
      { "v'": beyondDeadBand },
      [shared, perYear],
    ),
    stepOf(
      ['corridor', '5.4', `corridor_eur: {floor: ${corridorEur.floor}, cap: ${corridorEur.cap}}`],
      "min(cap, max(floor, v''))",
      { "v''": shared },
      [withinCorridor, perYear],
    ),
    stepOf(
      ['gates', '5.5', partner.gates.map(({ gate, passed }) => `${gate}: ${passed ? 'passed' : 'failed'}`).join('; ')],
      'times max(0, 1 - weights of the gates failed), on gains only',
      { ...Object.fromEntries(failed), multiplier },
      [withinCorridor > 0 ? withinCorridor * multiplier : withinCorridor, perYear],
    ),
    stepOf(
      ['payment', '5.6, 5.9', `min_patients: ${minPatients}`],
      isPaid ? `times ${countedOf(contract)}` : 'a panel too small is not paid',
      { patient_years: partner.patient_years, eligible: partner.eligible },
      [isPaid ? paymentEur : 0, 'EUR'],
    ),
    stepOf(
      ['budget', '5.7', `budget_eur: ${budgetEur ?? 'none'}`],
      'positive payments times one factor, cents by largest remainder',
      { factor: paymentEur > 0 ? budgetFactor : 1 },
      [cents, 'cents'],
    ),
    stepOf(
      ['insurers', '5.8', ''],
      `by ${countedOf(contract)}, largest remainder`,
      sharesOf(partner.insurers, 'insurer'),
      [cents, 'cents'],
    ),
    stepOf(
      ['attribution', '5.8', contract.attribution.map(({ kind, share }) => `${kind}: ${share}`).join('; ')],
      'by share, largest remainder',
      sharesOf(partner.attribution, 'kind'),
      [contract.attribution.length === 0 ? null : cents, 'cents'],
    ),
    stepOf(
      ['interval90', '5.9', ''],
      'v +- 1.645 sd through the same steps, the budget left out',
      { low: partner.interval90_cents[0], high: partner.interval90_cents[1] },
      [partner.interval90_cents.join(' to '), 'cents'],
    ),
  ]
}

const excessMissingSteps = (contract: Contract, { partner, afterShift, deduction }: PartnerWorth) =>
  contract.excessMissing === 'deduct'
    ? [
        stepOf(
          ['excess_missing', '5', 'excess_missing: deduct'],
          'v - sum of q * residual sd * phi(Phi^-1(e)) / (1 - e) over the outcomes of which e passes 1.645 of its standard error',
          { v: afterShift, deduction },
          [partner.value_eur_per_patient_year, perUnit(contract)],
        ),
      ]
    : []

const sharesOf = <K extends string>(
  shares: readonly (Readonly<Record<K, string>> & { readonly cents: Cents })[],
  key: K,
): Record<string, number> => Object.fromEntries(shares.map((share) => [share[key], share.cents]))
