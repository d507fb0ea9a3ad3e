/** The distribution of what is known by intervals only: a score is rounded to its steps, and cut off at its ends. */

const cells = 300
const rounds = 60

/** Quantiles at k / (levels + 1), k = 1 .. levels, of the distribution that makes intervals (above, through] most likely: self-consistency
 *  (Turnbull 1976), each round smoothed over three neighbouring cells (EMS; Silverman, Jones, Wilson and Nychka 1990).
 *  @param above, through [rows], infinite where nothing bounds  @returns [levels], ascending */
export function censoredQuantiles(above: Float64Array, through: Float64Array, levels: number): Float64Array {
  const edges = edgesOf(above, through)
  const width = (edges[cells]! - edges[0]!) / cells
  const [from, to] = [new Int32Array(above.length), new Int32Array(above.length)]
  // An interval holds the cells whose middle lies in it; one between two middles the cell it lies in.
  const cellsBelow = (x: number): number => Math.min(cells, Math.max(0, Math.ceil((x - edges[0]!) / width - 0.5)))
  for (let i = 0; i < above.length; i++) {
    from[i] = cellsBelow(above[i]!)
    to[i] = cellsBelow(through[i]!)
    if (to[i]! > from[i]!) continue
    // an end that nothing bounds lies where the cells end
    const middle = (Math.max(above[i]!, edges[0]!) + Math.min(through[i]!, edges[cells]!)) / 2
    from[i] = Math.min(cells - 1, Math.max(0, Math.floor((middle - edges[0]!) / width)))
    to[i] = from[i]! + 1
  }
  return quantilesIn(selfConsistent(from, to), edges, levels)
}

/** Room for what lies anywhere beyond an end, as a share of the finite ends' range. The mass of values at an end settles in the cells farthest out, which
 *  every such interval holds; without room they would lie so near the end that a shift of the centre would take that mass off it. */
const room = 0.25

/** Cells a little beyond the finite ends of all intervals, and farther where some are open. */
function edgesOf(above: Float64Array, through: Float64Array): Float64Array {
  let [low, high] = [Infinity, -Infinity]
  for (const ends of [above, through])
    for (const x of ends)
      if (Number.isFinite(x)) {
        low = Math.min(low, x)
        high = Math.max(high, x)
      }
  if (low > high) [low, high] = [0, 0]
  const beyond = (isOpen: boolean): number => (0.02 + (isOpen ? room : 0)) * (high - low) + 1e-9
  const from = low - beyond(above.includes(-Infinity))
  const to = high + beyond(through.includes(Infinity))
  return Float64Array.from({ length: cells + 1 }, (_, j) => from + ((to - from) * j) / cells)
}

/** Mass by cell. */
function selfConsistent(from: Int32Array, to: Int32Array): Float64Array {
  let mass = new Float64Array(cells).fill(1 / cells)
  const through = new Float64Array(cells + 1)
  const change = new Float64Array(cells + 1)
  for (let round = 0; round < rounds; round++) {
    for (let j = 0; j < cells; j++) through[j + 1] = through[j]! + mass[j]!
    change.fill(0)
    for (let i = 0; i < from.length; i++) {
      const share = 1 / Math.max(1e-12, through[to[i]!]! - through[from[i]!]!)
      change[from[i]!]! += share
      change[to[i]!]! -= share
    }
    let [sum, total] = [0, 0]
    for (let j = 0; j < cells; j++) {
      sum += change[j]!
      mass[j] = mass[j]! * sum
    }
    mass = mass.map((x, j) => (mass[Math.max(0, j - 1)]! + 2 * x + mass[Math.min(cells - 1, j + 1)]!) / 4)
    for (let j = 0; j < cells; j++) total += mass[j]!
    for (let j = 0; j < cells; j++) mass[j]! /= total
  }
  return mass
}

function quantilesIn(mass: Float64Array, edges: Float64Array, levels: number): Float64Array {
  const quantiles = new Float64Array(levels)
  let [cell, below] = [0, 0]
  for (let k = 0; k < levels; k++) {
    const level = (k + 1) / (levels + 1)
    while (cell < cells - 1 && below + mass[cell]! < level) below += mass[cell++]!
    const share = mass[cell]! > 0 ? Math.min(1, Math.max(0, (level - below) / mass[cell]!)) : 0
    quantiles[k] = edges[cell]! + share * (edges[cell + 1]! - edges[cell]!)
  }
  return quantiles
}
