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
export const TABLES: readonly Table[] = [0, 1, 2, 3, 4, 5, 6, 7]

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
function marginOf({ counts }: Cube, places: Int32Array): Int32Array {
  const margin = new Int32Array(counts.length)
  for (const [cell, count] of counts.entries()) margin[places[cell]!]! += count
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

interface PricedMove {
  readonly move: Move
  /** its cost for each person that it brings, while nothing else is used */
  readonly price: number
}

/** Base dimensions of a box, the most first: they change the fewest tables. */
const BY_SIZE: readonly Table[] = [7, 6, 5, 3, 4, 2, 1, 0]

/** Moves that are weighed against each other at a time, the cheapest first. */
const AT_A_TIME = 200

/** Values of the fine dimension that are tried against a cell's own. */
const MOST_OTHERS = 12

/** A coarse table is asked more than a fine one: what is held back in it costs more. */
const COST = TABLES.map((table) => 8 ** (3 - [1, 2, 4].filter((bit) => table & bit).length))

class WorldSearch {
  readonly held: Uint8Array[]
  private readonly margins: readonly Int32Array[]
  private readonly places: readonly Int32Array[]
  private readonly strides: readonly number[]

  constructor(private readonly cube: Cube) {
    const [, groups, bands, sexes] = cube.sizes
    this.strides = [groups * bands * sexes, bands * sexes, sexes, 1]
    this.places = TABLES.map((table) => cube.counts.map((_, cell) => projected(cube.sizes, cell, table)))
    this.margins = TABLES.map((table) => marginOf(cube, this.places[table]!))
    this.held = this.margins.map((margin) => Uint8Array.from(margin, (count) => Number(isSmall(count))))
  }

  /** Holds back what lets this cell be ten. */
  makeRoom(cell: number): void {
    const wanted = SMALLEST_GROUP - this.cube.counts[cell]!
    const priced: PricedMove[] = []
    for (const move of this.movesInto(cell)) {
      const room = Math.min(wanted, this.roomIn(move, NOTHING))
      const cost = this.costOf(move, NOTHING_HELD)
      // What is enough alone, and holds back only what is held back already, need not be bettered.
      if (room === wanted && cost === 0) return this.hold(move)
      priced.push({ move, price: cost / room })
    }
    priced.sort((a, b) => a.price - b.price)
    for (const move of this.together(priced, wanted)) this.hold(move)
  }

  private *movesInto(cell: number): Generator<Move> {
    const others = this.othersOf(cell)
    for (const base of BY_SIZE) yield* this.boxes(cell, base, others)
    for (const step of this.stepsOf(cell)) {
      const tables = TABLES.filter((table) => table & step.axes)
      for (const other of others.slice(0, MOST_OTHERS)) {
        const move = { plus: [cell, cell + step.by + other], minus: [cell + step.by, cell + other], tables }
        if (this.roomIn(move, NOTHING) > 0) yield move
      }
    }
  }

  /** Steps to other values of the fine dimension that have anybody there; where they are many, those held back already come first, then the largest. */
  private othersOf(cell: number): number[] {
    const [stride, size] = [this.strides[0]!, this.cube.sizes[0]]
    const own = Math.floor(cell / stride)
    const count = (step: number): number => this.cube.counts[cell + step]!
    const isTold = (step: number): number => Number(this.held[0]![this.places[0]![cell + step]!] === 0)
    return Array.from({ length: size }, (_, other) => (other - own) * stride)
      .filter((step) => step !== 0 && count(step) > 0)
      .sort((a, b) => isTold(a) - isTold(b) || count(b) - count(a) || a - b)
  }

  /** Steps to other combinations of base dimensions that differ in two or more: where one differs, a box does the same. */
  private stepsOf(cell: number): { readonly by: number; readonly axes: Table }[] {
    let steps = [{ by: 0, axes: 0, differ: 0 }]
    for (const axis of [1, 2, 3]) {
      const own = this.valueAt(cell, axis)
      steps = steps.flatMap(({ by, axes, differ }) =>
        Array.from({ length: this.cube.sizes[axis]! }, (_, other) =>
          other === own
            ? { by, axes, differ }
            : { by: by + (other - own) * this.strides[axis]!, axes: axes | (1 << (axis - 1)), differ: differ + 1 },
        ),
      )
    }
    return steps.filter(({ differ }) => differ > 1)
  }

  private valueAt(cell: number, axis: number): number {
    return Math.floor(cell / this.strides[axis]!) % this.cube.sizes[axis]!
  }

  private boxes(cell: number, base: Table, others: readonly number[]): Move[] {
    const tables = TABLES.filter((table) => (table & base) === base)
    const few = others.slice(0, base === 0 ? others.length : MOST_OTHERS)
    let boxes: Move[] = few.map((step) => ({ plus: [cell], minus: [cell + step], tables }))
    for (const axis of [1, 2, 3].filter((each) => base & (1 << (each - 1)))) {
      const own = this.valueAt(cell, axis)
      const steps = Array.from({ length: this.cube.sizes[axis]! }, (_, other) => (other - own) * this.strides[axis]!)
      boxes = boxes.flatMap(({ plus, minus }) =>
        steps
          .filter((step) => step !== 0)
          .map((step) => ({
            plus: [...plus, ...minus.map((corner) => corner + step)],
            minus: [...minus, ...plus.map((corner) => corner + step)],
            tables,
          }))
          .filter((box) => this.roomIn(box, NOTHING) > 0),
      )
    }
    return boxes
  }

  private roomIn({ minus }: Move, taken: ReadonlyMap<number, number>): number {
    let room = Number.MAX_SAFE_INTEGER
    for (const corner of minus) room = Math.min(room, this.cube.counts[corner]! - (taken.get(corner) ?? 0))
    return room
  }

  /** Moves that are enough together: each time the one that costs least for each person that it brings, of the cheapest that have room left. */
  private together(priced: readonly PricedMove[], wanted: number): readonly Move[] {
    const taken = new Map<number, number>()
    const also = new Set<number>()
    const used: Move[] = []
    for (let [still, reach] = [wanted, AT_A_TIME]; still > 0;) {
      let [best, least, room]: [Move | null, number, number] = [null, Number.POSITIVE_INFINITY, 0]
      for (const { move } of priced.slice(0, reach)) {
        const brings = Math.min(still, this.roomIn(move, taken))
        if (brings <= 0) continue
        const price = this.costOf(move, also) / brings
        if (price < least) [best, least, room] = [move, price, brings]
      }
      if (!best) {
        invariant(reach < priced.length, 'where a combination of base dimensions holds ten, there is room in it')
        reach += AT_A_TIME
        continue
      }
      for (const corner of best.minus) taken.set(corner, (taken.get(corner) ?? 0) + room)
      this.eachChanged(best, (table, at) => also.add(table * this.cube.counts.length + at))
      used.push(best)
      still -= room
    }
    return used
  }

  /** What a move would hold back of counts that are told, and are not among those held back already. */
  private costOf({ plus, minus, tables }: Move, also: ReadonlySet<number>): number {
    let cost = 0
    for (const table of tables) {
      const [held, margin, places] = [this.held[table]!, this.margins[table]!, this.places[table]!]
      for (const corners of [plus, minus])
        for (const corner of corners) {
          const at = places[corner]!
          if (held[at] === 0 && margin[at]! > 0 && !also.has(table * held.length + at)) cost += COST[table]!
        }
    }
    return cost
  }

  private hold(move: Move): void {
    this.eachChanged(move, (table, at) => {
      this.held[table]![at] = 1
    })
  }

  private eachChanged({ plus, minus, tables }: Move, visit: (table: Table, at: number) => void): void {
    for (const table of tables) for (const corner of [...plus, ...minus]) visit(table, this.places[table]![corner]!)
  }
}

const NOTHING: ReadonlyMap<number, number> = new Map()
const NOTHING_HELD: ReadonlySet<number> = new Set()
