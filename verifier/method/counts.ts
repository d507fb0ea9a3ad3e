/** method.md 1: who counts, by partner, by outcome and by insurer; and why others do not. */
import type { Contract } from './contract.ts'
import { dayNumber } from './numbers.ts'
import { type Bundle, DIED, eligible, ENROLLED_LATE, LEFT, MEASURED, NO_BASELINE } from './inputs.ts'

export interface OutcomeCounts {
  eligible: number
  measured: number
  /** of the eligible */
  days: number
  /** sum of 1 - P(measured) as fitted on controls, over the eligible */
  missingAmongControls: number
}

export interface Counts {
  patients: number
  eligible: number
  measured: number
  /** left, and eligible for no outcome */
  left: number
  /** of the eligible */
  days: number
  readonly daysByInsurer: Map<number, number>
  readonly outcomes: readonly OutcomeCounts[]
}

export const periodDays = ({ period }: Contract): number => dayNumber(period.end) + 1 - dayNumber(period.start)

/** Counts of every partner, in the order of the bundle's partners. */
export function countsOf({ year, contract, partners }: Pick<Bundle, 'year' | 'contract' | 'partners'>): Counts[] {
  const counts = partners.map((): Counts => ({
    patients: 0,
    eligible: 0,
    measured: 0,
    left: 0,
    days: 0,
    daysByInsurer: new Map(),
    outcomes: contract.outcomes.map(() => ({ eligible: 0, measured: 0, days: 0, missingAmongControls: 0 })),
  }))
  for (let row = 0; row < year.patients; row++) {
    const own = counts[year.partner[row]!]!
    const days = year.days[row]!
    own.patients += 1
    let [anyEligible, anyMeasured, anyLeft] = [false, false, false]
    year.outcomes.forEach(({ status, amongControls }, k) => {
      anyLeft ||= status[row] === LEFT
      if (!eligible(status[row]!)) return
      const outcome = own.outcomes[k]!
      outcome.eligible += 1
      outcome.days += days
      outcome.missingAmongControls += 1 - amongControls[row]!
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

/** Patients of contract partners that are eligible for no outcome, by the first reason. */
export function excludedOf({ year, partners, ineligible }: Bundle): { reason: string; patients: number }[] {
  const numbers = new Map<string, number>(REASONS.map(([reason]) => [reason, 0]))
  for (let row = 0; row < year.patients; row++) {
    if (partners[year.partner[row]!]!.role !== 'contract') continue
    const statuses = year.outcomes.map(({ status }) => status[row]!)
    if (statuses.some(eligible)) continue
    const first = REASONS.find(([, status]) => statuses.includes(status))
    if (first) numbers.set(first[0], numbers.get(first[0])! + 1)
  }
  return [
    ...['not_main_practitioner', 'other_insurer'].map((reason) => ({ reason, patients: ineligible[reason] ?? 0 })),
    ...[...numbers.entries()].map(([reason, patients]) => ({ reason, patients })),
  ]
}
