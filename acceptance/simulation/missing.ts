/** Outcomes missing at random given deprivation, baseline and interim readings. */
import { randomOf } from '../../engine/kernel/random.ts'
import { RESIDUAL_SD } from './patients.ts'

const OF_DEPRIVATION = -0.5
const OF_LAST = -0.4 / RESIDUAL_SD
const OF_INTERIM = -0.9 / RESIDUAL_SD
const NOT_READ_IN_BETWEEN = -0.3

/** The logit of being measured; null without missing outcomes. */
export type MeasuredLogit = (deprivation: number, lastLessExpected: number, interimLessExpected: number) => number

const known = new Map<number, MeasuredLogit>()

/** @param share of outcomes that go missing, over patients with readings as in patients.ts */
export function measuredLogitOf(share: number): MeasuredLogit | null {
  if (share === 0) return null
  const found = known.get(share)
  if (found) return found
  const dice = randomOf(8, 19)
  const people = Array.from({ length: 20_000 }, () =>
    logitOf(dice.normal(), 3.5 * dice.normal(), dice.uniform() < 0.8 ? 5.2 * dice.normal() : NaN),
  )
  const constant = rootOf((c) => people.reduce((sum, logit) => sum + chance(-(c + logit)), 0) / people.length - share)
  const logit: MeasuredLogit = (deprivation, last, interim) => constant + logitOf(deprivation, last, interim)
  known.set(share, logit)
  return logit
}

const logitOf: MeasuredLogit = (deprivation, last, interim) =>
  OF_DEPRIVATION * deprivation + OF_LAST * last + (Number.isNaN(interim) ? NOT_READ_IN_BETWEEN : OF_INTERIM * interim)

export const chance = (logit: number): number => 1 / (1 + Math.exp(-logit))

/** Where a falling function passes zero, between -12 and 12. */
export function rootOf(falling: (x: number) => number): number {
  let [low, high] = [-12, 12]
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (falling(middle) > 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
