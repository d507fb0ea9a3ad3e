/** Contributions of features to a forest's prediction: exact Shapley values, leaf by leaf. */
import { columnOf, type Packed } from '../sample/bytes.ts'
import { columnNamed } from '../families/design.ts'
import type { Attribution } from './attribution.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'

/** The game of a tree: v(S) = its prediction when only the features in S are known; a split on another feature follows both branches, by the
 *  shares of rows that went there. A leaf's part of v(S) is a product over the features of its path (1 or 0 if known, their share
 *  if not), so that its Shapley values are sums over subsets of at most `depth` features
 *  (Lundberg et al. 2020, doi 10.1038/s42256-019-0138-9, path-dependent). */
export function treeAttribution(unit: Packed): (table: FeatureTable) => Attribution {
  const forest = pathsOf(unit)
  const names = unit.meta.names as string[]
  return (table) => {
    const columns = forest.used.map((k) => columnNamed(table, names[k]!))
    const sums = forest.used.map(() => new Float64Array(table.rows))
    const x = new Float32Array(columns.length)
    const added = new Float64Array(columns.length)
    const game: Game = {
      follows: new Float64Array(most),
      share: new Float64Array(most),
      chances: new Float64Array(most),
    }
    for (let row = 0; row < table.rows; row++) {
      for (let k = 0; k < x.length; k++) x[k] = columns[k]![row]!
      added.fill(0)
      for (let leaf = 0; leaf < forest.value.length; leaf++) addLeaf(forest, leaf, x, game, added)
      for (let k = 0; k < x.length; k++) sums[k]![row] = added[k]!
    }
    return { base: forest.base, by: new Map(forest.used.map((k, j) => [names[k]!, sums[j]!])) }
  }
}

/** The leaves of a forest with what it takes to get there: entries offsets[leaf] .. offsets[leaf + 1] are the path's features, each once. */
interface Paths {
  /** indices of the features that split */
  readonly used: readonly number[]
  /** the mean of the targets and the reference prediction of each tree */
  readonly base: number
  readonly value: Float64Array
  readonly offsets: Int32Array
  /** index in `used` */
  readonly place: Int32Array
  /** the path is followed by x above `low` (NaN: by any) and not above `high`; what is missing is not above anything */
  readonly low: Float64Array
  readonly high: Float64Array
  /** the share of training rows that follows the path at this split */
  readonly share: Float64Array
}

interface Step {
  readonly place: number
  readonly low: number
  readonly high: number
  readonly share: number
}

function pathsOf(unit: Packed): Paths {
  const feature = columnOf(unit, 'feature', 'i16')
  const threshold = columnOf(unit, 'threshold', 'f32')
  const [left, value] = [columnOf(unit, 'left', 'i32'), columnOf(unit, 'value', 'f64')]
  const used = [...new Set(feature)].filter((k) => k >= 0).sort((a, b) => a - b)
  const leaves: { value: number; path: readonly Step[] }[] = []
  const walk = (node: number, path: readonly Step[]): void => {
    if (feature[node]! < 0) {
      leaves.push({ value: value[node]!, path })
      return
    }
    const [low, high] = [left[node]!, left[node]! + 1]
    const share = leftShare(value[node]!, value[low]!, value[high]!)
    const place = used.indexOf(feature[node]!)
    walk(low, joined(path, { place, low: NaN, high: threshold[node]!, share }))
    walk(high, joined(path, { place, low: threshold[node]!, high: Infinity, share: 1 - share }))
  }
  for (const root of columnOf(unit, 'roots', 'i32')) walk(root, [])
  const steps = leaves.flatMap(({ path }) => path)
  let at = 0
  return {
    used,
    base: leaves.reduce(
      (sum, leaf) => sum + leaf.path.reduce((product, { share }) => product * share, leaf.value),
      columnOf(unit, 'mean', 'f64')[0]!,
    ),
    value: Float64Array.from(leaves, (leaf) => leaf.value),
    offsets: Int32Array.from([0, ...leaves.map(({ path }) => (at += path.length))]),
    place: Int32Array.from(steps, (step) => step.place),
    low: Float64Array.from(steps, (step) => step.low),
    high: Float64Array.from(steps, (step) => step.high),
    share: Float64Array.from(steps, (step) => step.share),
  }
}

/** A node's value is the mean of its children's, each by its rows: which says what share went left. Values are drawn to 0 a little, so
 *  that the share is one of rows but for a few; any share explains exactly. */
function leftShare(value: number, left: number, right: number): number {
  if (left === right) return 0.5
  return Math.min(0.98, Math.max(0.02, (value - right) / (left - right)))
}

function joined(path: readonly Step[], step: Step): readonly Step[] {
  const before = path.find(({ place }) => place === step.place)
  if (!before) return [...path, step]
  const both: Step = {
    place: step.place,
    low: Number.isNaN(before.low) ? step.low : Number.isNaN(step.low) ? before.low : Math.max(before.low, step.low),
    high: Math.min(before.high, step.high),
    share: before.share * step.share,
  }
  return path.map((other) => (other === before ? both : other))
}

/** The deepest tree that is grown. */
const most = 16

interface Game {
  /** per feature of the path: whether this row follows it, 1 or 0 */
  readonly follows: Float64Array
  readonly share: Float64Array
  /** by how many of the others are known: the sum over such subsets of their products */
  readonly chances: Float64Array
}

/** Adds the leaf's Shapley values to those of the features of its path. */
function addLeaf(paths: Paths, leaf: number, x: Float32Array, game: Game, added: Float64Array): void {
  const { offsets, place, low, high, share, value } = paths
  const from = offsets[leaf]!
  const size = offsets[leaf + 1]! - from
  for (let i = 0; i < size; i++) {
    const [mine, above] = [x[place[from + i]!]!, low[from + i]!]
    game.follows[i] = (above !== above || mine > above) && !(mine > high[from + i]!) ? 1 : 0
    game.share[i] = share[from + i]!
  }
  for (let i = 0; i < size; i++) {
    const at = place[from + i]!
    added[at] = added[at]! + value[leaf]! * (game.follows[i]! - game.share[i]!) * pivotal(game, i, size)
  }
}

/** Sum over subsets T of the others of |T|! (size - |T| - 1)! / size! * (product of `follows` in T) * (product of `share` outside it). */
function pivotal({ follows, share, chances }: Game, player: number, size: number): number {
  chances[0] = 1
  let others = 0
  for (let j = 0; j < size; j++) {
    if (j === player) continue
    chances[++others] = 0
    for (let known = others; known > 0; known--)
      chances[known] = chances[known]! * share[j]! + chances[known - 1]! * follows[j]!
    chances[0] = chances[0] * share[j]!
  }
  let sum = 0
  // From 0! (n - 1)! / n! on: k! (n - k - 1)! / n!.
  for (let known = 0, weight = 1 / size; known < size; known++) {
    sum += weight * chances[known]!
    weight *= (known + 1) / Math.max(1, size - known - 1)
  }
  return sum
}
