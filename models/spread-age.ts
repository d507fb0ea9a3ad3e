/** How much wider or narrower the interval has to be at an age than the spread says, from predictions for people unseen. */
import { inParts, type Parts } from './parts.ts'

/** Factors on the scale at ages (years, ascending), linear between, level outside, so that nobody's interval jumps on a birthday. */
export interface AgeWidths {
  readonly ages: readonly number[]
  readonly factors: readonly number[]
}

export const everyAgeAlike: AgeWidths = { ages: [], factors: [] }

/** By age group, the factor at which the 90% interval covers 90% of the group, at p (n + 1) as split conformal does; drawn towards 1 as if
 *  `doubt` further people had needed none.
 *  @param needed [rows] the least factor at which each row's interval holds its result; NaN where it has none */
export function fitAgeWidths(
  rows: Int32Array,
  age: Float32Array,
  needed: Float64Array,
  { least, most }: Parts,
): AgeWidths {
  const known = rows.filter((row) => !Number.isNaN(needed[row]!) && !Number.isNaN(age[row]!))
  if (known.length < 2 * least) return everyAgeAlike
  const groups = inParts(known, age, { least, most })
  return {
    ages: groups.map((group) => age[group[group.length >> 1]!]!),
    factors: groups.map((group) => {
      const sorted = Float64Array.from(group, (row) => needed[row]!).sort()
      const at = Math.min(sorted.length, Math.ceil(cover * (sorted.length + 1))) - 1
      return 1 + ((sorted[at]! - 1) * sorted.length) / (sorted.length + doubt)
    }),
  }
}

const cover = 0.9
const doubt = 400

/** The factor at an age in years. */
export function widthAtAge({ ages, factors }: AgeWidths, age: number): number {
  const last = ages.length - 1
  if (last < 0) return 1
  if (!(age > ages[0]!)) return factors[0]!
  if (age >= ages[last]!) return factors[last]!
  const next = ages.findIndex((x) => x > age)
  const share = (age - ages[next - 1]!) / (ages[next]! - ages[next - 1]!)
  return factors[next - 1]! + share * (factors[next]! - factors[next - 1]!)
}
