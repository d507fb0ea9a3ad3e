/** The identity of a store, part of its queues' names, so that no two stores share a job. */
import type { Pool } from 'pg'

/** A name that no other store has: it changes when the cluster, the database or the schema is made anew, and else stays.
 *  @returns 12 hexadecimal digits
 *
 *  ```sql
 *  select md5(cluster, database oid, schema oid) from pg_control_system(), pg_database
 *  ``` */
export async function storeIdentity(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ identity: string | null }>(
    `select left(md5(concat_ws('.', system_identifier, d.oid, n.oid)), 12) as identity
       from pg_control_system(), pg_database d, pg_namespace n
      where d.datname = current_database() and n.nspname = current_schema()`,
  )
  const identity = rows[0]?.identity
  if (!identity) throw new Error('The database has no current schema: its search_path names none that exists')
  return identity
}
