/** The explanation of an expectation: contributions that add up to it exactly, in the measure's unit. */
import type { LandmarkRows } from '../../engine/panel/landmarks.ts'
import type { Panel } from '../../engine/panel/panel.ts'
import { windowOf, type FeatureTable } from '../../engine/panel/window.ts'
import { unpack, type Packed } from '../sample/bytes.ts'
import type { Attribute, Attribution } from './attribution.ts'
import { attributionOf } from './families.ts'
import { BOUNDS, groupOf, OWN_GROUPS, PERSON_GROUPS, phraseOf } from './words.ts'
import { loadExpecter } from '../predictive/expecter.ts'
import { rowsWhere, tableRows } from '../sample/rows.ts'

/** Per row: mean = reference + the sum of contributions, to rounding. All columns [rows], in the measure's unit. */
export interface Explanations {
  /** the mean of the predictive distribution */
  readonly mean: Float64Array
  /** the reference prediction: near the mean of the training targets */
  readonly reference: Float64Array
  /** by group of features (explanation-words.ts): the own history first, then the person, then other measures by key */
  readonly contributions: ReadonlyMap<string, Float64Array>
  /** 'own level +6.1, rising +1.2, age -0.4': the largest first, with so many decimals; contributions that round to zero are summed as 'other' */
  readonly inWords: (row: number, decimals?: number) => string
}

export interface Explainer {
  readonly folds: number
  /** Explains what `loadExpecter(bytes).predict` predicts of the same rows by the same models. */
  explain(panel: Panel, rows: LandmarkRows, model: ArrayLike<number>): Explanations
  /** The same from features already computed. */
  explainTable(table: FeatureTable, model: ArrayLike<number>): Explanations
}

/** The blend is a weighted sum of families, a family a mean of units, a unit a sum over features: so is the blend. The remainder is
 *  the effect of truncation to the plausible range. Milliseconds a row: for single rows on request. */
export function loadExplainer(bytes: Uint8Array): Explainer {
  const blend = blendIn(bytes)
  const expecter = loadExpecter(bytes)
  const explainTable = (table: FeatureTable, model: ArrayLike<number>): Explanations =>
    explanationsOf(blend, table, model, expecter.predictTable(table, model).mean)
  return {
    folds: expecter.folds,
    explain: (panel, rows, model) => explainTable(windowOf(panel, expecter.spec.measure, rows), model),
    explainTable,
  }
}

interface Blend {
  readonly families: readonly { readonly name: string; readonly members: readonly (readonly number[])[] }[]
  /** [folds + 1][families] */
  readonly weights: readonly (readonly number[])[]
  /** [folds + 1], added to the weighted sums */
  readonly constants: readonly number[]
  readonly attributionOf: (family: string, unit: number) => Attribute
}

/** The parts of a frozen model, as artefact.ts packed them; each is unpacked on first use. */
function blendIn(bytes: Uint8Array): Blend {
  const { meta, arrays } = unpack(bytes)
  const parts = meta.parts as Record<string, Packed['meta']>
  const unitOf = (name: string): Packed => ({
    meta: parts[name] ?? {},
    arrays: Object.fromEntries(
      Object.entries(arrays)
        .filter(([key]) => key.startsWith(`${name}/`))
        .map(([key, column]) => [key.slice(name.length + 1), column]),
    ),
  })
  const ready = new Map<string, Attribute>()
  // as `packArtefact` wrote them
  const [families, weights] = [meta.families, meta.weights] as unknown as [Blend['families'], Blend['weights']]
  return {
    families,
    weights,
    constants: (meta.constants as number[] | undefined) ?? weights.map(() => 0),
    attributionOf(family, unit) {
      const name = `${family}.${unit}`
      const attribute = ready.get(name) ?? attributionOf(family, unitOf(name))
      ready.set(name, attribute)
      return attribute
    },
  }
}

function explanationsOf(blend: Blend, table: FeatureTable, model: ArrayLike<number>, mean: Float64Array): Explanations {
  const reference = new Float64Array(table.rows)
  const groups = new Map<string, Float64Array>()
  const columnOf = (group: string): Float64Array => {
    const column = groups.get(group) ?? new Float64Array(table.rows)
    groups.set(group, column)
    return column
  }
  // The usual groups are always present, in the order in which they are reported.
  for (const group of [...OWN_GROUPS, ...PERSON_GROUPS]) columnOf(group)
  blend.weights.forEach((weights, outer) => {
    const rows = rowsWhere(table.rows, (row) => model[row] === outer)
    if (rows.length === 0) return
    for (const row of rows) reference[row]! += blend.constants[outer]!
    for (const [share, { base, by }] of partsOf(blend, weights, outer, tableRows(table, rows))) {
      for (const row of rows) reference[row]! += share * base
      for (const [feature, column] of by) addAt(columnOf(groupOf(feature)), rows, share, column)
    }
  })
  const centre = reference.map((start, row) => [...groups.values()].reduce((sum, column) => sum + column[row]!, start))
  const cut = mean.map((y, row) => y - centre[row]!)
  if (cut.some((y) => Math.abs(y) > rounding)) groups.set(BOUNDS, cut)
  return {
    mean,
    reference,
    contributions: groups,
    inWords: (row, decimals = 1) => inWords(groups, table, row, decimals),
  }
}

/** Sums in another order differ by this at most, in units far below any that is written. */
const rounding = 1e-7

/** The units of model `outer` with their weight in it. */
function* partsOf(
  blend: Blend,
  weights: readonly number[],
  outer: number,
  table: FeatureTable,
): Generator<[number, Attribution]> {
  for (const [k, { name, members }] of blend.families.entries()) {
    if (!(weights[k]! > 0)) continue
    const bag = members[outer]!
    for (const unit of bag) yield [weights[k]! / bag.length, blend.attributionOf(name, unit)(table)]
  }
}

function addAt(sum: Float64Array, rows: Int32Array, share: number, column: Float64Array): void {
  for (let i = 0; i < rows.length; i++) sum[rows[i]!]! += share * column[i]!
}

function inWords(
  groups: ReadonlyMap<string, Float64Array>,
  table: FeatureTable,
  row: number,
  decimals: number,
): string {
  const least = 0.5 * 10 ** -decimals
  const all = [...groups].map(([group, column]) => ({ group, value: column[row]! }))
  const large = all.filter(({ value }) => Math.abs(value) >= least)
  large.sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
  const other = all.reduce((sum, { value }) => sum + (Math.abs(value) < least ? value : 0), 0)
  const parts = large.map(({ group, value }) => `${phraseOf(group, table, row)} ${signed(value, decimals)}`)
  if (Math.abs(other) >= least) parts.push(`other ${signed(other, decimals)}`)
  return parts.join(', ')
}

const signed = (value: number, decimals: number): string =>
  `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(decimals)}`
