/** Days on which suspiciously much was measured, and days that have probably not come yet. */
import type { Profiled } from '../profile.ts'
import { READINGS } from './readings.ts'
import type { DayFigures, Profile } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

interface Flagged {
  readonly rule: DayFigures['rule']
  readonly of: DayFigures['of']
  readonly name: string
  readonly day: string
  readonly readings: number
  readonly total: number
}

/** Readings per day, of each measure and of each partner. */
const GROUPED = `(
  select 'measure' as of, measure_id::text as name, observed_on, sum(readings) as readings from daily group by 2, 3
  union all
  select 'partner', partner_id, observed_on, sum(readings) from daily group by 2, 3) grouped`

/** Days of the year that systems fill in, and single days that outdo all others. */
export async function readDays(profiled: Profiled, suspicions: Suspicions): Promise<DayFigures[]> {
  const flagged = [...(await placeholderDays(profiled, suspicions)), ...(await outlyingDays(profiled, suspicions))]
  const patients = await readPatients(profiled, flagged)
  return flagged.map((row, at) => ({
    ...row,
    name: row.of === 'measure' ? profiled.measures.get(Number(row.name))!.key : row.name,
    patients: patients.get(at) ?? 0,
  }))
}

async function placeholderDays({ client }: Profiled, { placeholder }: Suspicions): Promise<Flagged[]> {
  const { rows } = await client.query<Flagged>(
    `select 'placeholder_day' as rule, of, name, day, sum(readings)::int8 as readings, max(total)::int8 as total
       from (select *, to_char(observed_on, 'MM-DD') as day, sum(readings) over (partition by of, name) as total from ${GROUPED}) days
      where day = any ($1) group by of, name, day
     having sum(readings) >= $2 and sum(readings) > $3 * max(total) / 365
      order by of, name collate "C", day`,
    [placeholder.days, placeholder.readings, placeholder.times],
  )
  return rows
}

async function outlyingDays({ client }: Profiled, { outlying }: Suspicions): Promise<Flagged[]> {
  const { rows } = await client.query<Flagged>(
    `with days as materialized (select * from ${GROUPED}),
     usual as (select of, name, sum(readings) as total, percentile_cont(0.5) within group (order by readings) as median
                 from days group by 1, 2)
     select 'outlying_day' as rule, of, name, observed_on::text as day, readings::int8, total::int8
       from days join usual using (of, name)
      where total >= $1 and readings >= $2 * total and readings >= $3 * median
      order by of, name collate "C", observed_on`,
    [outlying.readings, outlying.share, outlying.timesMedian],
  )
  return rows
}

/** How many people the readings of each flagged day are of, by place in the list. */
async function readPatients(
  { client, regionId, deliveryId }: Profiled,
  flagged: readonly Flagged[],
): Promise<ReadonlyMap<number, number>> {
  if (flagged.length === 0) return new Map()
  const { rows } = await client.query<{ place: number; patients: number }>(
    `with days as materialized (
       select f.place, f.of, f.name, d.observed_on from unnest($3::text[], $4::text[], $5::text[]) with ordinality as f (of, name, day, place)
         join (select distinct observed_on from daily) d on f.day in (d.observed_on::text, to_char(d.observed_on, 'MM-DD')))
     select place - 1 as place, count(distinct patient_key) as patients
       from ${READINGS} join days using (observed_on)
      where case of when 'measure' then measure_id::text = name else partner_id = name end
      group by 1`,
    [
      regionId,
      deliveryId,
      flagged.map((row) => row.of),
      flagged.map(({ name }) => name),
      flagged.map(({ day }) => day),
    ],
  )
  return new Map(rows.map(({ place, patients }) => [place, patients]))
}

/** Accepted readings long after the day by which nearly all readings lie. */
export async function readLate(
  { client, regionId, deliveryId }: Profiled,
  { futureDate }: Suspicions,
): Promise<Profile['late']> {
  const { rows } = await client.query<{ after: string | null }>(
    `select min(observed_on)::text as after
       from (select observed_on, sum(sum(readings)) over (order by observed_on) as so_far, sum(sum(readings)) over () as total
               from daily group by 1) days
      where so_far >= $1 * total`,
    [futureDate.share],
  )
  const after = rows[0]?.after ?? null
  if (after === null) return { readings: 0, patients: 0, after }
  const late = await client.query<{ readings: number; patients: number }>(
    `select count(*) as readings, count(distinct patient_key) as patients from ${READINGS} where observed_on > $3::date + $4::int`,
    [regionId, deliveryId, after, futureDate.days],
  )
  return { readings: 0, patients: 0, ...late.rows[0], after }
}
