/** From features to the terms of a linear predictor: standardised, with indicators of missing values, and hinges where effects are non-linear. */
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'

/** Terms are penalised by group: the measure's own history, other features, and hinges. */
export const TERM_GROUPS = ['own', 'other', 'bend'] as const
export type TermGroup = (typeof TERM_GROUPS)[number]

/** One term of a linear predictor over features x:
 *  value: (x - centre) / scale, 0 if missing; missing: 1 if x is missing, else 0, less its mean;
 *  hinge: (max(0, x - knot) - centre) / scale; certain: (certainty * (x - knot) - centre) / scale, knot = the mean target. */
export interface Term {
  readonly kind: 'value' | 'missing' | 'hinge' | 'certain'
  readonly feature: string
  /** of `certain`: the feature with the certainty of the other */
  readonly certainty?: string
  readonly knot: number
  /** the training range of x; values beyond it are clamped, to prevent extrapolation */
  readonly range: readonly [number, number]
  readonly centre: number
  readonly scale: number
  readonly group: TermGroup
}

/** Features with hinges, and the quantiles of the knots. */
const bending = ['prediction', 'own.last', 'own.level_ever', 'own.level_year', 'own.gap', 'age']
const knotQuantiles = [0.1, 0.35, 0.65, 0.9]
/** A flag or a gap that fewer rows than this have is no term: its coefficient could not be estimated. */
const leastRows = 12
const leastShare = 0.002

/** The terms that the rows `use` of the table carry: constant and duplicate columns have none.
 *  @param meanTarget the mean target of those rows, towards which an uncertain level is shrunk */
export function termsOf(table: FeatureTable, use: Int32Array, meanTarget: number): Term[] {
  const terms: Term[] = []
  const gaps = new Set<string>()
  const enough = Math.max(leastRows, leastShare * use.length)
  table.names.forEach((feature, k) => {
    const column = valuesAt(table.columns[k]!, use)
    const known = knownOf(column)
    const group: TermGroup = feature.startsWith('own.') ? 'own' : 'other'
    if (known.length < enough) return
    const add = (
      term: Pick<Term, 'kind' | 'group' | 'knot'>,
      values: ArrayLike<number> = column,
      certainty?: string,
    ): void => {
      const moments = momentsOf(term, values)
      // Beyond the range, x itself is what counts as its end.
      if (moments) terms.push({ ...term, feature, ...(certainty && { certainty }), range: rangeOf(known), ...moments })
    }
    if (!isRare(known, enough)) add({ kind: 'value', group, knot: 0 })
    if (column.length - known.length >= enough) {
      const pattern = patternOf(column)
      if (!gaps.has(pattern)) add({ kind: 'missing', group, knot: 0 })
      gaps.add(pattern)
    }
    if (bending.includes(feature)) for (const knot of knotsOf(known)) add({ kind: 'hinge', group: 'bend', knot })
    const certainty = feature.replace('.level_', '.certainty_')
    if (certainty !== feature && table.names.includes(certainty)) {
      const belief = valuesAt(columnNamed(table, certainty), use)
      const drawn = Float64Array.from(column, (x, i) => belief[i]! * (x - meanTarget))
      add({ kind: 'certain', group, knot: meanTarget }, drawn, certainty)
    }
  })
  return terms
}

/** The terms over the rows, each term's values after the other's: [terms][rows]. Refuses a table without a feature that a term needs. */
export function termColumns(table: FeatureTable, terms: readonly Term[], rows?: Int32Array): Float64Array {
  const count = rows?.length ?? table.rows
  const out = new Float64Array(count * terms.length)
  terms.forEach((term, j) => writeTerm(table, term, rows, out.subarray(j * count, (j + 1) * count)))
  return out
}

/** One term over the rows, standardised, 0 where it is not known. */
export function writeTerm(table: FeatureTable, term: Term, rows: Int32Array | undefined, out: Float64Array): void {
  const { kind, knot, centre, scale } = term
  const [low, high] = term.range
  const column = columnNamed(table, term.feature)
  const certainty = term.certainty ? columnNamed(table, term.certainty) : null
  const count = out.length
  if (kind === 'missing') {
    const [known, gap] = [(0 - centre) / scale, (1 - centre) / scale]
    for (let i = 0; i < count; i++) out[i] = Number.isNaN(column[rows ? rows[i]! : i]!) ? gap : known
    return
  }
  const least = kind === 'hinge' ? 0 : -Infinity
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i
    const x = column[row]!
    // What is missing is neither below nor above, and stays missing until the end.
    const from = (x < low ? low : x > high ? high : x) - knot
    const bent = from < least ? least : from
    const z = ((certainty ? bent * certainty[row]! : bent) - centre) / scale
    out[i] = Number.isNaN(z) ? 0 : z
  }
}

// Terms by the dozen ask the same few tables for their columns.
const placesByNames = new WeakMap<readonly string[], ReadonlyMap<string, number>>()

function placeOf(names: readonly string[], name: string): number {
  const known = placesByNames.get(names) ?? new Map(names.map((each, k) => [each, k]))
  placesByNames.set(names, known)
  return known.get(name) ?? -1
}

export function columnNamed(table: FeatureTable, name: string): Float32Array {
  const column = table.columns[placeOf(table.names, name)]
  if (!column)
    throw new Refusal('feature_missing', `The model looks at ${name}, which these data do not have.`, { name })
  return column
}

function valuesAt(column: Float32Array, rows: Int32Array): Float32Array {
  const values = new Float32Array(rows.length)
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]!]!
  return values
}

function knownOf(column: Float32Array): Float32Array {
  const known = new Float32Array(column.length)
  let size = 0
  for (let i = 0; i < column.length; i++) if (!Number.isNaN(column[i]!)) known[size++] = column[i]!
  return size === column.length ? column : known.subarray(0, size)
}

function rangeOf(known: Float32Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < known.length; i++) {
    if (known[i]! < low) low = known[i]!
    if (known[i]! > high) high = known[i]!
  }
  return [low, high]
}

/** Centre and scale over the rows that have the value; null if it does not vary. */
function momentsOf(
  { kind, knot }: Pick<Term, 'kind' | 'knot'>,
  values: ArrayLike<number>,
): Pick<Term, 'centre' | 'scale'> | null {
  let [count, sum, squares] = [0, 0, 0]
  let shift = NaN
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!
    const raw = kind === 'missing' ? (Number.isNaN(x) ? 1 : 0) : kind === 'hinge' ? Math.max(0, x - knot) : x
    if (Number.isNaN(raw)) continue
    if (count === 0) shift = raw
    count++
    sum += raw - shift
    squares += (raw - shift) * (raw - shift)
  }
  const variance = squares / count - (sum / count) ** 2
  // Below this a column is constant but for rounding.
  if (!(variance > 1e-12 * (1 + shift * shift))) return null
  return { centre: shift + sum / count, scale: Math.sqrt(variance) }
}

/** A flag that hardly anybody has, or hardly anybody lacks. */
function isRare(known: Float32Array, enough: number): boolean {
  const first = known[0]!
  let second = NaN
  let others = 0
  for (let i = 0; i < known.length; i++) {
    const x = known[i]!
    if (x === first) continue
    others++
    if (Number.isNaN(second)) second = x
    else if (x !== second && others >= enough) return false
  }
  return others < enough || known.length - others < enough
}

/** Knots are read from at most so many values. */
const knotRows = 4000

function knotsOf(known: Float32Array): number[] {
  const step = Math.ceil(known.length / knotRows)
  const sorted = known.filter((_, i) => i % step === 0).sort()
  const knots = knotQuantiles.map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!)
  const last = sorted[sorted.length - 1]!
  return knots.filter((knot, i) => knots.indexOf(knot) === i && knot < last)
}

/** Which rows lack the value, in 52 bits: columns with one pattern need one term. */
function patternOf(column: Float32Array): string {
  let [a, b] = [17, 31]
  for (let i = 0; i < column.length; i++) {
    const bit = Number.isNaN(column[i]!) ? 1 : 0
    a = Math.imul(a, 0x01000193) ^ bit
    b = Math.imul(b, 0x5bd1e995) ^ (bit + 1)
  }
  return `${a}.${b}`
}
