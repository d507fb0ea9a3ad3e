/** Whether quality at home is at least equal to that in hospital. */
import { Z95 } from '../kernel/distributions.ts'
import { utilityGainOf, utilityOf, type ValueSet } from '../exchange/value-set.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Group, Quality } from './road.ts'

export interface QualityResult {
  /** home less hospital, better is positive, in the unit */
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly margin: number
  /** shown: the whole interval lies above -margin; worse: below it; else there are too few to tell */
  readonly atLeastEqual: 'shown' | 'not_shown' | 'worse'
}

/** difference -+ 1.96 * sqrt(sd^2 / n + sd^2 / n) of two groups of different people, against the margin.
 *  @throws Refusal `other_value_set`, `invalid_health_state`, `unknown_value_set` */
export function qualityOf({ better, margin, hospital, home }: Quality, sets: readonly ValueSet[]): QualityResult {
  const [before, after] = [figuresOf(hospital, sets), figuresOf(home, sets)]
  const rise =
    before.valueSetId === null || after.valueSetId === null
      ? after.mean - before.mean
      : utilityGainOf(
          { value: before.mean, valueSetId: before.valueSetId },
          { value: after.mean, valueSetId: after.valueSetId },
        )
  const difference = better === 'higher' ? rise : -rise
  const half = Z95 * Math.sqrt(before.sd ** 2 / before.n + after.sd ** 2 / after.n)
  const [low, high] = [difference - half, difference + half]
  return {
    difference,
    low,
    high,
    margin,
    atLeastEqual: low > -margin ? 'shown' : high < -margin ? 'worse' : 'not_shown',
  }
}

interface Figures {
  readonly n: number
  readonly mean: number
  readonly sd: number
  /** null: no utility */
  readonly valueSetId: string | null
}

function figuresOf(group: Group, sets: readonly ValueSet[]): Figures {
  if ('mean' in group) return { ...group, valueSetId: null }
  const { valueSet: id, profiles } = group
  const set = sets.find((each) => each.id === id)
  if (set === undefined)
    throw new Refusal(
      'unknown_value_set',
      `There is no value set ${id}; known are ${sets.map((each) => each.id).join(', ')}.`,
      { value_set: id },
    )
  const values = profiles.map((profile) => utilityOf(set, profile).value)
  const n = values.length
  const mean = values.reduce((total, value) => total + value, 0) / n
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0)
  return { n, mean, sd: Math.sqrt(squares / (n - 1)), valueSetId: id }
}
