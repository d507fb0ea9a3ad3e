/** Cells of persons for research: summed once a run, and read for each answer. */
import type { FineDimension, Moments, ResearchCell } from '../../engine/research/dimensions.ts'
import { toldOf } from '../../engine/research/told.ts'
import type { Store } from '../postgres/database.ts'
import type { Transaction } from '../postgres/transaction.ts'
import { FINE_PLACES, inOnePass, personParameters, personsOf, type ResearchRun } from './persons.ts'

/** Sums the persons of a run and lays down what may be told of them, unless that was done. */
export async function appendResearchCells({ client }: Pick<Transaction, 'client'>, of: ResearchRun): Promise<void> {
  const { rows: done } = await client.query('select from research_cell where run_key = $1 limit 1', [of.run.runKey])
  if (done.length > 0) return
  await inOnePass({ client })
  const { rows } = await client.query<SummedRow>(
    `select fine, value, measure_id, cohort, age, sex::text, count(*)::int as eligible,
        (count(*) filter (where is_measured))::int as measured, count(contribution)::int as contributions,
        array[${MOMENTS.flatMap(({ of: value }) => [value, `${value} * ${value}`])
          .map((value) => `coalesce(sum(${value}), 0)`)
          .join(', ')}] as moments
       from (${personsOf(1)} order by measure_id, patient_key) person
       cross join lateral ${FINE_PLACES} as place (fine, value)
      group by fine, value, measure_id, cohort, age, sex
      order by fine, measure_id, value collate "C", cohort, age, sex`,
    [...personParameters(of)],
  )
  const whole = [...groupedBy(rows, ({ fine, measure_id }) => `${fine} ${measure_id}`).values()].flatMap((cells) => {
    const told = toldOf(cells.map((row) => cellOf({ ...row, measure: '', told: 0 })))
    return cells.map((row, at) => ({ ...row, told: told[at] }))
  })
  await client.query(
    `insert into research_cell (run_key, fine, value, measure_id, cohort, age, sex, eligible, measured, contributions, moments, told)
     select $1, fine, value, measure_id, cohort, age, sex, eligible, measured, contributions, moments, told
       from jsonb_to_recordset($2) cell (fine text, value text, measure_id smallint, cohort text, age smallint, sex text,
         eligible int, measured int, contributions int, moments float8[], told smallint)
     on conflict do nothing`,
    [of.run.runKey, JSON.stringify(whole)],
  )
}

function groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group) group.push(row)
    else groups.set(keyOf(row), [row])
  }
  return groups
}

const ofMeasured = (column: string): string => `case when is_measured then ${column} end`

/** In the order of the column `moments`. */
const MOMENTS = [
  { name: 'expectedRaw', of: ofMeasured('mean') },
  { name: 'realisedRaw', of: ofMeasured('realised') },
  { name: 'expected', of: ofMeasured('expected_value') },
  { name: 'realised', of: ofMeasured('realised_value') },
  { name: 'gain', of: ofMeasured('gain') },
  { name: 'contribution', of: 'contribution' },
] as const

interface CellRow {
  readonly fine: FineDimension
  readonly measure: string
  readonly value: string
  readonly cohort: string
  readonly age: number
  readonly sex: string
  readonly eligible: number
  readonly measured: number
  readonly contributions: number
  readonly moments: readonly number[]
  readonly told: number
}
type SummedRow = Omit<CellRow, 'measure' | 'told'> & { readonly measure_id: number }

/** The cells of a run along one fine dimension, with the measures of an answer. For workers: they are nobody's to read. */
export async function readResearchCells(
  store: Pick<Store, 'pool'>,
  runKey: number,
  fine: FineDimension,
  measures: readonly string[],
): Promise<ResearchCell[]> {
  const { rows } = await store.pool.query<CellRow>(
    `select c.fine, k.key as measure, c.value, c.cohort, c.age, c.sex, c.eligible, c.measured, c.contributions, c.moments, c.told
       from research_cell c join measure_key k using (measure_id)
      where c.run_key = $1 and c.fine = $2 and k.key = any ($3)
      order by c.measure_id, c.value collate "C", c.cohort, c.age, c.sex`,
    [runKey, fine, measures],
  )
  return rows.map(cellOf)
}

function cellOf({ cohort, eligible, measured, contributions, moments, ...at }: CellRow): ResearchCell {
  const of = (name: (typeof MOMENTS)[number]['name']): Moments => {
    const place = MOMENTS.findIndex((each) => each.name === name) * 2
    return { sum: moments[place] ?? 0, squares: moments[place + 1] ?? 0 }
  }
  const sums = {
    eligible,
    measured,
    contributions,
    expectedRaw: of('expectedRaw'),
    realisedRaw: of('realisedRaw'),
    expected: of('expected'),
    realised: of('realised'),
    gain: of('gain'),
    contribution: of('contribution'),
  }
  return { ...at, group: cohort, sums }
}
