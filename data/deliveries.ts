/** What a region has delivered, as far as known on a day. */
import type { Day } from '../engine/calendar.ts'
import type { Store } from './database.ts'

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
