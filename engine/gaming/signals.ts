/** Signals of each detector over all partners, corrected for multiple testing. */
import { partnerMeansOf } from '../settlement/partner-mean.ts'
import { squared } from '../kernel/squared.ts'
import { againstOthers, type Estimate } from './against-others.ts'
import { FEWEST_PEOPLE, LEVEL, type Detector, type Signal } from './detectors.ts'
import { digitTest, stepOf, type DigitCounts } from './digits.ts'
import { surprisesOf, type Baselines } from './surprise.ts'
import { holmAdjusted, normalTail, twoSided } from '../kernel/tails.ts'

/** The input of the detectors; a row per patient of contract and control partners, in any order but the same in each column. */
export interface Signs {
  readonly partner: Int32Array
  readonly practice: Int32Array
  /** what is expected of a patient, worse is higher; NaN where nothing is */
  readonly risk: Float64Array
  readonly left: Uint8Array
  readonly isNew: Uint8Array
  readonly conditionGrowth: Float64Array
  readonly outcomes: readonly {
    readonly measure: string
    readonly baselines: Baselines
    readonly offsetDays: Float64Array
    /** a year before, of the patients of that year; null where that year does not count */
    readonly before: {
      readonly partner: Int32Array
      readonly practice: Int32Array
      readonly baselines: Baselines
      readonly offsetDays: Float64Array
    } | null
    readonly digits: readonly { readonly now: DigitCounts; readonly before: DigitCounts }[]
  }[]
}

type Found = Omit<Signal, 'adjusted' | 'standsOut'>
type Tail = (z: number) => number

/** Signals of every partner that a detector can say something about. @param partners of the region */
export function signalsOf(signs: Signs, partners: number): Signal[] {
  const { partner, practice, risk, left, isNew, conditionGrowth, outcomes } = signs
  const means = (detector: Detector, values: Float64Array) =>
    found(detector, null, meansOf(partner, practice, values, partners), normalTail)
  return [
    ...corrected(
      outcomes.flatMap(({ measure, baselines, before }) => {
        const estimates = meansOf(partner, practice, surprisesOf(baselines), partners)
        const then = before ? [meansOf(before.partner, before.practice, surprisesOf(before.baselines), partners)] : []
        return found('baseline_surprise', measure, estimates, normalTail, then)
      }),
    ),
    ...corrected(outcomes.flatMap((outcome) => digitSignals(outcome))),
    ...corrected(found('outflow', null, contrastOf(partner, risk, left, partners), normalTail)),
    ...corrected(found('inflow', null, contrastOf(partner, risk, isNew, partners), (z) => normalTail(-z))),
    ...corrected(
      outcomes.flatMap(({ measure, offsetDays, before }) => {
        if (!before) return []
        const now = meansOf(partner, practice, offsetDays, partners)
        const then = meansOf(before.partner, before.practice, before.offsetDays, partners)
        return found(
          'timing',
          measure,
          now.map((each, p) => lessThan(each, then[p]!)),
          twoSided,
        )
      }),
    ),
    ...corrected(conditionGrowth.some((growth) => growth !== 0) ? means('coding_growth', conditionGrowth) : []),
  ]
}

interface Counted extends Estimate {
  readonly counted: number
}

function found(
  detector: Detector,
  measure: string | null,
  estimates: readonly Counted[],
  tail: Tail,
  before: readonly (readonly Counted[])[] = [],
): Found[] {
  const enough = (year: readonly Counted[]) =>
    year.map((each) => (each.counted < FEWEST_PEOPLE ? { ...each, value: NaN } : each))
  return [...againstOthers(enough(estimates), before.map(enough))].flatMap((z, partner) =>
    Number.isNaN(z)
      ? []
      : [
          {
            detector,
            measure,
            partner,
            counted: estimates[partner]!.counted,
            value: estimates[partner]!.value,
            z,
            p: tail(z),
          },
        ],
  )
}

/** Mean per partner. Patients of one practice go together: a partner of one practice carries the variance between practices too. */
function meansOf(partner: Int32Array, practice: Int32Array, values: Float64Array, partners: number): Counted[] {
  const { contributions, mean, se, practiceVariance } = partnerMeansOf(partner, practice, values, partners)
  const practices = Array.from({ length: partners }, () => new Set<number>())
  partner.forEach((p, row) => practices[p]!.add(practice[row]!))
  return Array.from({ length: partners }, (_, p) => {
    const own = practices[p]!.size === 1 ? practiceVariance : 0
    return { counted: contributions[p]!, value: mean[p]!, se: Math.sqrt(squared(se[p]!) + own) }
  })
}

/** Mean of those flagged less the mean of the others, per partner; the spread of the whole region stands for each. */
function contrastOf(partner: Int32Array, values: Float64Array, flag: Uint8Array, partners: number): Counted[] {
  const sums = Array.from({ length: 2 * partners }, () => ({ count: 0, sum: 0, squares: 0 }))
  partner.forEach((p, row) => {
    if (Number.isNaN(values[row])) return
    const cell = sums[2 * p + flag[row]!]!
    cell.count++
    cell.sum += values[row]!
  })
  let [within, freedom] = [0, 0]
  partner.forEach((p, row) => {
    const cell = sums[2 * p + flag[row]!]!
    if (!Number.isNaN(values[row])) within += squared(values[row]! - cell.sum / cell.count)
  })
  for (const { count } of sums) freedom += Math.max(0, count - 1)
  return Array.from({ length: partners }, (_, p) => {
    const [others, flagged] = [sums[2 * p]!, sums[2 * p + 1]!]
    return {
      counted: Math.min(others.count, flagged.count),
      value: flagged.sum / flagged.count - others.sum / others.count,
      se: Math.sqrt((within / freedom) * (1 / flagged.count + 1 / others.count)),
    }
  })
}

const lessThan = (one: Counted, other: Counted): Counted => ({
  counted: Math.min(one.counted, other.counted),
  value: one.value - other.value,
  se: Math.hypot(one.se, other.se),
})

function digitSignals({ measure, digits }: Signs['outcomes'][number]): Found[] {
  const step = stepOf(digits.flatMap(({ now, before }) => [now, before]))
  return digits.flatMap(({ now, before }, partner) => {
    const test = digitTest(now, before, step)
    if (!test) return []
    const counted = Math.min(now.readings, before.readings)
    return [
      {
        detector: 'digit_preference' as const,
        measure,
        partner,
        counted,
        value: test.chiSquare,
        z: quantileOf(test.p),
        p: test.p,
      },
    ]
  })
}

/** The z that a one-sided p belongs to, for the picture alone; by halving. */
function quantileOf(p: number): number {
  let [low, high] = [-8, 8]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function corrected(tests: readonly Found[]): Signal[] {
  const adjusted = holmAdjusted(tests.map(({ p }) => p))
  return tests.map((test, at) => ({ ...test, adjusted: adjusted[at]!, standsOut: adjusted[at]! <= LEVEL }))
}
