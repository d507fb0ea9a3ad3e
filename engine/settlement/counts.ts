/** How many patients, and for how long: the denominators of a settlement (method.md 1, 5.8 and the built-in gates). */
import {
  ENROLLED_LATE,
  DIED,
  isEligible,
  LEFT,
  MEASURED,
  MISSING,
  NO_BASELINE,
  type ContractYear,
} from '../assessment/assessment.ts'
import type { Period } from '../kernel/calendar.ts'
import { poissonLimit } from '../kernel/distributions.ts'
import type { BuiltInEvidence } from './gates.ts'

/** One outcome of one partner. */
export interface OutcomeCounts {
  eligible: number
  measured: number
  /** of the eligible, in days */
  exposureDays: number
  /** sum over the eligible of 1 - pi, pi as among the controls; NaN without controls to learn from */
  expectedMissing: number
  /** sum over the eligible of pi (1 - pi), likewise */
  missingVariance: number
}

/** One partner; `eligible` is for at least one outcome, `measured` on at least one. */
export interface PartnerCounts {
  patients: number
  eligible: number
  measured: number
  /** eligible for no outcome, and left before the window of one */
  left: number
  /** with an index date after the first quarter of the period */
  late: number
  deaths: number
  /** NaN where nothing could be expected */
  expectedDeaths: number
  /** of the eligible, in days */
  exposureDays: number
  /** of the eligible, in days, per insurer of the input */
  readonly insurerDays: number[]
  readonly outcomes: readonly OutcomeCounts[]
}

/** Why a patient with an index date is eligible for no outcome; the first that applies to any outcome. */
const EXCLUSIONS = ['enrolled_late', 'no_baseline', 'died', 'left'] as const
const EXCLUSION_STATUSES = [ENROLLED_LATE, NO_BASELINE, DIED, LEFT]

/** Counts of every partner of the region, in their order.
 *  @param period of the contract: an index date is late if a quarter of its days or more lie before it */
export function countsOf(year: ContractYear, partners: number, insurers: number, period: Period): PartnerCounts[] {
  const counts = Array.from({ length: partners }, () => noCounts(year, insurers))
  for (let row = 0; row < year.partner.length; row++) {
    const partner = counts[year.partner[row]!]!
    const days = year.exposureDays[row]!
    const seen = countOutcomes(year, row, partner, days)
    partner.patients++
    if (4 * (year.indexOn[row]! - period.since) >= period.until - period.since) partner.late++
    partner.deaths += year.deaths?.died[row] ?? 0
    partner.expectedDeaths += year.deaths?.probability[row] ?? NaN
    if ((seen & (1 << MEASURED)) !== 0) partner.measured++
    if ((seen & ((1 << MEASURED) | (1 << MISSING))) !== 0) {
      partner.eligible++
      partner.exposureDays += days
      partner.insurerDays[year.insurer[row]!]! += days
      continue
    }
    if ((seen & (1 << LEFT)) !== 0) partner.left++
  }
  return counts
}

/** Distinct patients of contract partners that are eligible for no outcome on any of their index dates, by the first reason. */
export function excludedOf({ patient, partner, outcomes }: ContractYear, contractPartners: readonly number[]) {
  const ofContract = new Set(contractPartners)
  const seenOf = new Map<number, number>()
  for (let row = 0; row < partner.length; row++) {
    if (!ofContract.has(partner[row]!)) continue
    const seen = outcomes.reduce((statuses, { status }) => statuses | (1 << status[row]!), 0)
    seenOf.set(patient[row]!, (seenOf.get(patient[row]!) ?? 0) | seen)
  }
  const patients = EXCLUSIONS.map(() => 0)
  for (const seen of seenOf.values()) {
    if ((seen & ((1 << MEASURED) | (1 << MISSING))) !== 0) continue
    const reason = EXCLUSION_STATUSES.findIndex((status) => (seen & (1 << status)) !== 0)
    if (reason >= 0) patients[reason]!++
  }
  return EXCLUSIONS.map((reason, at) => ({ reason, patients: patients[at]! }))
}

/** Counts one patient into the outcomes of its partner; returns the set of its statuses, a bit each. */
function countOutcomes(year: ContractYear, row: number, partner: PartnerCounts, days: number): number {
  let seen = 0
  for (let k = 0; k < year.outcomes.length; k++) {
    const { status, measuredAmongControls } = year.outcomes[k]!
    const code = status[row]!
    seen |= 1 << code
    if (!isEligible(code)) continue
    const outcome = partner.outcomes[k]!
    outcome.eligible++
    outcome.exposureDays += days
    if (code === MEASURED) outcome.measured++
    const pi = measuredAmongControls === null ? NaN : measuredAmongControls[row]!
    outcome.expectedMissing += 1 - pi
    outcome.missingVariance += pi * (1 - pi)
  }
  return seen
}

const noCounts = ({ outcomes }: ContractYear, insurers: number): PartnerCounts => ({
  patients: 0,
  eligible: 0,
  measured: 0,
  left: 0,
  late: 0,
  deaths: 0,
  expectedDeaths: 0,
  exposureDays: 0,
  insurerDays: Array.from({ length: insurers }, () => 0),
  outcomes: outcomes.map(() => ({
    eligible: 0,
    measured: 0,
    exposureDays: 0,
    expectedMissing: 0,
    missingVariance: 0,
  })),
})

/** Share missing less that to be expected as the controls are measured, and its standard error where patients are measured independently of each other;
 *  NaN without controls to learn from, or without anybody. */
export function excessMissingOf({ eligible, measured, expectedMissing, missingVariance }: OutcomeCounts) {
  return {
    excess: (eligible - measured - expectedMissing) / eligible,
    se: Math.sqrt(missingVariance) / eligible,
  }
}

/** Chance alone brings more deaths than the limit in one partner of twenty at most. */
const DEATHS_LEVEL = 0.95

/** Deaths less the 95% Poisson limit of those to be expected; null where nothing could be expected. */
const excessDeathsOf = ({ deaths, expectedDeaths }: PartnerCounts): number | null =>
  Number.isNaN(expectedDeaths) ? null : deaths - poissonLimit(expectedDeaths, DEATHS_LEVEL)

/** What the counts say for the built-in gates, over the outcomes that somebody is eligible for. */
export function builtInEvidenceOf(counts: PartnerCounts): BuiltInEvidence {
  const outcomes = counts.outcomes.filter(({ eligible }) => eligible > 0)
  const excess = outcomes.map((outcome) => excessMissingOf(outcome).excess).filter((share) => !Number.isNaN(share))
  const shares = outcomes.map(({ eligible, measured }) => measured / eligible)
  const remembered = counts.eligible + counts.left
  return {
    min_measured_share: shares.length === 0 ? null : Math.min(...shares),
    min_patients: counts.eligible,
    max_left_share: remembered === 0 ? null : counts.left / remembered,
    max_excess_missing: excess.length === 0 ? null : Math.max(...excess),
    max_excess_deaths: excessDeathsOf(counts),
    max_late_share: counts.patients === 0 ? null : counts.late / counts.patients,
  }
}
