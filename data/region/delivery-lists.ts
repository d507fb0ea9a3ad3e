/** Deliveries of a region as they are listed: the files of each, with the counts of their rows. */
import { sql } from 'kysely'
import type { Day } from '../../engine/kernel/calendar.ts'
import { keysetOf, pageCut, type Listing, type PageAsked, type PageOf } from '../postgres/keyset.ts'
import type { Store } from '../postgres/database.ts'

export interface ListedDelivery {
  readonly deliveryId: number
  readonly deliveredOn: Day
  readonly contentSha256: string
  /** nothing of them for those who may not see the files */
  readonly files: readonly { readonly name: string; readonly rows: number; readonly rejected: number }[]
}

export const DELIVERIES: Listing<ListedDelivery> = {
  sorts: { delivered_on: { kind: 'day', of: ({ deliveredOn }) => deliveredOn, sql: 'd.delivered_on' } },
  id: { kind: 'integer', of: ({ deliveryId }) => deliveryId, sql: 'd.delivery_id' },
  first: '-delivered_on',
}

const deliveries = sql`select d.delivery_id as "deliveryId", d.delivered_on as "deliveredOn", d.content_sha256 as "contentSha256",
    coalesce((select jsonb_agg(jsonb_build_object('name', f.name, 'rows', f.rows, 'rejected', f.rejected) order by f.source_file_id)
      from source_file f where f.delivery_id = d.delivery_id), '[]') as files
  from delivery d`

export async function listDeliveries(
  store: Pick<Store, 'db'>,
  regionId: number,
  asked: PageAsked,
): Promise<PageOf<ListedDelivery>> {
  const { after, order, limit } = keysetOf(DELIVERIES, asked)
  const { rows } = await sql<ListedDelivery>`${deliveries}
    where d.region_id = ${regionId} and ${after} order by ${order} limit ${limit}`.execute(store.db)
  return pageCut(DELIVERIES, asked, rows)
}

/** The delivery of that number; null: there is none, or none that whoever asks may see. */
export async function findListedDelivery(store: Pick<Store, 'db'>, deliveryId: number): Promise<ListedDelivery | null> {
  const { rows } = await sql<ListedDelivery>`${deliveries} where d.delivery_id = ${deliveryId}`.execute(store.db)
  return rows[0] ?? null
}
