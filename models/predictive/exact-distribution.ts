/** Predictive distributions on the values that a measure can have: every level laid out, rounded to the step and kept within the range, so
 *  that each end has its mass, and shifted so that the mean is the one that was foretold. */
import type { Between, PredictiveDistribution, ValueFunction } from './distribution.ts'
import { fromScale, possible, type LogOffset, type Support } from './support.ts'

/** LEVELS equally likely values: the possible value nearest to fromScale(centre + scale x z). Reused from row to row. */
export class ExactDistribution implements PredictiveDistribution {
  private readonly values: Float64Array

  constructor(
    private readonly support: Support,
    private readonly offset: LogOffset,
    levels: number,
  ) {
    this.values = new Float64Array(levels)
  }

  /** @param centre on the scale of errors, as `matchedCentre` found it */
  set({ lower, upper }: Between, share: number, centre: number, scale: number): void {
    const { values, support, offset } = this
    for (let k = 0; k < values.length; k++) {
      const z = lower[k]! + share * (upper[k]! - lower[k]!)
      values[k] = possible(fromScale(centre + scale * z, support, offset), support)
    }
  }

  quantile(k: number): number {
    return this.values[k]!
  }

  mean(): number {
    return sumOf(this.values) / this.values.length
  }

  sd(): number {
    const mean = this.mean()
    let squares = 0
    for (const y of this.values) squares += (y - mean) ** 2
    return Math.sqrt(squares / this.values.length)
  }

  /** E[h(Y)] = sum of mass x h, over the distinct values. */
  expected(h: ValueFunction): number {
    const { values } = this
    let sum = 0
    for (let from = 0, to = 0; from < values.length; from = to) {
      while (to < values.length && values[to] === values[from]) to++
      sum += (to - from) * h(values[from]!)
    }
    return sum / values.length
  }

  levelsBelow(y: number): number {
    const from = y - rounding * this.support.step
    let count = 0
    while (count < this.values.length && this.values[count]! < from) count++
    return count
  }

  levelsThrough(y: number): number {
    const to = y + rounding * this.support.step
    let count = this.levelsBelow(y)
    while (count < this.values.length && this.values[count]! <= to) count++
    return count
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (const y of values) sum += y
  return sum
}

/** Decimals and conversions are off by less, in steps. */
const rounding = 1e-6
