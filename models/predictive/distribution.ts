/** Predictive distributions by their moments: centre + scale x shape truncated to the plausible range, without materialising all levels. */
import { LEVELS, type Dispersion } from './dispersion.ts'

/** A function of the measured value; with `bends` it is continuous, and a line before, between and after them (ascending). */
export type ValueFunction = ((y: number) => number) & { readonly bends?: readonly number[] }

/** Levels of z between two shapes: z[k] = lower[k] + share x (upper[k] - lower[k]), ascending. `first[k]`, `step[k]`, `square[k]`, `cross[k]`,
 *  `stepSquare[k]`: sums over the levels before k of lower, step, lower^2, lower x step and step^2, so that sums over any stretch of levels
 *  take one subtraction. */
export interface Between {
  readonly lower: Float64Array
  readonly upper: Float64Array
  readonly first: Float64Array
  readonly step: Float64Array
  readonly square: Float64Array
  readonly cross: Float64Array
  readonly stepSquare: Float64Array
}

/** By the lower of two neighbouring shapes. */
export const betweenShapes = ({ shapes }: Pick<Dispersion, 'shapes'>): readonly Between[] =>
  shapes.map((lower, at) => sumsBetween(lower, shapes[Math.min(at + 1, shapes.length - 1)]!))

function sumsBetween(lower: Float64Array, upper: Float64Array): Between {
  const sums = () => new Float64Array(LEVELS + 1)
  const of: Between = { lower, upper, first: sums(), step: sums(), square: sums(), cross: sums(), stepSquare: sums() }
  for (let k = 0; k < LEVELS; k++) {
    const [low, step] = [lower[k]!, upper[k]! - lower[k]!]
    of.first[k + 1] = of.first[k]! + low
    of.step[k + 1] = of.step[k]! + step
    of.square[k + 1] = of.square[k]! + low * low
    of.cross[k + 1] = of.cross[k]! + low * step
    of.stepSquare[k + 1] = of.stepSquare[k]! + step * step
  }
  return of
}

/** What is asked of a distribution of LEVELS equally likely values, ascending. */
export interface PredictiveDistribution {
  set(between: Between, share: number, centre: number, scale: number): void
  /** the value at a level, 0 .. LEVELS - 1 */
  quantile(k: number): number
  mean(): number
  sd(): number
  expected(h: ValueFunction): number
  /** how many levels have a value below y; how many one up to and including y */
  levelsBelow(y: number): number
  levelsThrough(y: number): number
}

/** One distribution: LEVELS equally likely values centre + scale x z, kept within [low, high]. Reused from row to row. */
export class Distribution implements PredictiveDistribution {
  private between!: Between
  private share = 0
  private centre = 0
  private scale = 0
  /** levels below `under` are taken for the lowest plausible value, those from `over` on for the highest */
  private under = 0
  private over = LEVELS

  constructor(private readonly plausible: readonly [low: number, high: number]) {}

  set(between: Between, share: number, centre: number, scale: number): void {
    this.between = between
    this.share = share
    this.centre = centre
    this.scale = scale
    const [low, high] = this.plausible
    this.under = this.valueAt(0) >= low ? 0 : this.untruncatedBelow(low)
    this.over = this.valueAt(LEVELS - 1) <= high ? LEVELS : this.untruncatedBelow(high)
  }

  /** The value at a level, 0 .. LEVELS - 1. */
  quantile(k: number): number {
    const [low, high] = this.plausible
    return Math.min(high, Math.max(low, this.valueAt(k)))
  }

  mean(): number {
    return this.centre + this.deviations() / LEVELS
  }

  sd(): number {
    const { under, over, share, centre, scale } = this
    const { square, cross, stepSquare } = this.between
    const [low, high] = this.plausible
    const sum = (of: Float64Array) => of[over]! - of[under]!
    const squares = sum(square) + 2 * share * sum(cross) + share * share * sum(stepSquare)
    const outside = under * (low - centre) ** 2 + (LEVELS - over) * (high - centre) ** 2
    const about = this.deviations() / LEVELS
    return Math.sqrt(Math.max(0, (scale * scale * squares + outside) / LEVELS - about * about))
  }

  /** E[h(Y)]: where h is a line over a stretch of values, its mean there is its value at their mean. */
  expected(h: ValueFunction): number {
    const { bends } = h
    let sum = 0
    if (!bends) {
      for (let k = 0; k < LEVELS; k++) sum += h(this.quantile(k))
      return sum / LEVELS
    }
    const { under, over } = this
    if (under > 0) sum += under * h(this.plausible[0])
    if (over < LEVELS) sum += (LEVELS - over) * h(this.plausible[1])
    let from = under
    for (let b = 0; b <= bends.length && from < over; b++) {
      const to = b < bends.length ? Math.min(over, this.untruncatedBelow(bends[b]!)) : over
      if (to > from) sum += (to - from) * h(this.centre + (this.scale * this.sumOfZ(from, to)) / (to - from))
      from = Math.max(from, to)
    }
    return sum / LEVELS
  }

  private valueAt(k: number): number {
    const { lower, upper } = this.between
    return this.centre + this.scale * (lower[k]! + this.share * (upper[k]! - lower[k]!))
  }

  levelsBelow(y: number): number {
    const [low, high] = this.plausible
    return y <= low ? 0 : y > high ? LEVELS : this.untruncatedBelow(y)
  }

  levelsThrough(y: number): number {
    const [low, high] = this.plausible
    if (y < low) return 0
    if (y >= high) return LEVELS
    let count = Math.max(this.under, this.untruncatedBelow(y))
    while (count < LEVELS && this.valueAt(count) <= y) count++
    return count
  }

  /** How many levels have a value below the bound, were nothing cut off. */
  private untruncatedBelow(bound: number): number {
    let [from, to] = [0, LEVELS]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.valueAt(middle) < bound) from = middle + 1
      else to = middle
    }
    return from
  }

  private sumOfZ(from: number, to: number): number {
    const { first, step } = this.between
    return first[to]! - first[from]! + this.share * (step[to]! - step[from]!)
  }

  /** Sum of the values less the centre. */
  private deviations(): number {
    const { under, over, centre, scale } = this
    const [low, high] = this.plausible
    return under * (low - centre) + scale * this.sumOfZ(under, over) + (LEVELS - over) * (high - centre)
  }
}
