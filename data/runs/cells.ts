/** The figures of a run by cell, computed once when it is settled; aggregates.ts sums and suppresses them. */
import type { Run } from './runs.ts'
import type { Transaction } from '../postgres/transaction.ts'

/** The first year of the ten-year band of an expectation `e`, by calendar year of its index date; -1: the birth year is not known. */
export const AGE_BAND = `(case when e.birth_year = 0 then -1
  else (date_part('year', e.index_on)::int - e.birth_year) / 10 * 10 end)::smallint`

/** Sums the assessments of a run into cells of partner, outcome, year, ten-year age band and sex.
 *  Expected and realised are summed over the measured, contributions over all that have one. */
export async function appendCells({ client }: Transaction, run: Run): Promise<void> {
  // Hash joins in one pass over each table: index scans would visit every page repeatedly.
  await client.query('set local enable_nestloop = off')
  await client.query('set local enable_mergejoin = off')
  await client.query(`set local work_mem = '256MB'`)
  await client.query(
    `insert into assessment_cell (run_key, measure_id, years_before, partner_no, index_year, age_band, sex,
        eligible, measured, persons, persons_measured, expected_sum, realised_sum, gain_sum, contributions, contribution_sum)
     select run_key, measure_id, years_before, partner_no, index_year, age_band, sex,
        count(*), count(*) filter (where status = 'measured'),
        count(*) filter (where index_no = 1), count(*) filter (where index_no = 1 and status = 'measured'),
        coalesce(sum(expected_value) filter (where status = 'measured'), 0),
        coalesce(sum(realised_value), 0), coalesce(sum(gain), 0), count(contribution), coalesce(sum(contribution), 0)
       from (
         select e.*, date_part('year', e.index_on)::smallint as index_year,
           ${AGE_BAND} as age_band,
           h.status, h.realised_value, h.gain, g.contribution
           from expectation e
           join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
           left join gain g using (run_key, measure_id, years_before, patient_key, index_no)
          where e.run_key = $1 and h.status in ('measured', 'missing')
          order by measure_id, years_before, patient_key, index_no) eligible
      group by run_key, measure_id, years_before, partner_no, index_year, age_band, sex`,
    [run.runKey],
  )
}
