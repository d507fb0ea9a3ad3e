/** Gradient-boosted trees on binned features: what bends, and what depends on something else. */
import { hashOf, mixed } from '../engine/fold.ts'
import { randomOf, type Random } from '../engine/random.ts'
import { binsOf, edgeOf } from './bins.ts'
import { columnOf, type Packed } from './bytes.ts'
import { columnNamed } from './design.ts'
import type { Estimator, Predict, Sample } from './estimator.ts'
import { crossByPairs, pairsOf } from './pairs.ts'
import { rowsOutside, thinned } from './rows.ts'
import { grow, type Tree } from './tree.ts'

/** Rows that one unit learns from at most: those with the smallest hash of (patient, place among his rows). */
const unitRows = 8_000
const rounds = 110
const rate = 0.07
const depth = 4
/** Shares of rows and features that one tree sees. */
const rowShare = 0.5
const featureShare = 0.4

/** Each tree is fitted to what the trees before it left over of y - mean, and adds `rate` of it. One unit a pair of folds;
 *  small samples get several bags a unit, since nothing is cheaper there. */
export const boosting: Estimator = {
  name: 'trees',
  crossFit(sample, seed) {
    const units = pairsOf(sample.folds).map((pair, k) =>
      unitWithout(sample, pair, mixed(seed ^ hashOf(`trees ${k}`, 0))),
    )
    return crossByPairs(sample, units, (unit) => boosting.predictorOf(unit))
  },
  predictorOf: treesPredictor,
}

function unitWithout(sample: Sample, pair: readonly number[], seed: number): Packed {
  const rows = fewest(sample, rowsOutside(sample, ...pair))
  const mean = rows.reduce((sum, row) => sum + sample.target[row]!, 0) / Math.max(1, rows.length)
  const bins = binsOf(sample.table, rows)
  const bags = Math.max(1, Math.min(4, Math.round(3000 / Math.max(1, rows.length))))
  const forest: Forest = { feature: [], threshold: [], left: [], value: [], roots: [] }
  for (let bag = 0; bag < bags; bag++) {
    const random = randomOf(seed, bag)
    const left = Float64Array.from(rows, (row) => sample.target[row]! - mean)
    for (let round = 0; round < rounds; round++) {
      const seen = someOf(rows.length, rowShare, random)
      const chosen = someOf(bins.features.length, featureShare, random)
      if (seen.length === 0 || chosen.length === 0) continue
      const leastRows = Math.max(8, Math.min(30, Math.round(rows.length / 100)))
      const tree = grow(bins, left, seen, chosen, { depth, leastRows, calm: 5 })
      keep(forest, tree, bins.edges, bins.features, rate / bags)
      subtract(left, tree, bins, rate)
    }
  }
  return {
    meta: { names: sample.table.names, rows: rows.length, bags },
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

/** At most `unitRows` of the rows, by a hash that looks at nothing but who and the how-manieth. */
function fewest(sample: Sample, rows: Int32Array): Int32Array {
  const rankOf = (row: number): number => mixed(sample.patient[2 * row]! ^ Math.imul(sample.day[row]!, 0x85ebca6b))
  return thinned(rows, unitRows, rankOf)
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

function keep(forest: Forest, tree: Tree, edges: readonly Float32Array[], features: Int32Array, weight: number): void {
  const start = forest.feature.length
  forest.roots.push(start)
  tree.feature.forEach((feature, node) => {
    forest.feature.push(feature)
    forest.threshold.push(feature < 0 ? 0 : edgeOf(edges[features.indexOf(feature)]!, tree.bin[node]!))
    forest.left.push(feature < 0 ? -1 : start + tree.left[node]!)
    forest.value.push(weight * tree.value[node]!)
  })
}

/** Takes what the tree predicts of every row (not only those it was grown on) off what is left over. */
function subtract(left: Float64Array, tree: Tree, bins: ReturnType<typeof binsOf>, weight: number): void {
  const width = bins.features.length
  const place = tree.feature.map((feature) => bins.features.indexOf(feature))
  for (let row = 0; row < left.length; row++) {
    let node = 0
    while (place[node]! >= 0)
      node = tree.left[node]! + (bins.bin[row * width + place[node]!]! <= tree.bin[node]! ? 0 : 1)
    left[row]! -= weight * tree.value[node]!
  }
}

function treesPredictor(unit: Packed): Predict {
  const names = unit.meta.names as string[]
  const mean = columnOf(unit, 'mean', 'f64')[0]!
  const [feature, threshold] = [columnOf(unit, 'feature', 'i16'), columnOf(unit, 'threshold', 'f32')]
  const [left, value, roots] = [
    columnOf(unit, 'left', 'i32'),
    columnOf(unit, 'value', 'f64'),
    columnOf(unit, 'roots', 'i32'),
  ]
  const used = [...new Set(feature)].filter((k) => k >= 0).sort((a, b) => a - b)
  const place = Int32Array.from(feature, (k) => used.indexOf(k))
  return (table) => {
    const columns = used.map((k) => columnNamed(table, names[k]!))
    const out = new Float64Array(table.rows)
    const x = new Float32Array(used.length)
    for (let row = 0; row < out.length; row++) {
      for (let k = 0; k < x.length; k++) x[k] = columns[k]![row]!
      let sum = mean
      for (let t = 0; t < roots.length; t++) {
        let node = roots[t]!
        for (let k = place[node]!; k >= 0; k = place[node]!)
          // Not above, so that missing goes left.
          node = left[node]! + (x[k]! > threshold[node]! ? 1 : 0)
        sum += value[node]!
      }
      out[row] = sum
    }
    return out
  }
}
