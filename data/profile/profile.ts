/** The profile of a delivery: distributions, missing readings and suspicions, computed from the store after the import. */
import type { PoolClient } from 'pg'
import { measuresOf } from '../../engine/contract/programme-rules.ts'
import type { Measure, Programme } from '../../engine/contract/programme.ts'
import type { Store } from '../postgres/database.ts'
import type { Cause } from './likely-cause.ts'
import { Days } from './days.ts'
import { Missing } from './missing.ts'
import { outsideLives } from './outside-lives.ts'
import { Pairs } from './pairs.ts'
import { eachPatient } from './readings.ts'
import type { ProfileContext, ProfileOrder } from './profile-context.ts'
import type { MeasureFigures, Profile } from './shape.ts'
import { Spreads } from './spreads.ts'
import { readSuspicions } from './suspicions.ts'
import type { Suspicions } from './suspicions.ts'
import { regionProgrammes } from '../region/region-programmes.ts'
import { byCodeUnits } from '../columns/text-order.ts'
import { inTransaction } from '../postgres/transaction.ts'

/** The profile of one delivery of a region; it does not change with later deliveries. */
export const profileOf = (store: Pick<Store, 'pool'>, order: ProfileOrder): Promise<Profile> =>
  inTransaction(store, async ({ client }) => {
    const suspicions = await readSuspicions()
    const programmes = await regionProgrammes(client, order.regionId, order.deliveredOn)
    const context = { ...order, client, programmes, measures: await measuresById(client, programmes) }
    const { measures: figures, ...counted } = await countReadings(context, suspicions)
    const units = await readUnits(context)
    const measures = figures.map((each): MeasureFigures => ({ ...each, units: units.get(each.measure) ?? [] }))
    return {
      region: order.region,
      deliveredOn: order.deliveredOn,
      readings: measures.reduce((sum, { readings }) => sum + readings, 0),
      measures: inOrder(measures),
      ...counted,
      outsideLives: await outsideLives(context),
      causes: await readCauses(context),
      names: await readNames(context),
      titles: Object.fromEntries([...context.measures.values()].map(({ key, title }) => [key, title])),
    }
  })

/** All that is counted of the readings, in one pass over them. */
async function countReadings(context: ProfileContext, suspicions: Suspicions) {
  const measures = [...context.measures.values()]
  const numbered = { measures: [...context.measures.keys()], partners: [] as string[] }
  const missing = await Missing.of(context, numbered.measures)
  const spreads = new Spreads(measures, suspicions)
  const pairs = new Pairs(measures, numbered.partners, suspicions)
  const days = new Days(measures, numbered.partners, suspicions)
  const alone = await missing.alone()
  await eachPatient(context, numbered, (readings) => {
    spreads.take(readings)
    pairs.take(readings)
    days.take(readings)
    if (alone) missing.take(readings)
  })
  if (!alone) await missing.readKnown()
  return {
    measures: spreads.measures(),
    spreads: inOrder(spreads.spreads(numbered.partners)),
    missing: inOrder(missing.figures()),
    pairs: inOrder(pairs.figures()),
    ...(await days.figures(context, numbered)),
  }
}

/** Sorted by measure key, as ids of measures differ between stores; otherwise in the given order. */
const inOrder = <T extends { readonly measure: string }>(rows: readonly T[]): T[] =>
  [...rows].sort((a, b) => byCodeUnits(a.measure, b.measure))

async function measuresById(
  client: PoolClient,
  programmes: ReadonlyMap<string, Programme>,
): Promise<ReadonlyMap<number, Measure>> {
  const measures = measuresOf(programmes)
  const { rows } = await client.query<{ measure_id: number; key: string }>(
    'select measure_id, key from measure_key order by key collate "C"',
  )
  return new Map(
    rows.flatMap(({ measure_id, key }) => {
      const measure = measures.get(key)
      return measure ? [[measure_id, measure] as const] : []
    }),
  )
}

async function readUnits({ client, deliveryId, measures }: ProfileContext) {
  const { rows } = await client.query<{ measure_id: number; unit: string; converted: boolean; rows: number }>(
    `select measure_id, unit, converted, rows from unit_usage where delivery_id = $1 order by rows desc, unit collate "C"`,
    [deliveryId],
  )
  const units = new Map<string, MeasureFigures['units'][number][]>()
  for (const { measure_id, ...usage } of rows) {
    const key = measures.get(measure_id)?.key ?? ''
    units.set(key, [...(units.get(key) ?? []), usage])
  }
  return units
}

async function readCauses({ client, deliveryId }: ProfileContext): Promise<Profile['causes']> {
  const { rows } = await client.query<{ measure: string | null; cause: Cause; faults: number }>(
    `select key as measure, cause, faults from likely_cause left join measure_key using (measure_id)
      where delivery_id = $1 order by faults desc, cause collate "C", key collate "C" nulls first`,
    [deliveryId],
  )
  return rows
}

async function readNames({ client, regionId, deliveredOn }: ProfileContext): Promise<Profile['names']> {
  const { rows } = await client.query<{ partner_id: string; name: string }>(
    'select partner_id, name from partner_known($1, $2)',
    [regionId, deliveredOn],
  )
  return Object.fromEntries(rows.map(({ partner_id, name }) => [partner_id, name]))
}
