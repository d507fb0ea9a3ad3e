/** Aggregated figures of a run, summed from its cells, with small groups suppressed. */
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'
import { byCodeUnits } from '../columns/text-order.ts'

/** No figure of fewer patients than this leaves the store. */
export const SMALLEST_CELL = 10

export const DIMENSIONS = ['partner', 'measure', 'year', 'age_band', 'sex'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** One group: its place on each dimension asked for, and its figures, or null where they are held back. */
export interface Cell {
  readonly at: Readonly<Partial<Record<Dimension, string>>>
  readonly figures: Figures | null
}

/** Means are on the health scale of the measure (in its unit, higher always better); null where nobody was measured. */
export interface Figures {
  /** index dates measured or missing; null where one to nine missing would be told, here or by subtraction */
  readonly eligible: number | null
  readonly measured: number
  readonly expectedMean: number | null
  readonly realisedMean: number | null
  readonly gainMean: number | null
  readonly contributionMean: number | null
}

export interface FiguresOrder {
  readonly run: Run
  /** 0: the contract year */
  readonly yearsBefore: number
  /** the groups asked for; measures are never added together, so `measure` is always among them */
  readonly by: readonly Dimension[]
  /** partners whose panel is too small for a row of its own */
  readonly smallPartners?: ReadonlySet<string>
  /** only the groups at these places */
  readonly only?: Readonly<Partial<Record<Dimension, string>>>
}

/** What is summed up of one group. */
export interface GroupSums {
  /** along the dimensions that tell groups apart */
  readonly place: readonly string[]
  /** index dates: of a person with several of them each */
  readonly eligible: number
  readonly measured: number
  /** persons among the eligible and among the measured, at least: each counts where its first index date lies */
  readonly persons: number
  readonly personsMeasured: number
  readonly expected: number
  readonly realised: number
  readonly gain: number
  readonly contributions: number
  readonly contribution: number
}

interface Group extends Omit<GroupSums, 'place'> {
  readonly at: Readonly<Partial<Record<Dimension, string>>>
  /** without figures */
  held: boolean
  /** without the number of those eligible */
  heldMissing: boolean
}

/** The groups asked for, in the order of their places.
 *
 *  Held back are groups with fewer than SMALLEST_CELL persons eligible or measured (a mean of nobody is none); and, so
 *  that no sum gives them away, along every dimension the next smallest beside them, until those held back together are
 *  no small group either. That is decided over all groups, before `only` picks some: a narrower query never discloses more. */
export async function readFigures(store: Pick<Store, 'pool'>, order: FiguresOrder): Promise<Cell[]> {
  const dimensions = dimensionsOf(order)
  return cellsOf(await readSums(store, order, dimensions), dimensions, order)
}

/** By which an order's groups are told apart: those asked for, and those that pick. */
export function dimensionsOf({ by, only }: Pick<FiguresOrder, 'by' | 'only'>): Dimension[] {
  const wanted = new Set<Dimension>(['measure', ...by, ...(Object.keys(only ?? {}) as Dimension[])])
  return DIMENSIONS.filter((dimension) => wanted.has(dimension))
}

/** Sums as disclosed, in the order of their places: suppressed groups without figures, and only those at the requested places. */
export function cellsOf(
  sums: readonly GroupSums[],
  dimensions: readonly Dimension[],
  order: Pick<FiguresOrder, 'only' | 'smallPartners'>,
): Cell[] {
  const groups = sums
    .map(({ place, ...own }): Group => ({
      ...own,
      at: Object.fromEntries(dimensions.map((dimension, at) => [dimension, place[at]])),
      held: false,
      heldMissing: false,
    }))
    .sort((a, b) => byCodeUnits(JSON.stringify(a.at), JSON.stringify(b.at)))
  const { smallPartners } = order
  const isSmallPanel = ({ at }: Group) => at.partner !== undefined && smallPartners?.has(at.partner) === true
  for (const group of groups) group.held = isSmallPanel(group)
  holdBack(groups, dimensions, MEASURED)
  holdBack(groups, dimensions, MISSING)
  return groups
    .filter(({ at }) => dimensions.every((dimension) => (order.only?.[dimension] ?? at[dimension]) === at[dimension]))
    .map((group) => ({ at: group.at, figures: group.held ? null : figuresOf(group) }))
}

const columnOf: Readonly<Record<Dimension, string>> = {
  partner: 'p.partner_id',
  measure: 'k.key',
  year: 'c.index_year::text',
  age_band: `coalesce(nullif(c.age_band, -1)::text, 'unknown')`,
  sex: 'c.sex::text',
}

async function readSums(
  store: Pick<Store, 'pool'>,
  { run, yearsBefore }: FiguresOrder,
  dimensions: readonly Dimension[],
): Promise<GroupSums[]> {
  const { rows } = await store.pool.query<GroupSums>(
    `select array[${dimensions.map((dimension) => columnOf[dimension]).join(', ')}] as place,
        sum(eligible)::int as eligible, sum(measured)::int as measured,
        sum(coalesce(persons, eligible))::int as persons, sum(coalesce(persons_measured, measured))::int as "personsMeasured",
        sum(expected_sum) as expected,
        sum(realised_sum) as realised, sum(gain_sum) as gain, sum(contributions)::int as contributions,
        sum(contribution_sum) as contribution
       from assessment_cell c
       join run r using (run_key)
       join run_partner p on p.run_id = r.run_id and p.partner_no = c.partner_no
       join measure_key k using (measure_id)
      where c.run_key = $1 and c.years_before = $2
      group by 1`,
    [run.runKey, yearsBefore],
  )
  return rows
}

/** Index dates, and at least how many persons have them. */
type Count = readonly [dates: number, persons: number]

const isSmall = ([dates, persons]: Count): boolean => dates > 0 && persons < SMALLEST_CELL
const together = (a: Count, b: Count): Count => [a[0] + b[0], a[1] + b[1]]

/** What is held back of a group, and the counts that must not be small or follow by subtraction. */
interface Holding {
  readonly countsOf: (group: Group) => readonly Count[]
  readonly isHeld: (group: Group) => boolean
  readonly hold: (group: Group) => void
}

const MEASURED: Holding = {
  countsOf: ({ eligible, measured, persons, personsMeasured }) => [
    [eligible, persons],
    [measured, personsMeasured],
  ],
  isHeld: ({ held }) => held,
  hold: (group) => void (group.held = true),
}

/** A group without figures tells nothing of its missing. */
const MISSING: Holding = {
  countsOf: ({ eligible, measured, persons, personsMeasured }) => [[eligible - measured, persons - personsMeasured]],
  isHeld: ({ held, heldMissing }) => held || heldMissing,
  hold: (group) => void (group.heldMissing = true),
}

function holdBack(groups: readonly Group[], dimensions: readonly Dimension[], of: Holding): void {
  for (const group of groups) if (of.countsOf(group).some(isSmall)) of.hold(group)
  const lines = dimensions.filter((each) => each !== 'measure').flatMap((each) => linesAlong(groups, dimensions, each))
  // suppressing a group may expose another along a second dimension: repeated until nothing changes
  while (lines.some((line) => holdNeighbour(line, of)));
}

/** The groups that differ on one dimension only: those that a coarser question would add together. */
function linesAlong(groups: readonly Group[], dimensions: readonly Dimension[], along: Dimension): Group[][] {
  const lines = new Map<string, Group[]>()
  for (const group of groups) {
    const key = JSON.stringify(dimensions.filter((each) => each !== along).map((each) => group.at[each]))
    lines.set(key, [...(lines.get(key) ?? []), group])
  }
  return [...lines.values()]
}

/** Suppresses one more group of a line whose suppressed groups could be derived by subtraction; false if not needed, or none left. */
function holdNeighbour(line: readonly Group[], { countsOf, isHeld, hold }: Holding): boolean {
  const held = line.filter(isHeld)
  const sums = held
    .map(countsOf)
    .reduce<readonly Count[]>((all, counts) => counts.map((count, at) => together(count, all[at] ?? [0, 0])), [])
  if (held.length === 0 || (held.length > 1 && !sums.some(isSmall))) return false
  const [smallest] = line.filter((group) => !isHeld(group)).sort((a, b) => a.eligible - b.eligible)
  if (!smallest) return false
  hold(smallest)
  return true
}

function figuresOf(group: Group): Figures {
  const mean = (sum: number, count: number) => (count === 0 ? null : sum / count)
  return {
    eligible: group.heldMissing ? null : group.eligible,
    measured: group.measured,
    expectedMean: mean(group.expected, group.measured),
    realisedMean: mean(group.realised, group.measured),
    gainMean: mean(group.gain, group.measured),
    contributionMean: mean(group.contribution, group.contributions),
  }
}
