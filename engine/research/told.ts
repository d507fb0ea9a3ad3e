/** Which places are told in tables with a fine dimension, laid down with the cells of a run: the same for every question. */
import { withWideBands } from './age-bands.ts'
import { BASE_DIMENSIONS, type ResearchCell, type ResearchDimension } from './dimensions.ts'
import { heldBack, projected, TABLES, type Cube, type Table } from './worlds.ts'

/** The table of a breakdown: the base dimensions that it has beside the fine one. A partner is of one group: with the group its table is the same. */
export function tableOf(by: readonly ResearchDimension[]): Table {
  const bits = BASE_DIMENSIONS.map((dimension, bit) => (by.includes(dimension) ? 1 << bit : 0))
  const table = bits.reduce((all, bit) => all | bit, 0)
  return by.includes('partner') ? table & ~1 : table
}

export const isToldIn = ({ told }: Pick<ResearchCell, 'told'>, table: Table): boolean => ((told >> table) & 1) === 1

type Untold = Omit<ResearchCell, 'told'>

/** For each cell, the tables in which its place is told: bit by bit.
 *  @param cells all of one measure and one fine dimension */
export function toldOf(cells: readonly Untold[]): number[] {
  const { kept, bandOf } = withWideBands(cells)
  const { cube, indexOf } = cubeOf(kept, bandOf)
  const held = heldBack(cube)
  const isKept = new Set(kept)
  return cells.map((cell) => {
    if (!isKept.has(cell)) return 0
    const index = indexOf(cell)
    const isTold = (table: Table) => held[table]![projected(cube.sizes, index, table)] === 0
    return TABLES.filter(isTold).reduce((told, table) => told | (1 << table), 0)
  })
}

function cubeOf(kept: readonly Untold[], bandOf: (age: number) => string) {
  const axes = [
    ({ value }: Untold) => value,
    ({ group }: Untold) => group,
    ({ age }: Untold) => bandOf(age),
    ({ sex }: Untold) => sex,
  ].map((valueOf) => {
    const places = new Map([...new Set(kept.map(valueOf))].sort().map((value, place) => [value, place]))
    return { size: places.size, placeOf: (cell: Untold) => places.get(valueOf(cell))! }
  })
  const sizes = axes.map(({ size }) => size) as unknown as Cube['sizes'] // four axes above
  const indexOf = (cell: Untold): number => axes.reduce((index, { size, placeOf }) => index * size + placeOf(cell), 0)
  const counts = new Int32Array(sizes.reduce((all, size) => all * size, 1))
  for (const cell of kept) counts[indexOf(cell)]! += cell.sums.measured
  return { cube: { sizes, counts }, indexOf }
}
