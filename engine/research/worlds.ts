/** Which counts are held back, so that for every small cell there is another world, with ten persons in it, that gives the same answers. */
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'
import { invariant } from '../kernel/refusal.ts'

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
 *  Two kinds of move put other persons into a cell and leave every combination of base dimensions as it is. A *box* over the fine dimension and
 *  some base dimensions, with two values of each, moves persons onto its even corners and off its odd ones: that changes only tables with all of
 *  these base dimensions. An *exchange* swaps two values of the fine dimension between two combinations of base dimensions: that changes tables
 *  with any of the base dimensions in which these differ. Of the tables changed, only the cells at the corners are.
 *
 *  For each cell h of 1 to 9 persons, moves are found that together bring it 10 - h more, and the cells that they change are held back. So every
 *  count that is shown holds in a world where h is ten. Last come moves along the fine dimension alone, which suffice where every combination of
 *  base dimensions holds nobody or ten (age-bands.ts). */
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

interface Move {
  /** the corners that gain persons, the small cell first, and those that lose them */
  readonly plus: readonly number[]
  readonly minus: readonly number[]
  /** the tables that it changes */
  readonly tables: readonly Table[]
}

/** Values of the fine dimension that are tried against a cell's own. */
const MOST_OTHERS = 12

/** A coarse table is asked more than a fine one: what is held back in it costs more. */
const COST = TABLES.map((table) => 8 ** (3 - [1, 2, 4].filter((bit) => table & bit).length))

class WorldSearch {
  readonly held: Uint8Array[]
  private readonly margins: readonly Int32Array[]
  private readonly strides: readonly number[]

  constructor(private readonly cube: Cube) {
    const [, groups, bands, sexes] = cube.sizes
    this.strides = [groups * bands * sexes, bands * sexes, sexes, 1]
    this.margins = TABLES.map((table) => marginOf(cube, table))
    this.held = this.margins.map((margin) => Uint8Array.from(margin, (count) => Number(isSmall(count))))
  }

  /** Holds back what lets this cell be ten. */
  makeRoom(cell: number): void {
    const wanted = SMALLEST_GROUP - this.cube.counts[cell]!
    const moves = this.movesInto(cell)
    for (const move of this.single(moves, wanted) ?? this.together(moves, wanted)) this.hold(move)
  }

  private movesInto(cell: number): Move[] {
    const others = this.othersOf(cell)
    const moves = TABLES.flatMap((base) => this.boxes(cell, base, others))
    for (const step of this.stepsOf(cell)) {
      const tables = TABLES.filter((table) => table & step.axes)
      for (const other of others.slice(0, MOST_OTHERS)) {
        const move = { plus: [cell, cell + step.by + other], minus: [cell + step.by, cell + other], tables }
        if (this.roomIn(move) > 0) moves.push(move)
      }
    }
    return moves
  }

  /** Steps to other values of the fine dimension: those with the most persons beside the cell. */
  private othersOf(cell: number): number[] {
    const [stride, size] = [this.strides[0]!, this.cube.sizes[0]]
    const own = Math.floor(cell / stride)
    const steps = Array.from({ length: size }, (_, other) => (other - own) * stride).filter(
      (step) => step !== 0 && this.cube.counts[cell + step]! > 0,
    )
    const count = (step: number): number => this.cube.counts[cell + step]!
    const told = (step: number): number => Number(this.held[0]![projected(this.cube.sizes, cell + step, 0)] === 0)
    const isEnough = steps.length <= MOST_OTHERS
    return isEnough ? steps : steps.sort((a, b) => told(a) - told(b) || count(b) - count(a) || a - b)
  }

  /** Steps to other combinations of base dimensions that differ in two or more: where one differs, a box does the same. */
  private stepsOf(cell: number): { readonly by: number; readonly axes: Table }[] {
    let steps = [{ by: 0, axes: 0, differ: 0 }]
    for (const axis of [1, 2, 3]) {
      const [stride, size] = [this.strides[axis]!, this.cube.sizes[axis]!]
      const own = Math.floor(cell / stride) % size
      steps = steps.flatMap(({ by, axes, differ }) =>
        Array.from({ length: size }, (_, other) =>
          other === own
            ? { by, axes, differ }
            : { by: by + (other - own) * stride, axes: axes | (1 << (axis - 1)), differ: differ + 1 },
        ),
      )
    }
    return steps.filter(({ differ }) => differ > 1)
  }

  private boxes(cell: number, base: Table, others: readonly number[]): Move[] {
    const tables = TABLES.filter((table) => (table & base) === base)
    const few = others.slice(0, base === 0 ? others.length : MOST_OTHERS)
    let boxes: Move[] = few.map((step) => ({ plus: [cell], minus: [cell + step], tables }))
    for (const axis of [1, 2, 3].filter((each) => base & (1 << (each - 1)))) {
      const [stride, size] = [this.strides[axis]!, this.cube.sizes[axis]!]
      const own = Math.floor(cell / stride) % size
      const steps = Array.from({ length: size }, (_, other) => (other - own) * stride).filter((step) => step !== 0)
      boxes = boxes.flatMap(({ plus, minus }) =>
        steps
          .map((step) => ({
            plus: [...plus, ...minus.map((corner) => corner + step)],
            minus: [...minus, ...plus.map((corner) => corner + step)],
            tables,
          }))
          .filter((box) => this.roomIn(box) > 0),
      )
    }
    return boxes
  }

  private roomIn({ minus }: Move, taken: ReadonlyMap<number, number> = NOTHING): number {
    let room = Number.MAX_SAFE_INTEGER
    for (const corner of minus) room = Math.min(room, this.cube.counts[corner]! - (taken.get(corner) ?? 0))
    return room
  }

  /** One move that is enough, and holds nothing back that was not held already; null: there is none. */
  private single(moves: readonly Move[], wanted: number): readonly Move[] | null {
    const found = moves.find((move) => this.roomIn(move) >= wanted && this.costOf(move, NOTHING_HELD) === 0)
    return found ? [found] : null
  }

  /** Moves that are enough together, each time the one that costs the least for each person that it brings. */
  private together(moves: readonly Move[], wanted: number): readonly Move[] {
    const taken = new Map<number, number>()
    const also = new Set<number>()
    const used: Move[] = []
    for (let still = wanted; still > 0;) {
      let [best, least, room]: [Move | null, number, number] = [null, Number.POSITIVE_INFINITY, 0]
      for (const move of moves) {
        const brings = Math.min(still, this.roomIn(move, taken))
        if (brings <= 0) continue
        const price = this.costOf(move, also) / brings
        if (price < least) [best, least, room] = [move, price, brings]
      }
      invariant(best, 'where a combination of base dimensions holds ten, there is room along the fine dimension')
      for (const corner of best.minus) taken.set(corner, (taken.get(corner) ?? 0) + room)
      this.eachChanged(best, (table, at) => also.add(table * this.cube.counts.length + at))
      used.push(best)
      still -= room
    }
    return used
  }

  /** What a move would hold back of counts that are told, and are not among those held back already. */
  private costOf(move: Move, also: ReadonlySet<number>): number {
    let cost = 0
    this.eachChanged(move, (table, at) => {
      const isHeld = this.held[table]![at] === 1 || also.has(table * this.cube.counts.length + at)
      if (!isHeld && this.margins[table]![at]! > 0) cost += COST[table]!
    })
    return cost
  }

  private hold(move: Move): void {
    this.eachChanged(move, (table, at) => {
      this.held[table]![at] = 1
    })
  }

  private eachChanged({ plus, minus, tables }: Move, visit: (table: Table, at: number) => void): void {
    for (const table of tables) {
      for (const corner of plus) visit(table, projected(this.cube.sizes, corner, table))
      for (const corner of minus) visit(table, projected(this.cube.sizes, corner, table))
    }
  }
}

const NOTHING: ReadonlyMap<number, number> = new Map()
const NOTHING_HELD: ReadonlySet<number> = new Set()
