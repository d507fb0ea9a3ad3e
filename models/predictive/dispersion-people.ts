/** Width factors by age and sex on the dispersion, from held-out predictions. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import { inParts, type Parts } from '../sample/parts.ts'

/** Factors on the scale: at ages (years, ascending), linear between, level outside, so that intervals are continuous in age; and by sex. */
export interface WidthFactors {
  readonly ages: readonly number[]
  readonly byAge: readonly number[]
  readonly bySex: readonly [other: number, female: number]
}

export const noWidthFactors: WidthFactors = { ages: [], byAge: [], bySex: [1, 1] }

/** Age and sex of a table's rows: [rows] each; undefined where the table has no such column. */
export interface People {
  readonly age: Float32Array | undefined
  readonly female: Float32Array | undefined
}

export const peopleOf = ({ names, columns }: FeatureTable): People => ({
  age: columns[names.indexOf('age')],
  female: columns[names.indexOf('female')],
})

/** By group, the factor at which the 90% interval covers 90% of the group, at p (n + 1) as split conformal does; shrunk towards 1 as if
 *  `doubt` further rows had needed none. First by age, then by sex on what remains.
 *  @param required [rows] the least factor at which each row's interval holds its result; NaN where it has none  @param parts how small a group may be */
export function fitWidths(
  rows: Int32Array,
  { age, female }: People,
  required: Float64Array,
  parts: Parts,
): WidthFactors {
  const judged = rows.filter((row) => !Number.isNaN(required[row]!))
  const aged = age ? judged.filter((row) => !Number.isNaN(age[row]!)) : new Int32Array(0)
  const groups = age && aged.length >= 2 * parts.least ? inParts(aged, age, parts) : []
  const ages = {
    ages: groups.map((group) => age![group[group.length >> 1]!]!),
    byAge: groups.map((group) => factorOf(group, (row) => required[row]!)),
  }
  const left = (row: number): number => required[row]! / widthAtAge(ages, age?.[row] ?? NaN)
  const sexes = [0, 1].map((is) => judged.filter((row) => female !== undefined && Number(female[row] === 1) === is))
  const isSplit = sexes.every((group) => group.length >= parts.least)
  const [other, women] = sexes.map((group) => (isSplit ? factorOf(group, left) : 1))
  return { ...ages, bySex: [other!, women!] }
}

function factorOf(group: Int32Array, required: (row: number) => number): number {
  const sorted = Float64Array.from(group, required).sort()
  const at = Math.min(sorted.length, Math.ceil(cover * (sorted.length + 1))) - 1
  return 1 + ((sorted[at]! - 1) * sorted.length) / (sorted.length + doubt)
}

const cover = 0.9
const doubt = 200

/** The factor for each row of a table. */
export function widthsOf(widths: WidthFactors, { age, female }: People): (row: number) => number {
  const [other, women] = widths.bySex
  return (row) => widthAtAge(widths, age?.[row] ?? NaN) * (female?.[row] === 1 ? women : other)
}

function widthAtAge({ ages, byAge }: Pick<WidthFactors, 'ages' | 'byAge'>, age: number): number {
  const last = ages.length - 1
  if (last < 0) return 1
  if (!(age > ages[0]!)) return byAge[0]!
  if (age >= ages[last]!) return byAge[last]!
  const next = ages.findIndex((x) => x > age)
  const share = (age - ages[next - 1]!) / (ages[next]! - ages[next - 1]!)
  return byAge[next - 1]! + share * (byAge[next]! - byAge[next - 1]!)
}
