/** Diagnoses, prescriptions and claims dated before their patient was born or after they died: kept, for they pay nothing, and suspected. */
import type { ProfileContext } from './profile-context.ts'
import type { OutsideLifeFigures } from './shape.ts'

/** The day that a row of each table happened on. A claim of the days after a death may be the administration's; one of later years is not. */
const days = { condition_episode: 'onset_on', medication: 'started_on', claim: 'performed_on' } as const

/** Rows of the delivery outside the lives of their patients, as those are known on its day. */
export async function outsideLives({
  client,
  regionId,
  deliveryId,
  deliveredOn,
}: ProfileContext): Promise<OutsideLifeFigures[]> {
  const of = Object.entries(days).map(
    ([table, day]) => `
      select '${table}' as "table", case when f.${day} > p.died_on then 'after_death' else 'before_birth' end as "when",
             count(*)::int as rows, count(distinct f.patient_key)::int as patients
        from ${table} f join life p using (patient_key)
       where f.region_id = $1 and f.delivery_id = $2 and (f.${day} > p.died_on or f.${day} < p.born_on)
       group by 1, 2`,
  )
  const { rows } = await client.query<OutsideLifeFigures>(
    `with life as materialized (
       select patient_key, died_on, make_date(birth_year, 1, 1) as born_on from patient_state_known($1, $3))
     ${of.join(' union all ')} order by 1, 2`,
    [regionId, deliveryId, deliveredOn],
  )
  return rows
}
