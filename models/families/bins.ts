/** Features in bins, the input of trees. */
import type { FeatureTable } from '../../engine/panel/window.ts'

/** Bin 0: missing; bin b > 0: above edges[b - 2], up to and including edges[b - 1]. */
export interface Bins {
  /** indices of the table's features that vary */
  readonly features: Int32Array
  /** ascending upper edges per feature; the last bin has none */
  readonly edges: readonly Float32Array[]
  /** row-major [rows, features] */
  readonly bin: Uint8Array
  /** bins lie below */
  readonly slots: number
}

const MOST_BINS = 48
/** Few rows need few bins: each holds at least about so many. */
const rowsPerBin = 40
/** Edges are read from at most so many rows. */
const edgeRows = 1000

/** The rows of the table in bins whose edges are quantiles of those rows alone. */
export function binsOf(table: FeatureTable, rows: Int32Array): Bins {
  const step = Math.max(1, Math.ceil(rows.length / edgeRows))
  const sampled = rows.filter((_, i) => i % step === 0)
  const most = Math.max(16, Math.min(MOST_BINS, Math.floor(rows.length / rowsPerBin)))
  const edgesOf = table.columns.map((column) => edgesOfColumn(column, sampled, most))
  const features = Int32Array.from(table.names.keys()).filter((k) => edgesOf[k]!.length > 0)
  const width = features.length
  const bin = new Uint8Array(rows.length * width)
  const ladders = Array.from(features, (k) => ladderOf(edgesOf[k]!))
  // A stretch of rows at a time, so that its bins stay in the nearest cache until every feature has written its own.
  for (let from = 0; from < rows.length; from += stretch) {
    const to = Math.min(rows.length, from + stretch)
    for (let j = 0; j < width; j++) writeBins(table.columns[features[j]!]!, rows, ladders[j]!, from, to, bin, j, width)
  }
  return { features, edges: Array.from(features, (k) => edgesOf[k]!), bin, slots: most + 1 }
}

const stretch = 256

/** The upper edge of a bin, as a threshold on the feature itself: at or below goes left, and so does missing. */
export const edgeOf = (edges: Float32Array, bin: number): number => (bin === 0 ? -Infinity : edges[bin - 1]!)

/** The edges filled up to one less than a power of two, so that every search takes the same steps. */
function ladderOf(edges: Float32Array): Float32Array {
  const ladder = new Float32Array(2 ** Math.ceil(Math.log2(edges.length + 1)) - 1).fill(Infinity)
  ladder.set(edges)
  return ladder
}

/** Counts the edges below each value by halves, without a branch that a processor could guess wrong. */
function writeBins(
  column: Float32Array,
  rows: Int32Array,
  ladder: Float32Array,
  from: number,
  to: number,
  bin: Uint8Array,
  at: number,
  width: number,
): void {
  const half = (ladder.length + 1) >> 1
  for (let i = from; i < to; i++) {
    const x = column[rows[i]!]!
    let below = 0
    for (let step = half; step > 0; step >>= 1) below += step * Number(x > ladder[below + step - 1]!)
    bin[i * width + at] = Number.isNaN(x) ? 0 : below + 1
  }
}

function edgesOfColumn(column: Float32Array, rows: Int32Array, most: number): Float32Array {
  const values = new Float32Array(rows.length)
  let count = 0
  for (let i = 0; i < rows.length; i++) {
    const x = column[rows[i]!]!
    if (!Number.isNaN(x)) values[count++] = x
  }
  const known = values.subarray(0, count).sort()
  const edges: number[] = []
  for (let b = 1; b < most; b++) {
    const edge = known[Math.floor((b * known.length) / most)]
    if (edge !== undefined && edge < known[known.length - 1]! && edge !== edges[edges.length - 1]) edges.push(edge)
  }
  // Two values, or known and missing: one edge tells them apart.
  if (edges.length === 0 && known.length > 0 && (known.length < rows.length || known[0]! < known[known.length - 1]!))
    edges.push(known[0]!)
  return Float32Array.from(edges)
}
