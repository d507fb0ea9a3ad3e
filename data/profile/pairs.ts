/** Pairs of readings that cannot both be right: pressures the wrong way round, and jumps within a few days. */
import type { Profiled } from '../profile.ts'
import { READINGS } from './readings.ts'
import type { PairFigures } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

interface PairRow {
  readonly measure_id: number
  readonly partner: string
  readonly pairs: number
  readonly patients: number
}

export async function readPairs(profiled: Profiled, suspicions: Suspicions): Promise<PairFigures[]> {
  const told = (rule: PairFigures['rule'], rows: readonly PairRow[]): PairFigures[] =>
    rows.map(({ measure_id, ...pair }) => ({ rule, measure: profiled.measures.get(measure_id)!.key, ...pair }))
  return [
    ...told('swapped_pressures', await readSwapped(profiled, suspicions)),
    ...told('jump', await readJumps(profiled, suspicions)),
  ]
}

/** Patients and days on which every upper pressure lies below every lower one. */
async function readSwapped(
  { client, regionId, deliveryId, measures }: Profiled,
  { swapped }: Suspicions,
): Promise<PairRow[]> {
  const idOf = (key: string): number => [...measures].find(([, measure]) => measure.key === key)?.[0] ?? 0
  const { rows } = await client.query<PairRow>(
    `select $3::smallint as measure_id, partner_id as partner, count(*) as pairs, count(distinct patient_key) as patients
       from (select patient_key, observed_on, min(partner_id collate "C") as partner_id
               from ${READINGS} where measure_id in ($3, $4) group by 1, 2
             having max(value) filter (where measure_id = $3) < min(value) filter (where measure_id = $4)) swapped
      group by 2 order by 2`,
    [regionId, deliveryId, idOf(swapped.upper), idOf(swapped.lower)],
  )
  return rows
}

/** Neighbours in time further apart than so many standard deviations of a difference between two readings of a stable patient. */
async function readJumps(
  { client, regionId, deliveryId, measures }: Profiled,
  { jump, measures: usual }: Suspicions,
): Promise<PairRow[]> {
  const limits = [...measures].flatMap(([id, { key }]) => {
    const sd = usual.get(key)?.withinSd ?? null
    return sd === null ? [] : [[id, jump.standardDeviations * Math.SQRT2 * sd] as const]
  })
  const { rows } = await client.query<PairRow>(
    `select measure_id, partner_id as partner, count(*) as pairs, count(distinct patient_key) as patients
       from (select *, lag(observed_on) over w as day_before, lag(value) over w as value_before
               from ${READINGS} window w as (partition by patient_key, measure_id order by observed_on, value)) rows
       join unnest($3::smallint[], $4::float8[]) as limits (measure_id, apart) using (measure_id)
      where observed_on - day_before <= $5 and abs(value - value_before) > apart
      group by 1, 2 order by measure_id, partner_id collate "C"`,
    [regionId, deliveryId, limits.map(([id]) => id), limits.map(([, apart]) => apart), jump.withinDays],
  )
  return rows
}
