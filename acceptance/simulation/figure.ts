/** A figure with its Monte-Carlo error, and the verdict on it. */

/** A mean over regions: partners of one region share its controls, so regions are what is independent. */
export class Tally {
  private number = 0
  private sum = 0
  private squares = 0

  add(value: number): void {
    this.number++
    this.sum += value
    this.squares += value * value
  }

  /** Monte-Carlo error for a share; where all regions agree nothing is known of it but what so few regions leave open */
  get shareSe(): number {
    return this.se > 0 ? this.se : Math.sqrt(0.25 / this.number)
  }

  get mean(): number {
    return this.sum / this.number
  }

  /** Monte-Carlo standard error of the mean */
  get se(): number {
    const variance = (this.squares - this.sum * this.mean) / (this.number - 1)
    return Math.sqrt(Math.max(0, variance) / this.number)
  }
}

export const meanOf = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

/** A row of the table. */
export interface Row {
  /** row of method.md 8 */
  readonly property: string
  /** failure modes of the list T1 to T26 that it also answers */
  readonly tests: string
  readonly regime: string
  /** rows of one family are one row of the short table */
  readonly family?: string
  readonly limit: string
  readonly figure: string
  /** Monte-Carlo standard error; empty where nothing is left to chance */
  readonly error: string
  /** null: reported, as the method sets no limit */
  readonly holds: boolean | null
  /** how far the figure lies beyond its limit in Monte-Carlo errors, without any grace; 0 where it does not */
  readonly excess: number
  /** why a reported row is not judged */
  readonly because?: string
}

/** What a row is about. */
export type RowHead = Pick<Row, 'property' | 'tests' | 'regime' | 'family'>

/** @param beyond how far a figure lies past its limit, in its own unit */
const excessOf = (beyond: number, se: number): number => (beyond > 0 ? beyond / se : 0)

export const percent = (share: number): string => `${(100 * share).toFixed(1)}%`

/** A share of at most `limit`, without grace for chance. */
export const atMost = (reported: RowHead, tally: Tally, limit: number): Row => ({
  ...reported,
  limit: `<= ${percent(limit)}`,
  figure: percent(tally.mean),
  error: percent(tally.se),
  holds: tally.mean <= limit,
  excess: excessOf(tally.mean - limit, tally.shareSe),
})

/** A share of at least `limit`, without grace for chance. */
export const atLeast = (reported: RowHead, tally: Tally, limit: number): Row => ({
  ...reported,
  limit: `>= ${percent(limit)}`,
  figure: percent(tally.mean),
  error: percent(tally.se),
  holds: tally.mean >= limit,
  excess: excessOf(limit - tally.mean, tally.shareSe),
})

/** A share within two limits, each moved out by two Monte-Carlo errors. */
export const between = (reported: RowHead, tally: Tally, low: number, high: number): Row => ({
  ...reported,
  limit: `${percent(low)} to ${percent(high)}, ± 2 MC se`,
  figure: percent(tally.mean),
  error: percent(tally.se),
  holds: tally.mean >= low - 2 * tally.se && tally.mean <= high + 2 * tally.se,
  excess: excessOf(Math.max(low - tally.mean, tally.mean - high), tally.shareSe),
})

/** A mean that lies within two Monte-Carlo errors of nothing. */
export const nothing = (reported: RowHead, tally: Tally, unit: string, digits = 4): Row => ({
  ...reported,
  limit: 'within 2 MC se of 0',
  figure: `${tally.mean.toFixed(digits)} ${unit}`,
  error: tally.se.toFixed(digits),
  holds: Math.abs(tally.mean) <= 2 * tally.se,
  excess: Math.abs(tally.mean) / tally.se,
})

/** A mean of at most `limit` in size, without grace for chance. */
export const small = (reported: RowHead, tally: Tally, limit: number, unit: string, digits = 4): Row => ({
  ...reported,
  limit: `within ± ${limit} ${unit}`,
  figure: `${tally.mean.toFixed(digits)} ${unit}`,
  error: tally.se.toFixed(digits),
  holds: Math.abs(tally.mean) <= limit,
  excess: excessOf(Math.abs(tally.mean) - limit, tally.se),
})

/** A number that nothing is left to chance in. */
export const exactly = (reported: RowHead, figure: number, wanted: number, unit: string): Row => ({
  ...reported,
  limit: `${wanted} ${unit}`,
  figure: `${figure} ${unit}`,
  error: '',
  holds: figure === wanted,
  excess: figure === wanted ? 0 : Infinity,
})

/** A figure that is reported and not judged, and why. */
export const reported = (row: RowHead, figure: string, error: string, because: string): Row => ({
  ...row,
  limit: '–',
  figure,
  error,
  holds: null,
  excess: 0,
  because,
})

/** A row reported without its verdict, and why: the limit does not apply there. */
export const unjudged = (row: Row, because: string): Row => ({ ...row, holds: null, because })
