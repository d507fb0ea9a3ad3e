/** A value set: what the levels of an EQ-5D profile are worth to the public of a country. */
import { decimalOf, numberOf, sumOf } from '../kernel/decimal.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Sourced } from './sourced.ts'

/** The dimensions in the order of a profile's digits: mobility, self-care, usual activities, pain or discomfort, anxiety or depression. */
const DIMENSIONS = ['mobility', 'self_care', 'usual_activities', 'pain', 'anxiety'] as const
export type Dimension = (typeof DIMENSIONS)[number]

export interface ValueSet extends Sourced {
  readonly id: string
  /** 3 for EQ-5D-3L, 5 for EQ-5D-5L */
  readonly levels: 3 | 5
  /** off 1 for any profile but 11111 */
  readonly constant: number
  /** off for any profile with a dimension at the worst level; 0: none */
  readonly worstLevel: number
  /** off for the levels from 2 up, by dimension */
  readonly decrements: Readonly<Record<Dimension, readonly number[]>>
}

/** A utility never goes without the set that it was valued by. */
export interface Utility {
  readonly value: number
  readonly valueSetId: string
}

/** U = 1 - constant (any profile but 11111) - worst level (where one is) - the decrement of each dimension, exact in decimals.
 *  @param profile five digits, each a level   @throws Refusal `invalid_health_state`
 *  @see Versteegh et al. (2016), Value in Health 19(4), for the Dutch EQ-5D-5L set */
export function utilityOf(set: ValueSet, profile: string): Utility {
  const levels = levelsOf(set, profile)
  const parts = DIMENSIONS.map((dimension, at) => (levels[at] === 1 ? 0 : set.decrements[dimension][levels[at]! - 2]!))
  const isFull = levels.every((level) => level === 1)
  const off = [isFull ? 0 : set.constant, levels.includes(set.levels) ? set.worstLevel : 0, ...parts]
  const value = numberOf(sumOf([decimalOf(1), ...off.map((part) => decimalOf(part === 0 ? 0 : -part))]))
  return { value, valueSetId: set.id }
}

function levelsOf(set: ValueSet, profile: string): number[] {
  const levels = /^\d{5}$/.test(profile) ? Array.from(profile, Number) : []
  const outside = levels.find((level) => level < 1 || level > set.levels)
  if (levels.length === 5 && outside === undefined) return levels
  const found = outside === undefined ? `is not five digits` : `has a level ${outside}`
  throw new Refusal(
    'invalid_health_state',
    `The EQ-5D profile "${profile.slice(0, 20)}" ${found}; value set ${set.id} takes five levels of 1 to ${set.levels}.`,
    { profile: profile.slice(0, 20), value_set: set.id },
  )
}

/** What a utility rose by, both of one value set.
 *  @throws Refusal `other_value_set` */
export function utilityGainOf(before: Utility, after: Utility): number {
  refuseOtherSet(before.valueSetId, after.valueSetId)
  return numberOf(sumOf([decimalOf(after.value), decimalOf(-before.value)]))
}

/** Sets value the same profile by up to a third of a life year differently: a difference between two of them says nothing of health.
 *  @throws Refusal `other_value_set` */
function refuseOtherSet(before: string, after: string): void {
  if (before === after) return
  throw new Refusal(
    'other_value_set',
    `A utility of value set ${after} is compared with one of ${before}; value both by one set, from the profiles.`,
    { before, after },
  )
}
