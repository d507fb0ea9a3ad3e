/** Segment 3: what a partner must show to be rewarded for results, all of it or nothing (Ketenzorg Friesland's five conditions for DM2). */
import type { Cents } from '../kernel/money.ts'
import { centsOf } from '../kernel/allocation.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Condition, Segment3 } from '../contract/segment3.ts'
import { shareOf, type Counts, type Figure } from './figures.ts'

/** What is known of one partner in one year. */
export interface Shown {
  /** what others say of it: quality.csv by gate, of the year */
  readonly said: ReadonlyMap<string, string>
  /** days after the year on which its region delivered */
  readonly deliveredOn: readonly Day[]
  /** its figures, one for each indicator of the programme that holds */
  readonly figures: readonly Figure[]
  /** how many indicators hold */
  readonly indicators: number
  /** coded people of whom it is known where the main practitioner is */
  readonly mainPractitioner: Counts
}

export interface ConditionResult {
  readonly condition: Condition
  readonly met: boolean
  /** what was found, in a few words */
  readonly evidence: string
}

/** One condition. Whoever is absent from the benchmark's or the survey's list takes no part. */
function conditionOf(condition: Condition, segment3: Segment3, shown: Shown): ConditionResult {
  const { said } = shown
  switch (condition) {
    case 'benchmark_participation':
    case 'patient_experience': {
      const value = said.get(condition) ?? 'false'
      return { condition, met: value !== 'false' && value !== '', evidence: value }
    }
    case 'main_practitioner_known': {
      const { numerator, denominator } = shown.mainPractitioner
      return { condition, met: denominator > 0 && numerator === denominator, evidence: `${numerator}/${denominator}` }
    }
    case 'process_indicators':
      return processOf(segment3.thresholds, shown.figures)
    case 'donkerblauw':
      return darkBlueOf(segment3.deliverBy, shown)
  }
}

function processOf(thresholds: Segment3['thresholds'], figures: readonly Figure[]): ConditionResult {
  const asked = Object.entries(thresholds)
  const missed = asked.filter(([id, least]) => {
    const figure = figures.find(({ indicator }) => indicator === id)
    const share = figure === undefined ? null : shareOf(figure)
    return share === null || share < least
  })
  const evidence =
    missed.length === 0 ? `${asked.length}/${asked.length}` : `not met: ${missed.map(([id]) => id).join(', ')}`
  return { condition: 'process_indicators', met: missed.length === 0, evidence }
}

/** On time, complete and in the right format: from our own delivery. Named: the group itself agrees to it (quality.csv, `benchmark_named`). */
function darkBlueOf(deliverBy: Day | null, { said, deliveredOn, figures, indicators }: Shown): ConditionResult {
  const lacks = [
    ...(deliverBy !== null && deliveredOn.some((day) => day <= deliverBy) ? [] : ['not on time']),
    ...(figures.length > 0 && figures.length === indicators ? [] : ['not complete']),
    ...(figures.every(({ numerator, denominator }) => numerator <= denominator) ? [] : ['not in the right format']),
    ...(said.get('benchmark_named') === 'true' ? [] : ['not named']),
  ]
  return { condition: 'donkerblauw', met: lacks.length === 0, evidence: lacks.length === 0 ? 'true' : lacks.join(', ') }
}

/** All the conditions of the clause, and what they bring together: EUR per patient times patients, in cents, or nothing.
 *  @param patients enrolled on the last day of the year */
export function segment3Of(
  segment3: Segment3,
  shown: Shown,
  patients: number,
): { readonly conditions: readonly ConditionResult[]; readonly met: boolean; readonly cents: Cents } {
  const conditions = segment3.conditions.map((condition) => conditionOf(condition, segment3, shown))
  const met = conditions.every((each) => each.met)
  return { conditions, met, cents: met ? centsOf(segment3.eurPerPatient * patients) : 0 }
}
