/** The layout of the sequence network: the facts of a reading, and the positions of its weights. */
import { OTHER_READINGS, OWN_READINGS } from '../../../engine/panel/readings.ts'

/** The facts of a reading, all 0 where there is none: presence, nearness in time and age, number of readings it stands for, value, and step
 *  from the reading before it, with and without sign. */
const FACTS = ['here', 'near', 'age', 'many', 'value', 'step', 'size'] as const
export const WIDTH = FACTS.length
const at = (fact: (typeof FACTS)[number]): number => FACTS.indexOf(fact)
export const [HERE, NEAR, AGE, MANY, VALUE, STEP, SIZE] = [
  at('here'),
  at('near'),
  at('age'),
  at('many'),
  at('value'),
  at('step'),
  at('size'),
]

/** Heads: each weighs the readings of one measure in its own way. */
const OWN_HEADS = 4
const OTHER_HEADS = 1
/** Hidden units of the last layer. */
export const HIDDEN = 12
/** The outputs: the mean, and the logarithm of the mean absolute error. */
export const OUTPUTS = 2
export const [MEAN, LOG_ERROR] = [0, 1]

/** The readings of one measure in the network. */
export interface Track {
  /** the key of another measure; null: the own */
  readonly measure: string | null
  readonly readings: number
  readonly heads: number
  /** where its weights begin: [2 heads][WIDTH], those of attention first, then those of what is attended to */
  readonly weights: number
  /** where its results begin among the features of the last layer: [heads] values, then [heads] certainties */
  readonly features: number
}

/** Where everything is, for a programme with these other measures and so much known of a person. */
export interface Layout {
  readonly tracks: readonly Track[]
  /** where the newest own reading (WIDTH) and the person begin among the features */
  readonly newest: number
  readonly person: number
  /** features of the last layer */
  readonly features: number
  /** [HIDDEN + OUTPUTS][features], its constants [HIDDEN + OUTPUTS], and [OUTPUTS][HIDDEN] */
  readonly last: number
  readonly constants: number
  readonly outputs: number
  /** weights in all */
  readonly size: number
}

export function layoutOf(others: readonly string[], person: number): Layout {
  const tracks: Track[] = []
  let [weights, features] = [0, 0]
  for (const measure of [null, ...others]) {
    const [readings, heads] = measure === null ? [OWN_READINGS, OWN_HEADS] : [OTHER_READINGS, OTHER_HEADS]
    tracks.push({ measure, readings, heads, weights, features })
    weights += 2 * heads * WIDTH
    features += 2 * heads
  }
  const newest = features
  features += WIDTH
  const all = features + person
  const constants = weights + (HIDDEN + OUTPUTS) * all
  const outputs = constants + HIDDEN + OUTPUTS
  const size = outputs + OUTPUTS * HIDDEN
  return { tracks, newest, person: features, features: all, last: weights, constants, outputs, size }
}

/** Readings of all tracks of a row. */
export const readingsOfAll = ({ tracks }: Layout): number => tracks.reduce((sum, { readings }) => sum + readings, 0)
