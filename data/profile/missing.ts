/** Who was not measured: patients enrolled on the delivery day without a reading in the year up to it, as the region knew on that day. */
import type { Profiled } from '../profile.ts'
import type { MissingFigures } from './shape.ts'

/** Per programme, measure of it and partner; a measure that nobody has is told too. */
export async function readMissing({
  client,
  regionId,
  deliveredOn,
  programmes,
  measures,
}: Profiled): Promise<MissingFigures[]> {
  const ids = new Map([...measures].map(([id, { key }]) => [key, id]))
  const asked = [...programmes.values()].flatMap(({ programme, measures: own }) =>
    own.flatMap(({ key }) => (ids.has(key) ? [[programme, ids.get(key)!] as const] : [])),
  )
  const { rows } = await client.query<Omit<MissingFigures, 'measure'> & { measure_id: number }>(
    `with recent as materialized (
       select distinct patient_key, measure_id from observation_known($1, $2)
        where observed_on > $2::date - interval '1 year' and observed_on <= $2),
     enrolled as materialized (
       select patient_key, programme, partner_id from enrolment_known($1, $2) e
        where started_on <= $2 and (ended_on is null or ended_on > $2)
          and not exists (select from patient_state_known($1, $2) p where p.patient_key = e.patient_key and p.died_on <= $2))
     select e.programme, e.partner_id as partner, a.measure_id, count(*) as enrolled,
        count(*) filter (where r.patient_key is null) as missing
       from enrolled e join unnest($3::text[], $4::smallint[]) as a (programme, measure_id) using (programme)
       left join recent r on r.patient_key = e.patient_key and r.measure_id = a.measure_id
      group by 1, 2, 3 order by e.programme, a.measure_id, e.partner_id collate "C"`,
    [regionId, deliveredOn, asked.map(([programme]) => programme), asked.map(([, id]) => id)],
  )
  return rows.map(({ measure_id, ...figures }) => ({ ...figures, measure: measures.get(measure_id)!.key }))
}
