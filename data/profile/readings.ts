/** The readings of a delivery, each with the partner it is told under, for the queries of a profile. */
import type { Profiled } from '../profile.ts'

/** Makes two temporary tables: where each patient is enrolled last, and how many readings there were of a measure with a partner on a day. */
export async function gatherReadings({ client, regionId, deliveryId, deliveredOn }: Profiled): Promise<void> {
  await client.query(`set local work_mem = '64MB'`)
  await client.query('create temporary table at_home (patient_key int, partner_id text) on commit drop')
  await client.query(
    `insert into at_home
     select distinct on (patient_key) patient_key, partner_id from enrolment_known($1, $2)
     order by patient_key, started_on desc, partner_id collate "C"`,
    [regionId, deliveredOn],
  )
  await client.query('analyze at_home')
  await client.query(
    'create temporary table daily (measure_id smallint, partner_id text, observed_on date, readings int) on commit drop',
  )
  await client.query(
    `insert into daily select measure_id, partner_id, observed_on, count(*) from ${READINGS} group by 1, 2, 3`,
    [regionId, deliveryId],
  )
  await client.query('analyze daily')
}

/** What a query reads from, after `gatherReadings`; $1 is the region, $2 the delivery. */
export const READINGS = `(
  select o.patient_key, o.measure_id, o.observed_on, o.value, coalesce(o.partner_id, h.partner_id, '') as partner_id
    from observation o left join at_home h using (patient_key)
   where o.region_id = $1 and o.delivery_id = $2) readings`
