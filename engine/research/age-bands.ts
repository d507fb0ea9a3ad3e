/** Age bands wide enough that no combination of group, band and sex holds one to nine measured persons. */
import { SMALLEST_GROUP } from '../disclosure/small-groups.ts'
import { UNKNOWN_AGE, type ResearchCell } from './dimensions.ts'

type Untold = Omit<ResearchCell, 'told'>

/** Cells of one measure and one fine dimension, put together by base dimensions. */
export interface BaseCells<Cell extends Untold> {
  /** those that an answer may count */
  readonly kept: readonly Cell[]
  /** the band of an age: `60-69`, or `70-99` where bands were put together; `unknown` of people without a birth year */
  readonly bandOf: (age: number) => string
}

const pairOf = ({ group, sex }: Untold): string => JSON.stringify([group, sex])
const isSmall = (count: number): boolean => count > 0 && count < SMALLEST_GROUP

/** Puts neighbouring ten-year bands together until every group and sex has nobody in a band, or ten. A group and sex that has fewer than ten
 *  of all ages is left out of every answer: no band could hide it. */
export function withWideBands<Cell extends Untold>(cells: readonly Cell[]): BaseCells<Cell> {
  const persons = countsBy(cells, pairOf)
  const kept = cells.filter((cell) => !isSmall(persons.get(pairOf(cell)) ?? 0))
  const ages = [...new Set(kept.map(({ age }) => age))].sort((a, b) => a - b)
  const bands: number[][] = []
  let open: number[] = []
  for (const age of ages) {
    open.push(age)
    if (!holdsSmall(kept, open)) bands.push(open.splice(0))
  }
  // What is left at the end is too small alone: it takes in the bands before it.
  while (open.length > 0 && holdsSmall(kept, open) && bands.length > 0) open = [...bands.pop()!, ...open]
  if (open.length > 0) bands.push(open)
  const names = new Map(bands.flatMap((band) => band.map((age) => [age, nameOf(band)] as const)))
  return { kept, bandOf: (age) => names.get(age) ?? '' }
}

/** The band of people without a birth year stands before the youngest. */
function nameOf(band: readonly number[]): string {
  const known = band.filter((age) => age !== UNKNOWN_AGE)
  const years = known.length > 0 ? [`${known[0]}-${known.at(-1)! + 9}`] : []
  return [...(known.length < band.length ? ['unknown'] : []), ...years].join(', ')
}

const holdsSmall = (cells: readonly Untold[], band: readonly number[]): boolean =>
  [
    ...countsBy(
      cells.filter(({ age }) => band.includes(age)),
      pairOf,
    ).values(),
  ].some(isSmall)

function countsBy(cells: readonly Untold[], keyOf: (cell: Untold) => string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const cell of cells) counts.set(keyOf(cell), (counts.get(keyOf(cell)) ?? 0) + cell.sums.measured)
  return counts
}
