/** The figures of a partner for an indicator. */
import { Refusal } from '../kernel/refusal.ts'
import type { Standing } from './evaluation.ts'

export interface Figure {
  readonly partnerId: string
  readonly year: number
  readonly programme: string
  readonly indicator: string
  readonly version: string
  readonly denominator: number
  readonly numerator: number
  readonly excluded: number
  readonly unknown: number
}

export type Counts = Pick<Figure, 'denominator' | 'numerator' | 'excluded' | 'unknown'>

export const NOBODY: Counts = { denominator: 0, numerator: 0, excluded: 0, unknown: 0 }

/** One person more. */
export const counted = (counts: Counts, standing: Standing): Counts => ({
  denominator: counts.denominator + (standing === 'numerator' || standing === 'denominator' ? 1 : 0),
  numerator: counts.numerator + (standing === 'numerator' ? 1 : 0),
  excluded: counts.excluded + (standing === 'excluded' ? 1 : 0),
  unknown: counts.unknown + (standing === 'unknown' ? 1 : 0),
})

/** A figure as it may be handed on.
 *  @throws Refusal `numerator_above_denominator`, also where a count is no whole number of persons */
export function refuseImpossible(figure: Figure): Figure {
  const { denominator, numerator, excluded, unknown } = figure
  if (
    numerator <= denominator &&
    [denominator, numerator, excluded, unknown].every((n) => Number.isSafeInteger(n) && n >= 0)
  )
    return figure
  throw new Refusal(
    'numerator_above_denominator',
    `Indicator ${figure.indicator} of ${figure.partnerId} in ${figure.year} has numerator ${numerator} and denominator ${denominator}; both are whole persons, and the first is a part of the second.`,
    { indicator: figure.indicator, partner_id: figure.partnerId, numerator, denominator },
  )
}

/** numerator / denominator; null where nobody is in it. */
export const shareOf = ({ numerator, denominator }: Counts): number | null =>
  denominator === 0 ? null : numerator / denominator
