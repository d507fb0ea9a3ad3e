/** The settlement of a contract: each partner's payment with every figure behind it, as in settlement.json (interface.md 5, method.md 4 to 6). */
import type { Cents } from '../kernel/money.ts'
import { allocated, withinBudget } from '../kernel/allocation.ts'
import type { SettlementInput } from '../assessment/assessment.ts'
import { bundledCentsOf } from './bundled.ts'
import { periodOf } from '../kernel/calendar.ts'
import { modelsAskedOf } from '../contract/term.ts'
import { builtInEvidenceOf, countsOf, excessMissingOf, excludedOf, type PartnerCounts } from './counts.ts'
import { meanCovariancesOf, standingCorrelationOf } from './covariance.ts'
import { gateMultiplierOf, gatesOf } from './gates.ts'
import { outcomeResultOf, outcomeStatisticsOf, type OutcomeResult, type OutcomeStatistics } from './outcome-result.ts'
import { deadBandOf, interval90Of, paymentStepsOf, reasonOf } from './payment.ts'
import { unsigned } from '../kernel/quantise.ts'
import { invariant } from '../kernel/refusal.ts'
import type { PartnerStatement, Settlement } from './statement.ts'
import { excessMissingDeductionOf, valueOf, valueSdOf, type PricedOutcome } from './value.ts'

/** Everything of a settlement that its patients say and its controls do not change. */
export interface PatientStatistics {
  readonly outcomes: readonly OutcomeStatistics[]
  readonly counts: readonly PartnerCounts[]
  readonly together: OutcomesTogether
}

export function patientStatisticsOf(input: SettlementInput): PatientStatistics {
  checkInput(input)
  const outcomes = input.contract.outcomes.map((_, k) => outcomeStatisticsOf(input, k))
  return {
    outcomes,
    counts: countsOf(
      input.contractYear,
      input.partnerIds.length,
      input.insurers.length,
      periodOf(input.contract.period),
    ),
    together: outcomesTogether(input, outcomes),
  }
}

/** The settlement of a contract: the same input gives the same document, key for key.
 *  @param statistics of the same patients, where they are known already */
export function settlementOf(
  input: SettlementInput,
  statistics: PatientStatistics = patientStatisticsOf(input),
): Settlement {
  const { contract, contractPartners } = input
  const { counts, together: moves } = statistics
  const results = statistics.outcomes.map((outcome, k) => outcomeResultOf(input, k, outcome))
  const drafts = contractPartners.map((partner) => draftOf(input, partner, counts[partner]!, results, moves))
  const paid = withinBudget(
    drafts.map(({ eligible, steps }) => (eligible >= contract.minPatients ? steps.paymentEur : 0)),
    contract.budgetEur,
  )
  const partners = drafts.map((draft, at) => statementOf(input, draft, paid.cents[at]!, paid.bound))
  const total = (cents: (partner: PartnerStatement) => number) => partners.reduce((sum, p) => sum + cents(p), 0)
  return {
    settlement_id: input.settlementId,
    contract: contract.contract,
    as_of: input.asOf,
    engine_version: input.engineVersion,
    dataset_sha256: input.datasetSha256,
    contract_sha256: input.contractSha256,
    model_ids: Object.fromEntries(modelsAskedOf(contract).map(({ name }) => [name, input.modelIds[name] ?? null])),
    totals: {
      payment_cents: total((partner) => partner.payment_cents),
      per_procedure_cents: total((partner) => partner.per_procedure_cents),
      bundled_cents: total((partner) => partner.bundled_cents),
    },
    outcomes: contract.outcomes.map(({ measure }, k) => ({
      measure,
      better: input.better[measure]!,
      trend: results[k]!.trend.trend,
      trend_se: results[k]!.trend.se,
      tau2: results[k]!.randomWalk.tau2,
      omega2: results[k]!.randomWalk.omega2,
      kappa2: results[k]!.randomWalk.kappa2,
      placebo_years: results[k]!.randomWalk.years.length,
      collective_mean: results[k]!.collectiveMean,
      between_variance: results[k]!.betweenVariance,
      residual_sd: Number.isNaN(results[k]!.residualSd) ? null : results[k]!.residualSd,
    })),
    partners,
    excluded: [
      { reason: 'not_main_practitioner', patients: input.ineligible.notMainPractitioner },
      { reason: 'other_insurer', patients: input.ineligible.otherInsurer },
      ...excludedOf(input.contractYear, contractPartners),
    ],
  }
}

/** Dependence of two outcomes: covariance of the means per partner, correlation of partner-years. */
interface OutcomesTogether {
  readonly meanCovariance: (partner: number, j: number, k: number) => number
  readonly correlation: (j: number, k: number) => number
}

function outcomesTogether(input: SettlementInput, outcomes: readonly OutcomeStatistics[]): OutcomesTogether {
  const { contractYear, contract } = input
  const pairs = new Map<string, { covariances: Float64Array; correlation: number }>()
  outcomes.forEach((one, j) =>
    outcomes.slice(0, j).forEach((other, k) => {
      const side = ({ means }: OutcomeStatistics, outcome: number) => ({
        contributions: means.contributions,
        contribution: contractYear.outcomes[outcome]!.contribution,
      })
      pairs.set(`${k} ${j}`, {
        covariances: meanCovariancesOf(contractYear.partner, side(other, k), side(one, j)),
        correlation:
          contract.history === 'own' ? standingCorrelationOf(other.randomWalk.years, one.randomWalk.years) : 0,
      })
    }),
  )
  const pairOf = (j: number, k: number) => pairs.get(`${Math.min(j, k)} ${Math.max(j, k)}`)!
  return {
    meanCovariance: (partner, j, k) => pairOf(j, k).covariances[partner]!,
    correlation: (j, k) => pairOf(j, k).correlation,
  }
}

/** One partner up to the budget: everything but cents. */
function draftOf(
  input: SettlementInput,
  partner: number,
  counts: PartnerCounts,
  results: readonly OutcomeResult[],
  { meanCovariance, correlation }: OutcomesTogether,
) {
  const { contract } = input
  const partnerId = input.partnerIds[partner]!
  const periodDays = daysOf(input)
  const patientYears = counts.exposureDays / periodDays
  const settled = [...results.keys()].filter((k) => results[k]!.partners.has(partner))
  const priced = settled.map((k): PricedOutcome => {
    const { eligible, measured, exposureDays } = counts.outcomes[k]!
    const { credibleGain, variance, credibleVariance, sharedVariance } = results[k]!.partners.get(partner)!
    const { residualSd } = results[k]!
    const { priceEur, exchange } = contract.outcomes[k]!
    return {
      price: (priceEur * (exposureDays / periodDays)) / patientYears,
      priceSe: ((exchange?.priceSe ?? 0) * (exposureDays / periodDays)) / patientYears,
      credibleGain,
      variance,
      credibleVariance,
      sharedVariance,
      shareMissing: (eligible - measured) / eligible,
      excessMissing: excessMissingOf(counts.outcomes[k]!),
      eligible,
      residualSd: Number.isNaN(residualSd) ? 0 : residualSd,
    }
  })
  const deduction = contract.excessMissing === 'deduct' ? excessMissingDeductionOf(priced) : 0
  const value = valueOf(priced, contract.pessimisticShiftSd) - deduction
  const sd = valueSdOf(
    priced,
    (j, k) => meanCovariance(partner, settled[j]!, settled[k]!),
    (j, k) => correlation(settled[j]!, settled[k]!),
  )
  const year = contract.period.start.slice(0, 4)
  const gates = gatesOf(contract.gates, partnerId, builtInEvidenceOf(counts), input.quality, year)
  const multiplier = gateMultiplierOf(gates)
  const deadBand = deadBandOf(contract, sd)
  const steps = paymentStepsOf(value, deadBand, contract, multiplier, patientYears)
  const { eligible } = counts
  return { partner, partnerId, counts, results, eligible, patientYears, value, sd, deadBand, steps, gates, multiplier }
}

function statementOf(
  input: SettlementInput,
  draft: ReturnType<typeof draftOf>,
  cents: Cents,
  budgetBound: boolean,
): PartnerStatement {
  const { contract, comparisons } = input
  const { partner, partnerId, counts, patientYears, value, sd, deadBand, steps, gates, multiplier } = draft
  return {
    partner_id: partnerId,
    patients: counts.patients,
    eligible: counts.eligible,
    measured: counts.measured,
    patient_years: patientYears,
    outcomes: contract.outcomes.map(({ measure }, k) => {
      const result = draft.results[k]!.partners.get(partner)
      return {
        measure,
        eligible: counts.outcomes[k]!.eligible,
        measured: counts.outcomes[k]!.measured,
        patient_years: counts.outcomes[k]!.exposureDays / daysOf(input),
        mean_gain: result?.meanGain ?? null,
        se: result?.se ?? null,
        history: result?.history ?? null,
        net_gain: result?.netGain ?? null,
        variance: result?.variance ?? null,
        credibility: result?.credibility ?? null,
        credible_gain: result?.credibleGain ?? null,
        credible_variance: result?.credibleVariance ?? null,
      }
    }),
    value_eur_per_patient_year: unsigned(value),
    value_sd: sd,
    dead_band_eur: deadBand,
    shared_eur_per_patient_year: steps.shared,
    reason: reasonOf({
      cents,
      eligible: counts.eligible,
      minPatients: contract.minPatients,
      value,
      steps,
      budgetBound,
    }),
    gates,
    gate_multiplier: multiplier,
    payment_cents: cents,
    interval90_cents: interval90Of(value, sd, contract, multiplier, patientYears),
    per_procedure_cents: comparisons.perProcedureCents[partner]!,
    bundled_cents: bundledCentsOf(contract.bundled, comparisons.includedOnQuarterDays[partner]!),
    insurers: insurerSharesOf(input.insurers, counts.insurerDays, cents),
    attribution: attributionOf(contract.attribution, cents),
  }
}

/** A payment over the insurers of the eligible patients, by patient-years; ties by insurer. */
function insurerSharesOf(insurers: readonly string[], days: readonly number[], cents: Cents) {
  const named = new Map<string, number>()
  insurers.forEach((insurer, at) => {
    const name = insurer === '' ? 'unknown' : insurer
    if (days[at]! > 0) named.set(name, (named.get(name) ?? 0) + days[at]!)
  })
  const shares = [...named].sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = allocated(
    cents,
    shares.map(([, weight]) => weight),
  )
  return shares.map(([insurer], at) => ({ insurer, cents: parts[at]! }))
}

/** A payment over the chain, by the contract's shares; ties in the order of the contract. */
function attributionOf(attribution: readonly { kind: string; share: number }[], cents: Cents) {
  if (attribution.length === 0) return []
  const parts = allocated(
    cents,
    attribution.map(({ share }) => share),
  )
  return attribution.map(({ kind }, at) => ({ kind, cents: parts[at]! }))
}

const daysOf = ({ contract }: SettlementInput): number => {
  if (contract.index === 'enrolment') return 1
  const { since, until } = periodOf(contract.period)
  return until - since
}

function checkInput({
  contract,
  contractYear,
  placeboYears,
  partnerIds,
  contractPartners,
  comparisons,
}: SettlementInput): void {
  const rows = contractYear.partner.length
  const { patient, practice, insurer, indexOn, exposureDays, outcomes } = contractYear
  const columns = [
    patient,
    practice,
    insurer,
    indexOn,
    exposureDays,
    ...outcomes.flatMap((o) => [o.status, o.gain, o.contribution]),
  ]
  invariant(outcomes.length === contract.outcomes.length, 'the contract year has columns for every outcome')
  invariant(
    columns.every(({ length }) => length === rows),
    'every column of the contract year has a row per patient',
  )
  for (const { partner, contributions } of placeboYears)
    invariant(
      contributions.every((column) => column === null || column.length === partner.length),
      'every column of a placebo year has a row per patient',
    )
  const amounts = [comparisons.perProcedureCents, comparisons.includedOnQuarterDays]
  invariant(
    amounts.every(({ length }) => length === partnerIds.length),
    'comparison amounts run along the partners',
  )
  invariant(contractPartners.length > 0, 'a contract has a partner')
}
