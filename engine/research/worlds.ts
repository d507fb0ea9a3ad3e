/** Which counts are held back, so that for every small cell there is another world, with ten persons in it, that gives the same answers. */
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'

/** Counts over a fine dimension and three base dimensions: group, age band, sex. */
export interface Cube {
  readonly sizes: readonly [fine: number, group: number, band: number, sex: number]
  /** at ((fine * groups + group) * bands + band) * sexes + sex */
  readonly counts: Int32Array
}

/** A table of the cube: the fine dimension with the base dimensions whose bits are set: 1 group, 2 age band, 4 sex. */
export type Table = number
const TABLES: readonly Table[] = [0, 1, 2, 3, 4, 5, 6, 7]

const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_GROUP

/** For each table, 1 where a count is held back, at the index of the cube with every other base dimension at 0.
 *
 *  A box spans the fine dimension and some base dimensions, with two values of each. Moving t persons onto its even corners and off its odd
 *  ones changes no count that is summed over a dimension of the box: only tables with all of them, and of these only the cells at the corners.
 *  For each cell h of 1 to 9 persons, boxes are found that together bring t = 10 - h persons to it; the cells that they change are held back.
 *  So every count that is shown holds in a world where h is ten. Boxes are tried with the most dimensions first: they change the fewest tables.
 *  The last has the fine dimension alone, and suffices where every combination of base dimensions holds nobody or ten (age-bands.ts). */
export function heldBack(cube: Cube): readonly Uint8Array[] {
  const search = new WorldSearch(cube)
  const small = [...cube.counts.keys()].filter((cell) => isSmall(cube.counts[cell]!))
  // The rarest need the most room, and what they hold back the others use.
  small.sort((a, b) => cube.counts[a]! - cube.counts[b]! || a - b)
  for (const cell of small) search.makeRoom(cell)
  return search.held
}

/** The counts of a table, at the same indices. */
function marginOf({ sizes, counts }: Cube, table: Table): Int32Array {
  const margin = new Int32Array(counts.length)
  for (const [cell, count] of counts.entries()) margin[projected(sizes, cell, table)]! += count
  return margin
}

/** The index of the cell of a table that a cell of the cube is counted in. */
export function projected([, groups, bands, sexes]: Cube['sizes'], cell: number, table: Table): number {
  const sex = cell % sexes
  const band = Math.floor(cell / sexes) % bands
  const group = Math.floor(cell / (sexes * bands)) % groups
  const dropped = (table & 1 ? 0 : group * bands * sexes) + (table & 2 ? 0 : band * sexes) + (table & 4 ? 0 : sex)
  return cell - dropped
}

interface Box {
  /** base dimensions that it spans beside the fine one */
  readonly base: Table
  /** the corners that gain persons, the small cell first, and those that lose them */
  readonly plus: readonly number[]
  readonly minus: readonly number[]
}

/** Base dimensions of a box, the most first. */
const BY_SIZE: readonly Table[] = [7, 6, 5, 3, 4, 2, 1, 0]

class WorldSearch {
  readonly held: Uint8Array[]
  private readonly margins: readonly Int32Array[]

  constructor(private readonly cube: Cube) {
    this.margins = TABLES.map((table) => marginOf(cube, table))
    this.held = this.margins.map((margin) => Uint8Array.from(margin, (count) => Number(isSmall(count))))
  }

  /** Holds back what lets this cell be ten. */
  makeRoom(cell: number): void {
    const wanted = SMALLEST_GROUP - this.cube.counts[cell]!
    for (const base of BY_SIZE) {
      const boxes = this.boxesAt(cell, base)
      const one = this.cheapest(boxes.filter((box) => this.roomIn(box) >= wanted))
      const several = one ? [one] : this.together(boxes, wanted)
      if (!several) continue
      for (const box of several) this.hold(box)
      return
    }
  }

  private boxesAt(cell: number, base: Table): Box[] {
    const [fines, groups, bands, sexes] = this.cube.sizes
    const strides = [groups * bands * sexes, bands * sexes, sexes, 1]
    const sizes = [fines, groups, bands, sexes]
    const axes = [0, ...[1, 2, 3].filter((axis) => base & (1 << (axis - 1)))]
    let corners: Box[] = [{ base, plus: [cell], minus: [] }]
    for (const axis of axes) {
      const [stride, size] = [strides[axis]!, sizes[axis]!]
      const own = Math.floor(cell / stride) % size
      corners = corners.flatMap(({ plus, minus }) =>
        Array.from({ length: size }, (_, other) => (other - own) * stride)
          .filter((step) => step !== 0)
          .map((step) => ({
            base,
            plus: [...plus, ...minus.map((corner) => corner + step)],
            minus: [...minus, ...plus.map((corner) => corner + step)],
          }))
          .filter((box) => this.roomIn(box) > 0),
      )
    }
    return corners
  }

  private roomIn({ minus }: Box, taken: ReadonlyMap<number, number> = new Map()): number {
    let room = Number.MAX_SAFE_INTEGER
    for (const corner of minus) room = Math.min(room, this.cube.counts[corner]! - (taken.get(corner) ?? 0))
    return room
  }

  private cheapest(boxes: readonly Box[]): Box | null {
    let [best, least]: [Box | null, number] = [null, Number.POSITIVE_INFINITY]
    for (const box of boxes) {
      const cost = this.costOf(box)
      if (cost < least) [best, least] = [box, cost]
      if (least === 0) break
    }
    return best
  }

  /** Several boxes that bring as many persons together; null where there are not that many. */
  private together(boxes: readonly Box[], wanted: number): Box[] | null {
    const taken = new Map<number, number>()
    const used: Box[] = []
    let still = wanted
    const inOrder = boxes
      .map((box) => ({ box, cost: this.costOf(box), room: this.roomIn(box) }))
      .sort((a, b) => a.cost / a.room - b.cost / b.room)
    for (const { box } of inOrder) {
      const room = Math.min(still, this.roomIn(box, taken))
      if (room <= 0) continue
      for (const corner of box.minus) taken.set(corner, (taken.get(corner) ?? 0) + room)
      used.push(box)
      still -= room
      if (still === 0) return used
    }
    return null
  }

  /** Counts that a box would hold back and that are not yet, those of coarse tables weighing more. */
  private costOf(box: Box): number {
    let cost = 0
    this.eachChanged(box, (table, at) => {
      if (!this.held[table]![at] && this.margins[table]![at]! > 0) cost += COARSE[table]!
    })
    return cost
  }

  private hold(box: Box): void {
    this.eachChanged(box, (table, at) => {
      this.held[table]![at] = 1
    })
  }

  private eachChanged({ base, plus, minus }: Box, visit: (table: Table, at: number) => void): void {
    for (const table of TABLES) {
      if ((table & base) !== base) continue
      for (const corner of plus) visit(table, projected(this.cube.sizes, corner, table))
      for (const corner of minus) visit(table, projected(this.cube.sizes, corner, table))
    }
  }
}

/** A coarse table is asked more than a fine one: what is held back in it costs more. */
const COARSE = TABLES.map((table) => 8 ** (3 - [1, 2, 4].filter((bit) => table & bit).length))
