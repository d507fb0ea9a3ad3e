/** The settlement of a bundle, computed anew from its rows: settlement.json as it should stand. */
import type { Contract } from './contract.ts'
import { type Counts, countsOf, excludedOf, periodDays } from './counts.ts'
import { correlation, covariances, valueSd } from './covariance.ts'
import { excessOf, gateResults, multiplierOf } from './gates.ts'
import { type History, historyOf, placeboYear } from './history.ts'
import { type Bundle, MEASURED, placeboKey } from './inputs.ts'
import { netGains, type NetGains } from './net-gain.ts'
import { aligned, decimal, roundedQuotient, times } from './decimals.ts'
import { cents, split, sum } from './numbers.ts'
import { type Contributions, type PartnerMean, partnerMeans } from './partner-mean.ts'
import { budgetBinds, centsWithin, reasonOf, type Steps, stepsOf, type Worth } from './payment.ts'
import { countingYears } from './term.ts'
import { sinceVersion2, type VersionedBundle } from './version.ts'

interface OutcomeResult {
  readonly means: readonly (PartnerMean | null)[]
  readonly history: History
  readonly net: NetGains
  readonly residualSd: number | null
}

interface PartnerResult {
  readonly partner: number
  readonly value: number
  readonly sd: number
  readonly deadBand: number
  readonly steps: Steps
  readonly multiplier: number
  readonly years: number
  /** EUR before rounding and budget */
  readonly eur: number
}

/** The document as method.md and interface.md 5 give it, keys in their order. */
export function settlementOf(bundle: VersionedBundle): Record<string, unknown> {
  const { head, contract, version } = bundle
  const counts = countsOf(bundle)
  const outcomes = contract.outcomes.map((_, k) => outcomeResult(bundle, k))
  const shared = sharedVariance(bundle, outcomes)
  const results = placesOf(bundle, 'contract').map((p) => partnerResult(bundle, p, counts[p]!, outcomes, shared))
  const eur = results.map((result) => result.eur)
  const binds = budgetBinds(eur, contract)
  const paid = centsWithin(eur, contract)
  const statements = results.map((result, at) =>
    statementOf(bundle, result, counts[result.partner]!, outcomes, { cents: paid[at]!, budgetBinds: binds }),
  )
  const total = (key: 'payment_cents' | 'per_procedure_cents' | 'bundled_cents') =>
    sum(statements.map((row) => row[key]))
  return {
    settlement_id: head.settlement_id,
    contract: contract.contract,
    as_of: head.as_of,
    engine_version: head.engine_version,
    dataset_sha256: head.dataset_sha256,
    contract_sha256: head.contract_sha256,
    model_ids: head.model_ids,
    totals: {
      payment_cents: total('payment_cents'),
      per_procedure_cents: total('per_procedure_cents'),
      bundled_cents: total('bundled_cents'),
    },
    outcomes: outcomes.map(({ net, history, residualSd }, k) => ({
      measure: contract.outcomes[k]!.measure,
      better: head.better[contract.outcomes[k]!.measure],
      trend: net.trend,
      trend_se: net.trendSe,
      tau2: history.moments.tau2,
      omega2: history.moments.omega2,
      ...sinceVersion2(version, { kappa2: history.moments.kappa2 }),
      placebo_years: history.years.length,
      collective_mean: net.collectiveMean,
      between_variance: net.betweenVariance,
      residual_sd: residualSd,
    })),
    partners: statements,
    excluded: excludedOf(bundle),
  }
}

const placesOf = ({ partners }: Bundle, role: string): number[] =>
  partners.flatMap((partner, p) => (partner.role === role ? [p] : []))

function outcomeResult(bundle: VersionedBundle, k: number): OutcomeResult {
  const { contract, partners, placebo, version } = bundle
  const outcome = contract.outcomes[k]!
  const means = partnerMeans(contributing(bundle, k), partners.length, version.squaredErrors)
  const years = countingYears(contract, outcome).map((t) =>
    placeboYear(t, partnerMeans(placebo.get(placeboKey(k, t)) ?? nobody, partners.length, version.squaredErrors)),
  )
  const history = historyOf(years, partners.length, contract, version.momentsOf)
  const sides = { contract: placesOf(bundle, 'contract'), control: placesOf(bundle, 'control') }
  const net = netGains(outcome.measure, means, history, contract, sides, version)
  return { means, history, net, residualSd: residualSd(bundle, k) }
}

/** C_jk of a partner for two outcomes, of which j comes first. */
type SharedVariance = (p: number, j: number, k: number) => number

function sharedVariance({ year, partners, contract }: Bundle, results: readonly OutcomeResult[]): SharedVariance {
  const kept = new Map<string, { readonly cov: readonly number[]; readonly r: number }>()
  return (p, j, k) => {
    const [a, b] = [results[j]!, results[k]!]
    const pair = kept.get(`${j} ${k}`) ?? {
      cov: covariances(year, j, k, partners.length),
      r: contract.history === 'none' ? 0 : correlation(a.history, b.history),
    }
    kept.set(`${j} ${k}`, pair)
    const larger = Math.max(a.means[p]!.n, b.means[p]!.n)
    const lasting = ({ history, net }: OutcomeResult) => history.post[p]! + net.trendSe * net.trendSe
    return pair.cov[p]! / larger + pair.r * Math.sqrt(lasting(a) * lasting(b))
  }
}

const nobody: Contributions = { partner: [], practice: [], value: [] }

/** Those who contribute to an outcome in the contract year, in order of patient_id. */
function contributing({ year }: Bundle, k: number): Contributions {
  const { contribution } = year.outcomes[k]!
  const rows: number[] = []
  for (let row = 0; row < year.patients; row++) if (!Number.isNaN(contribution[row])) rows.push(row)
  return {
    partner: Int32Array.from(rows, (row) => year.partner[row]!),
    practice: Int32Array.from(rows, (row) => year.practice[row]!),
    value: Float64Array.from(rows, (row) => contribution[row]!),
  }
}

/** The standard deviation (n - 1) of the measured gains of all the contract's partners. */
function residualSd({ year, partners }: Bundle, k: number): number | null {
  const { status, gain } = year.outcomes[k]!
  const counted = (row: number) => status[row] === MEASURED && partners[year.partner[row]!]!.role === 'contract'
  let [n, total] = [0, 0]
  for (let row = 0; row < year.patients; row++) {
    if (!counted(row)) continue
    n += 1
    total += gain[row]!
  }
  if (n < 2) return null
  let squares = 0
  for (let row = 0; row < year.patients; row++)
    if (counted(row)) squares += (gain[row]! - total / n) * (gain[row]! - total / n)
  return Math.sqrt(squares / (n - 1))
}

function partnerResult(
  { contract, partners, quality, version }: VersionedBundle,
  p: number,
  counts: Counts,
  outcomes: readonly OutcomeResult[],
  shared: SharedVariance,
): PartnerResult {
  const worths = worthsOf(contract, p, counts, outcomes)
  const value = version.valueOf(worths, contract)
  const sd = valueSd(worths, (j, k) => shared(p, Math.min(j, k), Math.max(j, k)))
  const deadBand = Math.max(contract.deadBand.eur, contract.deadBand.z * sd)
  const multiplier = multiplierOf(gateResults(contract, partners[p]!.partnerId, counts, quality, version.gates))
  const steps = stepsOf(value, deadBand, multiplier, contract)
  const years = counts.days / periodDays(contract)
  const paid = counts.eligible > 0 && counts.eligible >= contract.minPatients
  return { partner: p, value, sd, deadBand, steps, multiplier, years, eur: paid ? steps.eurPerPatientYear * years : 0 }
}

function worthsOf(contract: Contract, p: number, counts: Counts, outcomes: readonly OutcomeResult[]): Worth[] {
  const period = periodDays(contract)
  return outcomes.flatMap(({ net, residualSd }, k) => {
    const gain = net.partners[p]
    const { eligible, measured, days } = counts.outcomes[k]!
    if (!gain) return []
    return [
      {
        outcome: k,
        q: (contract.outcomes[k]!.priceEur * (days / period)) / (counts.days / period),
        qError: ((contract.outcomes[k]!.exchange?.priceSe ?? 0) * (days / period)) / (counts.days / period),
        credible: gain.credible,
        variance: gain.variance,
        credibleVariance: gain.credibleVariance,
        missingShare: (eligible - measured) / eligible,
        residualSd: residualSd ?? 0,
        excess: {
          share: excessOf(counts.outcomes[k]!),
          error: Math.sqrt(counts.outcomes[k]!.varianceAmongControls) / eligible,
          n: eligible,
        },
      },
    ]
  })
}

interface Paid {
  readonly cents: number
  readonly budgetBinds: boolean
}

function statementOf(
  { contract, partners, quality, insurers, version }: VersionedBundle,
  result: PartnerResult,
  counts: Counts,
  outcomes: readonly OutcomeResult[],
  paid: Paid,
) {
  const { partnerId, perProcedureCents, included } = partners[result.partner]!
  const { value, sd, deadBand, steps, multiplier, years } = result
  const through = (v: number) => cents(stepsOf(v, deadBand, multiplier, contract).eurPerPatientYear * years)
  const shares = [...counts.daysByInsurer.entries()]
    .filter(([, days]) => days > 0)
    .map(([insurer, days]) => ({ insurer: insurers[insurer]!, days }))
    .sort((a, b) => (a.insurer < b.insurer ? -1 : 1))
  const byInsurer = split(
    paid.cents,
    shares.map(({ days }) => days),
  )
  const chain = split(
    paid.cents,
    contract.attribution.map(({ share }) => share),
  )
  return {
    partner_id: partnerId,
    patients: counts.patients,
    eligible: counts.eligible,
    measured: counts.measured,
    patient_years: years,
    outcomes: contract.outcomes.map(({ measure }, k) => {
      const { eligible, measured, days } = counts.outcomes[k]!
      const [mean, net] = [outcomes[k]!.means[result.partner], outcomes[k]!.net.partners[result.partner]]
      return {
        measure,
        eligible,
        measured,
        patient_years: days / periodDays(contract),
        mean_gain: mean?.mean ?? null,
        se: mean?.se ?? null,
        history: net?.history ?? null,
        net_gain: net?.net ?? null,
        variance: net?.variance ?? null,
        credibility: net?.credibility ?? null,
        credible_gain: net?.credible ?? null,
        ...sinceVersion2(version, { credible_variance: net?.credibleVariance ?? null }),
      }
    }),
    value_eur_per_patient_year: value,
    value_sd: sd,
    dead_band_eur: deadBand,
    shared_eur_per_patient_year: steps.shared,
    reason: reasonOf({ eligible: counts.eligible, value, steps, multiplier, ...paid }, contract),
    gates: gateResults(contract, partnerId, counts, quality, version.gates),
    gate_multiplier: multiplier,
    payment_cents: paid.cents,
    interval90_cents: [through(value - 1.645 * sd), through(value + 1.645 * sd)],
    per_procedure_cents: perProcedureCents,
    bundled_cents: bundledCents(contract, included),
    insurers: shares.map(({ insurer }, at) => ({ insurer, cents: byInsurer[at]! })),
    attribution: contract.attribution.map(({ kind }, at) => ({ kind, cents: chain[at]! })),
  }
}

/** method.md 6: a quarter of the yearly amount for every patient included on a quarter day, in the contract's own decimals. */
function bundledCents({ bundled }: Contract, included: number): number {
  if (!bundled) return 0
  // what each patient has in a year, in EUR times 60: an hour has 60 minutes
  const amounts = bundled.components.flatMap((component) => {
    const often = times(decimal(component.prevalence), decimal(component.times ?? 1))
    const timed = times(decimal(component.minutes), decimal(component.hourlyEur))
    return [times(often, timed), times(often, times(decimal(component.materialEur ?? 0), decimal(60)))]
  })
  const raised = amounts.flatMap((amount) => [amount, times(amount, decimal(bundled.overhead ?? 0))])
  const { whole, exponent } = aligned(raised)
  const yearly = whole.reduce((total, amount) => total + amount, 0n)
  // cents: x 100; a year has 4 quarter days
  return roundedQuotient(yearly * BigInt(included) * 100n, 60n * 4n * 10n ** BigInt(-exponent))
}
