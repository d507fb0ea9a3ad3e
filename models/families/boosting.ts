/** Gradient-boosted trees on binned features: non-linear effects and interactions. */
import { hashOf, mixed } from '../../engine/kernel/fold.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'
import type { FeatureTable } from '../../engine/panel/window.ts'
import { binsOf, edgeOf, type Bins } from './bins.ts'
import { columnOf, type Packed } from '../sample/bytes.ts'
import { columnNamed } from './design.ts'
import type { Estimator, Predict, Sample } from '../estimator.ts'
import { crossByPairs, pairsOf } from '../sample/pairs.ts'
import { rowsOutside, thinned } from '../sample/rows.ts'
import { grow, type Tree } from './tree.ts'

/** How a forest grows. */
export interface Growing {
  readonly rounds: number
  readonly rate: number
  /** at most `deepest` */
  readonly depth: number
  /** bags hold about so many rows together, and are at most `mostBags`: small samples get several, since nothing is cheaper there */
  readonly bagRows: number
  readonly mostBags: number
}

const onTargets: Growing = { rounds: 90, rate: 0.08, depth: 4, bagRows: 2000, mostBags: 2 }

/** Each tree is fitted to the residuals of the trees before it, and adds `rate` of its prediction. One unit a pair of folds. */
export const boosting: Estimator = {
  name: 'trees',
  crossFit(sample, seed) {
    const units = pairsOf(sample.folds).map((pair, k) =>
      boosted(
        sample.table,
        fewest(sample, rowsOutside(sample, ...pair)),
        sample.target,
        onTargets,
        mixed(seed ^ hashOf(`trees ${k}`, 0)),
      ),
    )
    return crossByPairs(sample, units, (unit) => boosting.predictorOf(unit))
  },
  predictorOf: treesPredictor,
}

/** Shares of rows and features that one tree is fitted to. */
const rowShare = 0.5
const featureShare = 0.3

/** A forest fitted to y on the given rows; the rows are reordered in place. */
export function boosted(
  table: FeatureTable,
  of: Int32Array,
  y: Float64Array,
  { rounds, rate, depth, bagRows, mostBags }: Growing,
  seed: number,
): Packed {
  const rows = shuffled(of, randomOf(seed))
  const mean = rows.reduce((sum, row) => sum + y[row]!, 0) / Math.max(1, rows.length)
  const bins = binsOf(table, rows)
  const bags = Math.max(1, Math.min(mostBags, Math.round(bagRows / Math.max(1, rows.length))))
  const leastRows = Math.max(8, Math.min(30, Math.round(rows.length / 100)))
  const forest: Forest = { feature: [], threshold: [], left: [], value: [], roots: [] }
  for (let bag = 0; bag < bags; bag++) {
    const random = randomOf(seed, bag)
    const left = Float64Array.from(rows, (row) => y[row]! - mean)
    for (let round = 0; round < rounds; round++) {
      const seen = stretchOf(rows.length, random)
      const chosen = someOf(bins.features.length, featureShare, random)
      if (seen.length === 0 || chosen.length === 0) continue
      const tree = grow(bins, left, seen, chosen, { depth, leastRows, shrinkage: 5 })
      keep(forest, tree, bins, rate / bags)
      subtract(left, tree, bins, rate)
    }
  }
  return {
    meta: { names: table.names, rows: rows.length, bags },
    arrays: {
      mean: Float64Array.of(mean),
      feature: Int16Array.from(forest.feature),
      threshold: Float32Array.from(forest.threshold),
      left: Int32Array.from(forest.left),
      value: Float64Array.from(forest.value),
      roots: Int32Array.from(forest.roots),
    },
  }
}

/** Rows that one unit learns from at most; ten units together see most of a large sample. */
const unitRows = 7_000

/** At most `unitRows` of the rows: those with the smallest hash of (patient, day), independent of the values. */
function fewest(sample: Sample, rows: Int32Array): Int32Array {
  const rankOf = (row: number): number => mixed(sample.patient[2 * row]! ^ Math.imul(sample.day[row]!, 0x85ebca6b))
  return thinned(rows, unitRows, rankOf)
}

function shuffled(rows: Int32Array, random: Random): Int32Array {
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = rows[i]!
    rows[i] = rows[j]!
    rows[j] = kept
  }
  return rows
}

/** A stretch of `rowShare` of the places 0 .. count - 1, from a random one on, round the end: of shuffled rows as good as any sample, and
 *  read in the order in which they lie. */
function stretchOf(count: number, random: Random): Int32Array {
  const size = Math.round(rowShare * count)
  const start = random.below(Math.max(1, count))
  const places = new Int32Array(size)
  for (let i = 0; i < size; i++) places[i] = start + i < count ? start + i : start + i - count
  return places
}

/** Each of 0 .. count - 1 with the probability given. */
function someOf(count: number, share: number, random: Random): Int32Array {
  const some = new Int32Array(count)
  let size = 0
  for (let i = 0; i < count; i++) if (random.uniform() < share) some[size++] = i
  return some.subarray(0, size)
}

interface Forest {
  readonly feature: number[]
  readonly threshold: number[]
  readonly left: number[]
  readonly value: number[]
  readonly roots: number[]
}

function keep(forest: Forest, tree: Tree, { edges, features }: Bins, weight: number): void {
  const start = forest.feature.length
  forest.roots.push(start)
  tree.place.forEach((place, node) => {
    forest.feature.push(place < 0 ? -1 : features[place]!)
    forest.threshold.push(place < 0 ? 0 : edgeOf(edges[place]!, tree.bin[node]!))
    forest.left.push(place < 0 ? -1 : start + tree.left[node]!)
    forest.value.push(weight * tree.value[node]!)
  })
}

/** Subtracts the tree's prediction from the residual of every row, not only those it was grown on. */
function subtract(left: Float64Array, tree: Tree, { bin, features }: Bins, weight: number): void {
  const width = features.length
  const [place, most, child] = [Int32Array.from(tree.place), Int32Array.from(tree.bin), Int32Array.from(tree.left)]
  const value = Float64Array.from(tree.value, (x) => weight * x)
  for (let row = 0, base = 0; row < left.length; row++, base += width) {
    let node = 0
    for (let k = place[0]!; k >= 0; k = place[node]!) node = (child[node]! + Number(bin[base + k]! > most[node]!)) | 0
    left[row]! -= value[node]!
  }
}

export function treesPredictor(unit: Packed): Predict {
  const names = unit.meta.names as string[]
  const mean = columnOf(unit, 'mean', 'f64')[0]!
  const trees = completed(unit)
  return (table) => {
    const columns = trees.used.map((k) => columnNamed(table, names[k]!))
    const out = new Float64Array(table.rows).fill(mean)
    const x = new Float32Array(columns.length)
    for (let row = 0; row < out.length; row++) {
      for (let k = 0; k < x.length; k++) x[k] = columns[k]![row]!
      out[row]! += sumOf(trees, x)
    }
    return out
  }
}

/** The sum of the trees. Each takes `deepest` branch-free steps, so that the processor can evaluate several trees at once. */
function sumOf({ place, threshold, value }: Complete, x: Float32Array): number {
  let sum = 0
  for (let first = 0, leaves = -splits; first < place.length; first += splits, leaves += splits + 1) {
    // Not above, so that missing goes left.
    const second = (1 + Number(x[place[first]!]! > threshold[first]!)) | 0
    const third = (2 * second + 1 + Number(x[place[first + second]!]! > threshold[first + second]!)) | 0
    const fourth = (2 * third + 1 + Number(x[place[first + third]!]! > threshold[first + third]!)) | 0
    const leaf = (2 * fourth + 1 + Number(x[place[first + fourth]!]! > threshold[first + fourth]!)) | 0
    sum += value[leaves + leaf]!
  }
  return sum
}

interface Complete {
  /** indices of the features that split */
  readonly used: readonly number[]
  /** [trees][splits]: index in `used` */
  readonly place: Int32Array
  readonly threshold: Float32Array
  /** [trees][splits + 1] */
  readonly value: Float64Array
}

const deepest = 4
/** Splits of a complete tree. */
const splits = 2 ** deepest - 1

/** The trees filled up to complete ones, children of node i at 2 i + 1 and 2 i + 2: a leaf above the last level continues to the left. */
function completed(unit: Packed): Complete {
  const [feature, threshold] = [columnOf(unit, 'feature', 'i16'), columnOf(unit, 'threshold', 'f32')]
  const [left, value] = [columnOf(unit, 'left', 'i32'), columnOf(unit, 'value', 'f64')]
  const roots = columnOf(unit, 'roots', 'i32')
  const used = [...new Set(feature)].filter((k) => k >= 0).sort((a, b) => a - b)
  const place = new Int32Array(roots.length * splits)
  const thresholds = new Float32Array(roots.length * splits).fill(Infinity)
  const values = new Float64Array(roots.length * (splits + 1))
  roots.forEach((root, t) => {
    const fill = (node: number, at: number): void => {
      if (at >= splits) values[t * (splits + 1) + at - splits] = value[node]!
      else if (feature[node]! < 0) fill(node, 2 * at + 1)
      else {
        place[t * splits + at] = used.indexOf(feature[node]!)
        thresholds[t * splits + at] = threshold[node]!
        fill(left[node]!, 2 * at + 1)
        fill(left[node]! + 1, 2 * at + 2)
      }
    }
    fill(root, 0)
  })
  return { used, place, threshold: thresholds, value: values }
}
