/** The deliveries of a region, as known on a day. */
import type { Day } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'
import type { Store } from '../postgres/database.ts'
import type { Region } from './regions.ts'

export interface Delivery {
  readonly deliveredOn: Day
  /** SHA-256 over the files read and the choices that shape their rows */
  readonly contentSha256: string
}

/** The deliveries of a region up to and including a day, in the order in which they count. */
export async function deliveriesUpTo(store: Pick<Store, 'db'>, regionId: number, asOf: Day): Promise<Delivery[]> {
  return await store.db
    .selectFrom('delivery')
    .select(['delivered_on as deliveredOn', 'content_sha256 as contentSha256'])
    .where('region_id', '=', regionId)
    .where('delivered_on', '<=', asOf)
    .orderBy('delivered_on')
    .orderBy('delivery_id')
    .execute()
}

/** The latest delivery of files of a region known by a day (a ruling that became a fact is a delivery too, without files); null: there is none. */
export async function filesKnownBy(
  store: Pick<Store, 'db'>,
  regionId: number,
  day: Day,
): Promise<{ readonly deliveryId: number; readonly deliveredOn: Day } | null> {
  const found = await store.db
    .selectFrom('delivery')
    .select(['delivery_id as deliveryId', 'delivered_on as deliveredOn'])
    .where('region_id', '=', regionId)
    .where('delivered_on', '<=', day)
    .where('delivery_id', 'in', (query) => query.selectFrom('delivery_rejects').select('delivery_id'))
    .orderBy('delivered_on', 'desc')
    .orderBy('delivery_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return found ?? null
}

/** The delivery of a region on a day, or its latest; of several on one day the last.
 *  @throws Refusal `not_found` */
export async function deliveryOn(
  store: Pick<Store, 'db'>,
  { regionId, name }: Region,
  day: Day | undefined,
): Promise<{ readonly deliveryId: number; readonly deliveredOn: Day }> {
  const found = await store.db
    .selectFrom('delivery')
    .select(['delivery_id as deliveryId', 'delivered_on as deliveredOn'])
    .where('region_id', '=', regionId)
    .$if(day !== undefined, (query) => query.where('delivered_on', '=', day!))
    .orderBy('delivered_on', 'desc')
    .orderBy('delivery_id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (found) return found
  throw new Refusal(
    'not_found',
    `Region "${name}" has delivered nothing${day === undefined ? ' yet' : ` on ${day}`}.`,
    { region: name },
  )
}
