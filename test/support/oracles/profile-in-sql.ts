/** The counts of a profile by one SQL query each, the reference for the single pass over the readings. */
import type { PoolClient } from 'pg'
import type { Day } from '../../../engine/kernel/calendar.ts'
import { readSuspicions } from '../../../data/profile/suspicions.ts'
import type { Profile } from '../../../data/profile/shape.ts'
import { regionProgrammes } from '../../../data/region/region-programmes.ts'
import { measuresOf } from '../../../engine/contract/programme-rules.ts'

export interface Delivered {
  readonly regionId: number
  readonly deliveryId: number
  readonly deliveredOn: Day
}

type Counted = Pick<Profile, 'missing' | 'pairs' | 'days' | 'late'> & {
  readonly spreads: readonly Omit<Profile['spreads'][number], 'digits'>[]
}

/** $1 is the region, $2 the delivery */
const READINGS = `(
  select o.patient_key, m.key as measure, o.observed_on, o.value, coalesce(o.partner_id, h.partner_id, '') as partner
    from observation o join measure_key m using (measure_id) left join at_home h using (patient_key)
   where o.region_id = $1 and o.delivery_id = $2) readings`

export async function profileInSql(client: PoolClient, delivered: Delivered): Promise<Counted> {
  const { regionId, deliveryId, deliveredOn } = delivered
  const suspicions = await readSuspicions()
  const programmes = await regionProgrammes(client, regionId, deliveredOn)
  const measures = [...measuresOf(programmes).values()]
  await client.query('create temporary table at_home (patient_key int, partner_id text) on commit drop')
  await client.query(
    `insert into at_home select distinct on (patient_key) patient_key, partner_id from enrolment_known($1, $2)
      order by patient_key, started_on desc, partner_id collate "C"`,
    [regionId, deliveredOn],
  )
  const ask = async <Row>(sql: string, ...more: unknown[]): Promise<Row[]> =>
    (await client.query(sql, [regionId, deliveryId, ...more])).rows as Row[]
  const usual = measures.map(({ key, plausible }) => suspicions.measures.get(key)?.usual ?? plausible)
  const spreads = await ask<Counted['spreads'][number]>(
    `select measure, partner, count(*) as readings, count(distinct patient_key) as patients,
        count(*) filter (where value < least or value > most) as unusual
       from ${READINGS} join unnest($3::text[], $4::float8[], $5::float8[]) as usual (measure, least, most) using (measure)
      group by 1, 2 order by measure collate "C", partner collate "C"`,
    measures.map(({ key }) => key),
    usual.map(([least]) => least),
    usual.map(([, most]) => most),
  )
  const { upper, lower } = suspicions.swapped
  const swapped = await ask<Counted['pairs'][number]>(
    `select 'swapped_pressures' as rule, $3::text as measure, partner, count(*) as pairs, count(distinct patient_key) as patients
       from (select patient_key, observed_on, min(partner collate "C") as partner
               from ${READINGS} where measure in ($3, $4) group by 1, 2
             having max(value) filter (where measure = $3) < min(value) filter (where measure = $4)) swapped
      group by 3 order by 3`,
    upper,
    lower,
  )
  const limited = [...suspicions.measures].filter(([, { withinSd }]) => withinSd !== null)
  const jumps = await ask<Counted['pairs'][number]>(
    `select 'jump' as rule, measure, partner, count(*) as pairs, count(distinct patient_key) as patients
       from (select *, lag(observed_on) over w as day_before, lag(value) over w as value_before
               from ${READINGS} window w as (partition by patient_key, measure order by observed_on, value, partner collate "C")) rows
       join unnest($3::text[], $4::float8[]) as limits (measure, apart) using (measure)
      where observed_on - day_before <= $5 and abs(value - value_before) > apart
      group by 2, 3 order by measure collate "C", partner collate "C"`,
    limited.map(([key]) => key),
    limited.map(([, { withinSd }]) => suspicions.jump.standardDeviations * Math.SQRT2 * withinSd!),
    suspicions.jump.withinDays,
  )
  const pairs = [...swapped, ...jumps].sort((a, b) => (a.measure < b.measure ? -1 : Number(a.measure > b.measure)))
  return {
    spreads,
    pairs,
    ...(await daysInSql(ask, suspicions)),
    missing: await missingInSql(client, delivered, programmes),
  }
}

async function daysInSql(
  ask: <Row>(sql: string, ...more: unknown[]) => Promise<Row[]>,
  { placeholder, outlying, futureDate }: Awaited<ReturnType<typeof readSuspicions>>,
): Promise<Pick<Counted, 'days' | 'late'>> {
  const rows = `(select 'measure' as of, measure as name, observed_on, patient_key from ${READINGS}
    union all select 'partner', partner, observed_on, patient_key from ${READINGS}) rows`
  const filledIn = await ask<Counted['days'][number]>(
    `select 'placeholder_day' as rule, of, name, day, readings, patients, total
       from (select of, name, to_char(observed_on, 'MM-DD') as day, count(*) as readings, count(distinct patient_key) as patients from ${rows} group by 1, 2, 3) days
       join (select of, name, count(*) as total from ${rows} group by 1, 2) totals using (of, name)
      where day = any ($3) and readings >= $4 and readings > $5::numeric * total / 365 order by of, name collate "C", day`,
    placeholder.days,
    placeholder.readings,
    placeholder.times,
  )
  const single = await ask<Counted['days'][number]>(
    `with days as (select of, name, observed_on, count(*) as readings, count(distinct patient_key) as patients from ${rows} group by 1, 2, 3)
     select 'outlying_day' as rule, of, name, observed_on::text as day, readings, patients, total
       from days join (select of, name, sum(readings)::int8 as total, percentile_cont(0.5) within group (order by readings) as median from days group by 1, 2) usual using (of, name)
      where total >= $3 and readings >= $4::numeric * total and readings >= $5::float8 * median order by of, name collate "C", observed_on`,
    outlying.readings,
    outlying.share,
    outlying.timesMedian,
  )
  const [late] = await ask<Counted['late']>(
    `with reached as (
       select min(observed_on) as after from (
         select observed_on, sum(count(*)) over (order by observed_on) as so_far, sum(count(*)) over () as total from ${READINGS} group by 1) days
        where so_far >= $3::numeric * total)
     select after::text, count(patient_key) as readings, count(distinct patient_key) as patients
       from reached left join ${READINGS} on observed_on > after + $4::int group by after`,
    futureDate.share,
    futureDate.days,
  )
  return { days: [...filledIn, ...single], late: late! }
}

async function missingInSql(
  client: PoolClient,
  { regionId, deliveredOn }: Delivered,
  programmes: Awaited<ReturnType<typeof regionProgrammes>>,
): Promise<Counted['missing']> {
  const asked = [...programmes.values()].flatMap(({ programme, measures }) =>
    measures.map(({ key }) => [programme, key] as const),
  )
  const { rows } = await client.query(
    `with recent as (
       select distinct patient_key, measure_id from observation_known($1, $2)
        where observed_on > $2::date - interval '1 year' and observed_on <= $2),
     enrolled as (
       select patient_key, programme, partner_id from enrolment_known($1, $2) e
        where started_on <= $2 and (ended_on is null or ended_on > $2)
          and not exists (select from patient_state_known($1, $2) p where p.patient_key = e.patient_key and p.died_on <= $2))
     select e.programme, e.partner_id as partner, a.measure, count(*) as enrolled, count(*) filter (where r.patient_key is null) as missing
       from enrolled e join unnest($3::text[], $4::text[]) as a (programme, measure) using (programme) join measure_key m on m.key = a.measure
       left join recent r on r.patient_key = e.patient_key and r.measure_id = m.measure_id
      group by 1, 2, 3 order by a.measure collate "C", e.programme collate "C", e.partner_id collate "C"`,
    [regionId, deliveredOn, asked.map(([programme]) => programme), asked.map(([, key]) => key)],
  )
  return rows as Counted['missing']
}
