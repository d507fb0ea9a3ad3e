/** One regression tree, grown on bins. */
import type { Bins } from './bins.ts'

/** Nodes in order of creation; a leaf has place -1. Children are adjacent. */
export interface Tree {
  /** of the feature that splits, among the bins' features */
  readonly place: number[]
  readonly bin: number[]
  readonly left: number[]
  /** of a leaf: what it adds */
  readonly value: number[]
}

export interface Growth {
  readonly depth: number
  readonly leastRows: number
  /** shrinkage of leaf values, in rows */
  readonly shrinkage: number
}

/** Grows a tree on the residuals: each node splits where the squared error falls most, [sum^2 / (n + shrinkage)] left + right - both.
 *  @param rows positions in the bins, permuted in place  @param chosen positions among the bins' features that may split */
export function grow(bins: Bins, residual: Float64Array, rows: Int32Array, chosen: Int32Array, growth: Growth): Tree {
  const tree: Tree = { place: [], bin: [], left: [], value: [] }
  const grower: Grower = { bins, residual, rows, chosen, growth, tree }
  newNode(tree)
  const whole: Node = { at: 0, from: 0, to: rows.length, depth: 0, sums: histogramOf(grower, 0, rows.length) }
  const open: Node[] = [whole]
  for (let node = open.pop(); node; node = open.pop()) open.push(...splitNode(grower, node))
  return tree
}

interface Grower {
  readonly bins: Bins
  readonly residual: Float64Array
  readonly rows: Int32Array
  readonly chosen: Int32Array
  readonly growth: Growth
  readonly tree: Tree
}

/** Rows [from, to) of the grower; `sums`: per chosen feature and bin the sum of residuals and the number of rows. */
interface Node {
  readonly at: number
  readonly from: number
  readonly to: number
  readonly depth: number
  readonly sums: Float64Array
}

function newNode(tree: Tree): number {
  tree.place.push(-1)
  tree.bin.push(0)
  tree.left.push(-1)
  return tree.value.push(0) - 1
}

function splitNode(grower: Grower, { at, from, to, depth, sums }: Node): Node[] {
  const { tree, growth, chosen } = grower
  const total = totalOf(sums, grower.bins.slots)
  tree.value[at] = total / (to - from + growth.shrinkage)
  if (depth === growth.depth || to - from < 2 * growth.leastRows) return []
  const best = bestSplit(grower, sums, to - from, total)
  if (!best) return []
  const middle = partition(grower, from, to, chosen[best.feature]!, best.bin)
  tree.place[at] = chosen[best.feature]!
  // The bin is turned into a threshold by whoever keeps the tree.
  tree.bin[at] = best.bin
  const left = newNode(tree)
  const right = newNode(tree)
  tree.left[at] = left
  if (depth + 1 === growth.depth) {
    setLeaf(grower, left, from, middle)
    setLeaf(grower, right, middle, to)
    return []
  }
  const leftIsSmall = middle - from <= to - middle
  const small = leftIsSmall ? histogramOf(grower, from, middle) : histogramOf(grower, middle, to)
  for (let i = 0; i < sums.length; i++) sums[i]! -= small[i]!
  return [
    { at: right, from: middle, to, depth: depth + 1, sums: leftIsSmall ? sums : small },
    { at: left, from, to: middle, depth: depth + 1, sums: leftIsSmall ? small : sums },
  ]
}

function setLeaf({ tree, residual, rows, growth }: Grower, at: number, from: number, to: number): void {
  let sum = 0
  for (let i = from; i < to; i++) sum += residual[rows[i]!]!
  tree.value[at] = sum / (to - from + growth.shrinkage)
}

function histogramOf({ bins, residual, rows, chosen }: Grower, from: number, to: number): Float64Array {
  const features = chosen.length
  const { slots } = bins
  const sums = new Float64Array(features * slots * 2)
  const { bin } = bins
  const width = bins.features.length
  // This loop is most of the time that trees take.
  for (let i = from; i < to; i++) {
    const row = rows[i]!
    const r = residual[row]!
    const base = row * width
    for (let j = 0, start = 0; j < features; j++, start += slots) {
      const slot = (start + bin[base + chosen[j]!]!) << 1
      sums[slot] = sums[slot]! + r
      sums[slot + 1] = sums[slot + 1]! + 1
    }
  }
  return sums
}

function totalOf(sums: Float64Array, slots: number): number {
  let total = 0
  for (let b = 0; b < slots; b++) total += sums[2 * b]!
  return total
}

function bestSplit(
  { chosen, bins: { slots }, growth: { leastRows, shrinkage } }: Grower,
  sums: Float64Array,
  rows: number,
  total: number,
): { feature: number; bin: number } | null {
  let best: { feature: number; bin: number } | null = null
  let most = (total * total) / (rows + shrinkage) + 1e-9 * Math.abs(total)
  for (let feature = 0; feature < chosen.length; feature++) {
    let [left, count] = [0, 0]
    for (let bin = 0; bin < slots - 1; bin++) {
      const slot = (feature * slots + bin) * 2
      left += sums[slot]!
      count += sums[slot + 1]!
      if (count < leastRows) continue
      if (rows - count < leastRows) break
      if (sums[slot + 1] === 0) continue
      const gain = (left * left) / (count + shrinkage) + ((total - left) * (total - left)) / (rows - count + shrinkage)
      if (gain > most) {
        most = gain
        best = { feature, bin }
      }
    }
  }
  return best
}

/** Rows at or below the bin to the front, in place; returns where the others begin. */
function partition({ bins, rows }: Grower, from: number, to: number, feature: number, bin: number): number {
  const width = bins.features.length
  let [low, high] = [from, to - 1]
  while (low <= high) {
    const row = rows[low]!
    if (bins.bin[row * width + feature]! <= bin) low++
    else {
      rows[low] = rows[high]!
      rows[high--] = row
    }
  }
  return low
}
