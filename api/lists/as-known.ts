/** The region of the reader as known on a day that is asked for, or on that of its latest delivery. */
import type { Identity } from '../../data/access/keys.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { AsKnown } from '../../data/region/people-lists.ts'
import { latestDelivery } from '../../data/region/regions.ts'
import { isDay } from '../../engine/kernel/calendar.ts'
import { Refusal } from '../../engine/kernel/refusal.ts'

/** @throws Refusal `invalid_request`, `nothing_delivered` */
export async function asKnown(
  store: Pick<Store, 'db'>,
  { regionId, region }: Identity,
  asked: string | undefined,
): Promise<AsKnown> {
  if (asked === undefined) return { regionId, asOf: await latestDelivery(store, { regionId, name: region }) }
  if (isDay(asked)) return { regionId, asOf: asked }
  throw new Refusal('invalid_request', `as_of is "${asked}"; a day is written YYYY-MM-DD.`, { as_of: asked })
}
