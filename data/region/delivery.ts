/** A delivery of a region: lookup of an identical earlier one, and the rows that record it. */
import type { ClientBase } from 'pg'
import type { Day } from '../../engine/kernel/calendar.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { invariant, Refusal } from '../../engine/kernel/refusal.ts'
import { regionNameOf } from './region-name.ts'

export interface DeliveryPlan {
  readonly regionId: number
  readonly deliveryId: number
  /** the day of the region's latest delivery so far */
  readonly latest: Day | null
}

export interface EarlierDelivery {
  readonly deliveryId: number
  readonly deliveredOn: Day
  readonly files: readonly { readonly name: string; readonly rows: number; readonly rejected: number }[]
  readonly rejects: Buffer
  /** empty: of a delivery from before there were warnings */
  readonly warnings: Buffer
}

/** One import of a region at a time.
 *  @returns the region's id, made if it is new
 *  @throws Refusal `no_region`, `invalid_region` */
export async function enterRegion(client: ClientBase, text: string): Promise<number> {
  const name = regionNameOf(text)
  await client.query(`select pg_advisory_xact_lock(hashtext('import'), hashtext($1))`, [name])
  await client.query('insert into region (name) select $1 where not exists (select from region where name = $1)', [
    name,
  ])
  const { rows } = await client.query<{ region_id: number }>('select region_id from region where name = $1', [name])
  invariant(rows[0], 'the region is there')
  return rows[0].region_id
}

/** The same content, delivered before: on that day, or on any if none is given. */
export async function findDelivery(
  client: ClientBase,
  regionId: number,
  contentSha256: string,
  deliveredOn: Day | null,
): Promise<EarlierDelivery | undefined> {
  const { rows } = await client.query<{ deliveryId: number; deliveredOn: Day; rejects: Buffer; warnings: Buffer }>(
    `select delivery_id as "deliveryId", delivered_on as "deliveredOn", csv_gzip as rejects, coalesce(warnings_gzip, '') as warnings
     from delivery join delivery_rejects using (delivery_id)
     where region_id = $1 and content_sha256 = $2 and ($3::date is null or delivered_on = $3)
     order by delivered_on desc, delivery_id desc limit 1`,
    [regionId, contentSha256, deliveredOn],
  )
  const found = rows[0]
  if (!found) return undefined
  const files = await client.query<{ name: string; rows: number; rejected: number }>(
    'select name, rows, rejected from source_file where delivery_id = $1 order by source_file_id',
    [found.deliveryId],
  )
  return { ...found, files: files.rows }
}

/** Keeps an id for a delivery that is written when all of it is known. */
export async function planDelivery(client: ClientBase, regionId: number): Promise<DeliveryPlan> {
  const { rows } = await client.query<{ latest: Day | null }>(
    'select max(delivered_on) as latest from delivery where region_id = $1',
    [regionId],
  )
  const deliveryId = await nextId(client, 'delivery')
  return { regionId, deliveryId, latest: rows[0]?.latest ?? null }
}

export async function nextId(client: ClientBase, table: 'delivery' | 'source_file'): Promise<number> {
  const { rows } = await client.query<{ id: number }>(`select nextval(pg_get_serial_sequence($1, $2)) as id`, [
    table,
    `${table}_id`,
  ])
  invariant(rows[0], 'a sequence has a next value')
  return rows[0].id
}

/** The day from which the delivery is known: the day that was given, or the latest in it that does not stand alone.
 *  @throws Refusal `no_delivery_date`, `older_delivery`: what was known on a past day has been settled on, and stays as it was */
export function deliveredOnOf(plan: DeliveryPlan, given: Day | null, latestInIt: Day | ''): Day {
  const day = given ?? latestInIt
  if (day === '')
    throw new Refusal(
      'no_delivery_date',
      'No date in the data has others near it; say when it was delivered: --delivered YYYY-MM-DD.',
    )
  if (plan.latest !== null && day < plan.latest) {
    const whence =
      given === null ? `the latest date in it that has others near it is ${day}` : `it is said to be of ${day}`
    throw new Refusal(
      'older_delivery',
      `This delivery would be older than one already imported, of ${plan.latest}: ${whence}. What was known then stays as it was; give --delivered ${plan.latest} or later.`,
      { deliveredOn: day, latest: plan.latest },
    )
  }
  return day
}

/** @throws Refusal `invalid_delivered` */
export function deliveredGiven(text: string | undefined): Day | null {
  if (text === undefined) return null
  if (isDay(text)) return text
  throw new Refusal('invalid_delivered', `--delivered ${text}: not a date; it should be YYYY-MM-DD.`, { value: text })
}

export interface FinishedFile {
  readonly sourceFileId: number
  readonly name: string
  readonly rows: number
  readonly rejected: number
}

export async function recordDelivery(
  client: ClientBase,
  plan: DeliveryPlan,
  deliveredOn: Day,
  contentSha256: string,
  issues: { readonly rejects: Buffer; readonly warnings: Buffer },
  files: readonly FinishedFile[],
): Promise<void> {
  await client.query(
    `insert into delivery (delivery_id, region_id, delivered_on, content_sha256) overriding system value values ($1, $2, $3, $4)`,
    [plan.deliveryId, plan.regionId, deliveredOn, contentSha256],
  )
  for (const { sourceFileId, name, rows, rejected } of files)
    await client.query(
      `insert into source_file (source_file_id, delivery_id, name, rows, rejected) overriding system value values ($1, $2, $3, $4, $5)`,
      [sourceFileId, plan.deliveryId, name, rows, rejected],
    )
  await client.query('insert into delivery_rejects (delivery_id, csv_gzip, warnings_gzip) values ($1, $2, $3)', [
    plan.deliveryId,
    issues.rejects,
    issues.warnings,
  ])
}
