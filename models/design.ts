/** From features to the terms of a linear predictor: standardised, missing made explicit, bent where things bend. */
import { Refusal } from '../engine/refusal.ts'
import type { FeatureTable } from '../engine/window.ts'
import { rowsWhere } from './rows.ts'

/** Terms are penalised by group: what the measure says of itself, what else is known, and bends. */
export const TERM_GROUPS = ['own', 'other', 'bend'] as const
export type TermGroup = (typeof TERM_GROUPS)[number]

/** One term of a linear predictor over features x:
 *  value: (x - centre) / scale, 0 if missing; missing: 1 if x is missing, else 0, less its mean;
 *  hinge: (max(0, x - knot) - centre) / scale; certain: (certainty * (x - knot) - centre) / scale, knot = the mean target. */
export interface Term {
  readonly kind: 'value' | 'missing' | 'hinge' | 'certain'
  readonly feature: string
  /** of `certain`: the feature that says how far the other is to be believed */
  readonly certainty?: string
  readonly knot: number
  /** the range of x that was learned from; beyond it x counts as its end, since a line goes on for ever and people do not */
  readonly range: readonly [number, number]
  readonly centre: number
  readonly scale: number
  readonly group: TermGroup
}

/** Features that bend: their hinges stand at these quantiles. */
const bending = ['prediction', 'own.last', 'own.level_ever', 'own.level_year', 'own.gap', 'age']
const knotQuantiles = [0.1, 0.35, 0.65, 0.9]
/** A flag or a gap that fewer rows than this have is no term: nothing could be learned from it. */
const leastRows = 12
const leastShare = 0.002

/** The terms that the rows `use` of the table carry: constant and duplicate columns have none.
 *  @param meanTarget the mean target of those rows, towards which a doubtful level is drawn */
export function termsOf(table: FeatureTable, use: Int32Array, meanTarget: number): Term[] {
  const terms: Term[] = []
  const gaps = new Set<string>()
  table.names.forEach((feature, k) => {
    const column = table.columns[k]!
    const group: TermGroup = feature.startsWith('own.') ? 'own' : 'other'
    const known = rowsWhere(use.length, (i) => !Number.isNaN(column[use[i]!]!)).map((i) => use[i]!)
    const enough = Math.max(leastRows, leastShare * use.length)
    if (known.length < enough) return
    const add = (term: Pick<Term, 'kind' | 'group' | 'knot'> & { certainty?: string }): void => {
      const made = standardised({ ...term, feature }, table, use)
      if (made) terms.push(made)
    }
    if (!isRare(column, known, enough)) add({ kind: 'value', group, knot: 0 })
    if (use.length - known.length >= enough) {
      const pattern = patternOf(column, use)
      if (!gaps.has(pattern)) add({ kind: 'missing', group, knot: 0 })
      gaps.add(pattern)
    }
    if (bending.includes(feature))
      for (const knot of knotsOf(column, known)) add({ kind: 'hinge', group: 'bend', knot })
    const certainty = feature.replace('.level_', '.certainty_')
    if (certainty !== feature && table.names.includes(certainty))
      add({ kind: 'certain', group, knot: meanTarget, certainty })
  })
  return terms
}

/** The terms as row-major values over the rows: [rows, terms]. Refuses a table without a feature that a term needs. */
export function designOf(table: FeatureTable, terms: readonly Term[], rows?: Int32Array): Float64Array {
  const count = rows?.length ?? table.rows
  const width = terms.length
  const out = new Float64Array(count * width)
  terms.forEach((term, j) => {
    const [x, certainty] = [columnNamed(table, term.feature), term.certainty && columnNamed(table, term.certainty)]
    for (let i = 0; i < count; i++) {
      const row = rows ? rows[i]! : i
      const raw = rawValue(term, clamped(x[row]!, term.range), certainty ? certainty[row]! : 1)
      out[i * width + j] = Number.isNaN(raw) ? 0 : (raw - term.centre) / term.scale
    }
  })
  return out
}

export function columnNamed(table: FeatureTable, name: string): Float32Array {
  const column = table.columns[table.names.indexOf(name)]
  if (!column)
    throw new Refusal('feature_missing', `The model looks at ${name}, which these data do not have.`, { name })
  return column
}

function rawValue(term: Pick<Term, 'kind' | 'knot'>, x: number, certainty: number): number {
  if (term.kind === 'missing') return Number.isNaN(x) ? 1 : 0
  if (term.kind === 'hinge') return Math.max(0, x - term.knot)
  if (term.kind === 'certain') return certainty * (x - term.knot)
  return x
}

const clamped = (x: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, x))

type Bare = Pick<Term, 'kind' | 'group' | 'knot' | 'feature'> & { certainty?: string }

/** Centre and scale over the rows that have the value; null if it does not vary. */
function standardised(bare: Bare, table: FeatureTable, use: Int32Array): Term | null {
  const x = columnNamed(table, bare.feature)
  const certainty = bare.certainty ? columnNamed(table, bare.certainty) : null
  let [count, sum, squares] = [0, 0, 0]
  let shift = NaN
  let [low, high] = [Infinity, -Infinity]
  for (const row of use) {
    // NaN is neither below nor above.
    if (x[row]! < low) low = x[row]!
    if (x[row]! > high) high = x[row]!
    const raw = rawValue(bare, x[row]!, certainty ? certainty[row]! : 1)
    if (Number.isNaN(raw)) continue
    if (count === 0) shift = raw
    count++
    sum += raw - shift
    squares += (raw - shift) ** 2
  }
  const variance = squares / count - (sum / count) ** 2
  // Below this a column is constant but for rounding.
  if (!(variance > 1e-12 * (1 + shift * shift))) return null
  return { ...bare, range: [low, high], centre: shift + sum / count, scale: Math.sqrt(variance) }
}

/** A flag that hardly anybody has, or hardly anybody lacks. */
function isRare(column: Float32Array, known: Int32Array, enough: number): boolean {
  const first = column[known[0]!]!
  let second = NaN
  let others = 0
  for (const row of known) {
    const x = column[row]!
    if (x === first) continue
    others++
    if (Number.isNaN(second)) second = x
    else if (x !== second && others >= enough) return false
  }
  return others < enough || known.length - others < enough
}

function knotsOf(column: Float32Array, known: Int32Array): number[] {
  const sorted = Float32Array.from(known, (row) => column[row]!).sort()
  const knots = knotQuantiles.map((q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!)
  const last = sorted[sorted.length - 1]!
  return knots.filter((knot, i) => knots.indexOf(knot) === i && knot < last)
}

/** Which rows lack the value, in 52 bits: columns with one pattern need one term. */
function patternOf(column: Float32Array, use: Int32Array): string {
  let [a, b] = [17, 31]
  for (const row of use) {
    const bit = Number.isNaN(column[row]!) ? 1 : 0
    a = Math.imul(a, 0x01000193) ^ bit
    b = Math.imul(b, 0x5bd1e995) ^ (bit + 1)
  }
  return `${a}.${b}`
}
