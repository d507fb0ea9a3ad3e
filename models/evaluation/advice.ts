/** What a programme could say of a measure, where its results show that it does not: a step, and the ends of its range. */
import type { ExpectationSpec } from '../estimator.ts'

export interface Advice {
  readonly code: 'step' | 'ends'
  /** what was found, and what to write where */
  readonly sentence: string
}

/** More distinct results than these are no score. */
const mostDistinct = 61
/** An end that so large a share of the results has is a ceiling or a floor. */
const leastAtEnd = 0.03

/** @param target results, in the measure's unit */
export function adviceOf(target: Float64Array, { measure, plausible, step }: ExpectationSpec): Advice[] {
  if (target.length === 0) return []
  const distinct = new Set(target)
  const isWhole = target.every((y) => Number.isInteger(y)) && plausible.every((y) => Number.isInteger(y))
  const noStep = step === undefined && isWhole && distinct.size > 1 && distinct.size <= mostDistinct
  const ends = [target.reduce((a, b) => Math.min(a, b)), target.reduce((a, b) => Math.max(a, b))] as const
  return [
    ...(noStep ? [stepAdvice(measure, distinct.size, target.length)] : []),
    ...ends.flatMap((end, side) => {
      const share = target.reduce((sum, y) => (y === end ? sum + 1 : sum), 0) / target.length
      const known = end === plausible[side]
      return known || distinct.size < 3 || share < leastAtEnd ? [] : [endAdvice(measure, side, end, share, plausible)]
    }),
  ]
}

const stepAdvice = (measure: string, distinct: number, results: number): Advice => ({
  code: 'step',
  sentence: `All ${results} results of ${measure} are whole numbers, ${distinct} different ones. If it is a score, a class or a count, write step: 1 under measures.${measure} in its programme: expectations then lie on its values, with a mass on each.`,
})

const endAdvice = (
  measure: string,
  side: number,
  end: number,
  share: number,
  plausible: readonly number[],
): Advice => ({
  code: 'ends',
  sentence: `${(100 * share).toFixed(0)}% of the results of ${measure} are ${end}, and none is ${side === 0 ? 'lower' : 'higher'}, while down to ${plausible[0]} and up to ${plausible[1]} is plausible. If the measure ends there, make ${end} the ${side === 0 ? 'lowest' : 'highest'} plausible value in its programme: the expectation then has a mass at that end.`,
})
