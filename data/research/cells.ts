/** Cells of persons for research: summed once a run, and read for each answer. */
import type { FineDimension, Moments, ResearchCell } from '../../engine/research/dimensions.ts'
import type { Store } from '../postgres/database.ts'
import type { Transaction } from '../postgres/transaction.ts'
import { FINE_PLACES, personParameters, personsOf, type ResearchRun } from './persons.ts'

/** Sums the persons of a run, unless that was done. */
export async function appendResearchCells({ client }: Pick<Transaction, 'client'>, of: ResearchRun): Promise<void> {
  const { rows } = await client.query('select from research_cell where run_key = $1 limit 1', [of.run.runKey])
  if (rows.length > 0) return
  await client.query(
    `insert into research_cell (run_key, fine, value, measure_id, cohort, age, sex, eligible, measured, contributions, moments)
     select $8, fine, value, measure_id, cohort, age, sex, count(*), count(*) filter (where is_measured), count(contribution),
        array[${MOMENTS.flatMap(({ of: value }) => [value, `${value} * ${value}`])
          .map((value) => `coalesce(sum(${value}), 0)`)
          .join(', ')}]
       from (${personsOf(1)} order by measure_id, patient_key) person
       cross join lateral ${FINE_PLACES} as place (fine, value)
      group by fine, value, measure_id, cohort, age, sex`,
    [...personParameters(of), of.run.runKey],
  )
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
  readonly measure: string
  readonly value: string
  readonly cohort: string
  readonly age: number
  readonly sex: string
  readonly eligible: number
  readonly measured: number
  readonly contributions: number
  readonly moments: readonly number[]
}

/** The cells of a run along one fine dimension, with the measures of an answer. For workers: they are nobody's to read. */
export async function readResearchCells(
  store: Pick<Store, 'pool'>,
  runKey: number,
  fine: FineDimension,
  measures: readonly string[],
): Promise<ResearchCell[]> {
  const { rows } = await store.pool.query<CellRow>(
    `select k.key as measure, c.value, c.cohort, c.age, c.sex, c.eligible, c.measured, c.contributions, c.moments
       from research_cell c join measure_key k using (measure_id)
      where c.run_key = $1 and c.fine = $2 and k.key = any ($3)
      order by c.measure_id, c.value collate "C", c.cohort, c.age, c.sex`,
    [runKey, fine, measures],
  )
  return rows.map(({ measure, value, cohort, age, sex, eligible, measured, contributions, moments }) => {
    const of = (name: (typeof MOMENTS)[number]['name']): Moments => {
      const at = MOMENTS.findIndex((each) => each.name === name) * 2
      return { sum: moments[at] ?? 0, squares: moments[at + 1] ?? 0 }
    }
    return {
      measure,
      fine,
      value,
      group: cohort,
      age,
      sex,
      sums: {
        eligible,
        measured,
        contributions,
        expectedRaw: of('expectedRaw'),
        realisedRaw: of('realisedRaw'),
        expected: of('expected'),
        realised: of('realised'),
        gain: of('gain'),
        contribution: of('contribution'),
      },
    }
  })
}
