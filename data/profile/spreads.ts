/** How the readings of each measure are spread: counts, quantiles, last digits, and how many are unusual. */
import type { Measure } from '../../engine/programme.ts'
import type { Profiled } from '../profile.ts'
import { READINGS } from './readings.ts'
import type { MeasureFigures, Spread } from './shape.ts'
import type { Suspicions } from './suspicions.ts'

/** The steps in which a measure is looked at, and what is usual of it. */
interface Grid {
  readonly step: number
  /** whether the step is the measure's own: then last digits mean something */
  readonly own: boolean
  readonly usual: readonly [number, number]
}

/** Readings at one step of one measure with one partner. */
interface StepCount {
  readonly measure_id: number
  readonly partner_id: string
  readonly steps: number
  readonly on_step: boolean
  readonly readings: number
  readonly unusual: number
}

const coarse = 200 // steps over the plausible range of a measure that has none of its own

/** The spread of every measure with every partner, and of every measure over all of them. */
export async function readSpreads(
  profiled: Profiled,
  suspicions: Suspicions,
): Promise<{ readonly spreads: readonly Spread[]; readonly measures: readonly Omit<MeasureFigures, 'units'>[] }> {
  const { measures } = profiled
  const grids = new Map([...measures].map(([id, measure]) => [id, gridOf(measure, suspicions)]))
  const counts = await readCounts(profiled, grids)
  const patients = await readPatients(profiled)
  const spreadOf = (id: number, partner: string | null, rows: readonly StepCount[]) => ({
    measure: measures.get(id)!.key,
    readings: sumOf(rows, 'readings'),
    patients: patients.get(placeKey(id, partner)) ?? 0,
    unusual: sumOf(rows, 'unusual'),
    digits: grids.get(id)!.own ? digitsOf(rows) : null,
  })
  const byPartner = grouped(counts, (row) => placeKey(row.measure_id, row.partner_id))
  const byMeasure = grouped(counts, (row) => row.measure_id)
  return {
    spreads: [...byPartner.values()].map((rows) => ({
      ...spreadOf(rows[0]!.measure_id, rows[0]!.partner_id, rows),
      partner: rows[0]!.partner_id,
    })),
    measures: [...byMeasure].map(([id, rows]) => ({
      ...spreadOf(id, null, rows),
      unit: measures.get(id)!.unit,
      step: grids.get(id)!.own ? grids.get(id)!.step : null,
      quantiles: quantilesOf(rows, grids.get(id)!.step),
    })),
  }
}

function gridOf({ key, plausible }: Measure, suspicions: Suspicions): Grid {
  const known = suspicions.measures.get(key)
  const usual = known?.usual ?? plausible
  if (known?.step) return { step: known.step, own: true, usual }
  return { step: (plausible[1] - plausible[0]) / coarse, own: false, usual }
}

async function readCounts(
  { client, regionId, deliveryId }: Profiled,
  grids: ReadonlyMap<number, Grid>,
): Promise<StepCount[]> {
  const all = [...grids]
  const { rows } = await client.query<StepCount>(
    `select measure_id, partner_id, round(value / step)::int8 as steps, abs(value - round(value / step) * step) < 1e-6 as on_step,
        count(*) as readings, count(*) filter (where value < least or value > most) as unusual
       from ${READINGS}
       join unnest($3::smallint[], $4::float8[], $5::float8[], $6::float8[]) as grid (measure_id, step, least, most) using (measure_id)
      group by 1, 2, 3, 4 order by measure_id, partner_id collate "C", 3, 4`,
    [
      regionId,
      deliveryId,
      all.map(([id]) => id),
      all.map(([, { step }]) => step),
      all.map(([, { usual }]) => usual[0]),
      all.map(([, { usual }]) => usual[1]),
    ],
  )
  return rows
}

/** People with a reading, by measure and partner, and by measure. */
async function readPatients({ client, regionId, deliveryId }: Profiled): Promise<ReadonlyMap<string, number>> {
  const { rows } = await client.query<{ measure_id: number; partner_id: string | null; patients: number }>(
    `with people as materialized (select distinct measure_id, patient_key, partner_id from ${READINGS})
     select measure_id, partner_id, count(*) as patients from people group by 1, 2
     union all
     select measure_id, null, count(*) from (select distinct measure_id, patient_key from people) apart group by 1`,
    [regionId, deliveryId],
  )
  return new Map(rows.map((row) => [placeKey(row.measure_id, row.partner_id), row.patients]))
}

function grouped<K>(rows: readonly StepCount[], keyOf: (row: StepCount) => K): Map<K, StepCount[]> {
  const groups = new Map<K, StepCount[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  return groups
}

const placeKey = (measureId: number, partner: string | null): string => JSON.stringify([measureId, partner])

const sumOf = (rows: readonly StepCount[], of: 'readings' | 'unusual'): number =>
  rows.reduce((sum, row) => sum + row[of], 0)

function digitsOf(rows: readonly StepCount[]): number[] {
  const digits = Array.from({ length: 10 }, () => 0)
  for (const { steps, on_step, readings } of rows) if (on_step) digits[Math.abs(steps) % 10]! += readings
  return digits
}

/** Of steps in ascending order per partner: merged, and read at 5, 50 and 95% of the readings. */
function quantilesOf(rows: readonly StepCount[], step: number): [number, number, number] | null {
  const ascending = [...rows].sort((a, b) => a.steps - b.steps)
  const total = sumOf(rows, 'readings')
  if (total === 0) return null
  const at = (share: number): number => {
    let seen = 0
    const found = ascending.find(({ readings }) => (seen += readings) >= share * total)
    return Number(((found?.steps ?? 0) * step).toPrecision(6))
  }
  return [at(0.05), at(0.5), at(0.95)]
}
