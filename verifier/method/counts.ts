/** method.md 1: who counts, by partner, by outcome and by insurer; and why others do not. */
import type { Contract } from './contract.ts'
import { dayNumber } from './numbers.ts'
import { type Bundle, DIED, eligible, ENROLLED_LATE, LEFT, MEASURED, NO_BASELINE } from './inputs.ts'
import { isEpisodes } from './term.ts'

export interface OutcomeCounts {
  eligible: number
  measured: number
  /** of the eligible: days, or episodes */
  days: number
  /** sums of 1 - P(measured) and of P (1 - P) as fitted on controls, over the eligible */
  missingAmongControls: number
  varianceAmongControls: number
}

export interface Counts {
  patients: number
  eligible: number
  measured: number
  /** left, and eligible for no outcome */
  left: number
  /** whose index date lies after the first quarter of the period */
  late: number
  /** NaN where nobody's death was predicted */
  deaths: number
  deathsPredicted: number
  /** of the eligible: days, or episodes */
  days: number
  readonly daysByInsurer: Map<number, number>
  readonly outcomes: readonly OutcomeCounts[]
}

const daysOf = ({ period }: Contract): number => dayNumber(period.end) + 1 - dayNumber(period.start)

/** What `days` of counts are divided by: the days of the period; of episodes every one counts whole. */
export const periodDays = (contract: Contract): number => (isEpisodes(contract) ? 1 : daysOf(contract))

/** Counts of every partner, in the order of the bundle's partners. */
export function countsOf({ year, contract, partners }: Pick<Bundle, 'year' | 'contract' | 'partners'>): Counts[] {
  const counts = partners.map((): Counts => ({
    patients: 0,
    eligible: 0,
    measured: 0,
    left: 0,
    late: 0,
    deaths: 0,
    deathsPredicted: 0,
    days: 0,
    daysByInsurer: new Map(),
    outcomes: contract.outcomes.map(() => ({
      eligible: 0,
      measured: 0,
      days: 0,
      missingAmongControls: 0,
      varianceAmongControls: 0,
    })),
  }))
  const [begins, periodLength, episodes] = [dayNumber(contract.period.start), daysOf(contract), isEpisodes(contract)]
  for (let row = 0; row < year.patients; row++) {
    const own = counts[year.partner[row]!]!
    const days = episodes ? 1 : year.days[row]!
    own.patients += 1
    if (4 * (year.index[row]! - begins) >= periodLength) own.late += 1
    own.deaths += year.died[row]!
    own.deathsPredicted += year.deathPredicted[row]!
    let [anyEligible, anyMeasured, anyLeft] = [false, false, false]
    year.outcomes.forEach(({ status, amongControls }, k) => {
      anyLeft ||= status[row] === LEFT
      if (!eligible(status[row]!)) return
      const outcome = own.outcomes[k]!
      outcome.eligible += 1
      outcome.days += days
      outcome.missingAmongControls += 1 - amongControls[row]!
      outcome.varianceAmongControls += amongControls[row]! * (1 - amongControls[row]!)
      anyEligible = true
      if (status[row] !== MEASURED) return
      outcome.measured += 1
      anyMeasured = true
    })
    if (anyMeasured) own.measured += 1
    if (!anyEligible && anyLeft) own.left += 1
    if (!anyEligible) continue
    own.eligible += 1
    own.days += days
    own.daysByInsurer.set(year.insurer[row]!, (own.daysByInsurer.get(year.insurer[row]!) ?? 0) + days)
  }
  return counts
}

const REASONS = [
  ['enrolled_late', ENROLLED_LATE],
  ['no_baseline', NO_BASELINE],
  ['died', DIED],
  ['left', LEFT],
] as const

/** Patients of contract partners that are eligible for no outcome on none of their index dates, by the first reason. */
export function excludedOf({ year, partners, ineligible }: Bundle): { reason: string; patients: number }[] {
  const statuses = new Map<number, Set<number>>()
  for (let row = 0; row < year.patients; row++) {
    if (partners[year.partner[row]!]!.role !== 'contract') continue
    const own = statuses.get(year.patient[row]!) ?? new Set()
    statuses.set(year.patient[row]!, own)
    for (const { status } of year.outcomes) own.add(status[row]!)
  }
  const numbers = new Map<string, number>(REASONS.map(([reason]) => [reason, 0]))
  for (const own of statuses.values()) {
    if ([...own].some(eligible)) continue
    const first = REASONS.find(([, status]) => own.has(status))
    if (first) numbers.set(first[0], numbers.get(first[0])! + 1)
  }
  return [
    ...['not_main_practitioner', 'other_insurer'].map((reason) => ({ reason, patients: ineligible[reason] ?? 0 })),
    ...[...numbers.entries()].map(([reason, patients]) => ({ reason, patients })),
  ]
}
