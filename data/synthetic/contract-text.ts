/** The contract that comes with a synthetic region: every section of interface.md 3 in use. */
import { addYears, dayOf } from '../../engine/kernel/calendar.ts'
import { CONTRACT_PERIOD } from './effects.ts'
import { INSURERS } from './person.ts'
import type { Region } from './region.ts'

const listed = (texts: readonly string[]): string => `[${texts.join(', ')}]`

/** The first year of a term is the period; the others are settled by the same contract. */
const termText = ({ termYears }: Region): string =>
  termYears === 1
    ? ''
    : `term: {start: ${CONTRACT_PERIOD.start}, end: ${addYears(CONTRACT_PERIOD.end, termYears - 1)}}\n`

export function contractText(region: Region): string {
  // All insurers but the smallest, so that some patients fall outside the contract.
  const insurers = INSURERS.slice(0, -1).map(([insurer]) => `"${insurer}"`)
  return `contract: synthetic-dm2-2025
title: Gezondheidswinst DM2 2025, synthetische regio
programme: dm2
insurers: ${listed(insurers)}
partners: ${listed(region.contractPartners)}
period: {start: ${CONTRACT_PERIOD.start}, end: ${CONTRACT_PERIOD.end}}
${termText(region)}reference:
  start: ${dayOf(region.firstDay)}
  end: 2024-12-31
  partners: ${listed([...region.contractPartners, ...region.controlPartners])}
control: ${listed(region.controlPartners)}
outcomes:
  - measure: hba1c
    price_eur: 12.50
    counted_range: [48, 110]
    horizon_days: 365
    window_days: 120
    baseline_days: 450
  - measure: sbp
    price_eur: 4
    counted_range: [120, 180]
    horizon_days: 365
    window_days: 120
    baseline_days: 450
  - measure: ldl
    price_eur: 80
    counted_range: [1.4, 6]
    horizon_days: 365
    window_days: 180
    baseline_days: 540
missing: doubly_robust
pessimistic_shift_sd: 0.1
history: own
level_weight: 1.0
trend: control
credibility: estimated
share: {gain: 0.5, loss: 0.2}
dead_band: {eur: 2.00, z: 0}
min_patients: 30
corridor_eur: {floor: -20, cap: 60}
gates:
  - {gate: min_measured_share, at_least: 0.60, weight: 1.0}
  - {gate: max_left_share, at_most: 0.15, weight: 0.5}
  - {gate: benchmark_participation, equals: "true", weight: 0.25}
  - {gate: patient_experience, at_least: 7.5, weight: 0.1}
budget_eur: 250000
bundled:
  components:
    - {activity: jaarcontrole, provider: poh, prevalence: 1.0, minutes: 30, hourly_eur: 62}
    - {activity: kwartaalcontrole, provider: poh, prevalence: 3.0, minutes: 20, hourly_eur: 62}
    - {activity: overleg, provider: huisarts, prevalence: 1.0, minutes: 10, hourly_eur: 125}
    - {activity: voetzorg, provider: podotherapeut, prevalence: 0.7, minutes: 30, hourly_eur: 70}
  advance_share: 0.8
attribution:
  - {kind: gp_practice, share: 0.7}
  - {kind: diagnostic_centre, share: 0.3}
`
}
