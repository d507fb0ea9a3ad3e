/** Of how many practices a partner's patients come, and how many of those are small: counts of practices, never of people. */
import type { Store } from '../postgres/database.ts'
import type { Run } from './runs.ts'

export interface PracticeSizes {
  readonly partnerId: string
  readonly practices: number
  /** with fewer eligible patients than asked for */
  readonly small: number
}

/** Every partner of a run's contract year; a patient counts that is eligible for at least one outcome. */
export async function practiceSizesOf(
  store: Pick<Store, 'pool'>,
  run: Run,
  minPatients: number,
): Promise<PracticeSizes[]> {
  const { rows } = await store.pool.query<PracticeSizes>(
    `select p.partner_id as "partnerId", count(*)::int as practices,
        (count(*) filter (where patients < $2))::int as small
       from (
         select e.partner_no, e.practice_no, count(distinct e.patient_key) as patients
           from expectation e join realisation h using (run_key, measure_id, years_before, patient_key, index_no)
          where e.run_key = $1 and e.years_before = 0 and h.status in ('measured', 'missing')
          group by e.partner_no, e.practice_no) practice
       join run r on r.run_key = $1
       join run_partner p on p.run_id = r.run_id and p.partner_no = practice.partner_no
      group by p.partner_id order by p.partner_id collate "C"`,
    [run.runKey, minPatients],
  )
  return rows
}
