/** The FHIR servers that a region's deliveries came from: an id says who is meant only together with its server. */
import type { ClientBase } from 'pg'
import type { Store } from '../postgres/database.ts'

/** The first first. A region that is not there yet has none. */
export async function serversOf(store: Pick<Store, 'pool'>, region: string): Promise<readonly string[]> {
  const { rows } = await store.pool.query<{ server: string }>(
    `select server from fhir_server join region using (region_id) where name = $1 order by fhir_server.delivery_id, server`,
    [region],
  )
  return rows.map(({ server }) => server)
}

/** Remembers servers that are new to the region. */
export async function recordServers(
  client: ClientBase,
  regionId: number,
  deliveryId: number,
  servers: readonly string[],
): Promise<void> {
  await client.query(
    `insert into fhir_server (region_id, delivery_id, server)
     select $1, $2, server from unnest($3::text[]) as s (server)
      where server <> '' and not exists (select from fhir_server f where f.region_id = $1 and f.server = s.server)`,
    [regionId, deliveryId, servers],
  )
}
