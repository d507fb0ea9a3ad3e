/** The region of the reader as known on a day that is asked for, or on that of its latest delivery. */
import type { Identity } from '../../data/access/keys.ts'
import type { Store } from '../../data/postgres/database.ts'
import type { AsKnown } from '../../data/region/people-lists.ts'
import { latestDelivery } from '../../data/region/regions.ts'
import { dayAsked } from '../schemas/day.ts'

/** @throws Refusal `invalid_request`, `nothing_delivered` */
export async function asKnown(
  store: Pick<Store, 'db'>,
  { regionId, region }: Identity,
  asked: string | undefined,
): Promise<AsKnown> {
  if (asked === undefined) return { regionId, asOf: await latestDelivery(store, { regionId, name: region }) }
  return { regionId, asOf: dayAsked('as_of', asked) }
}
