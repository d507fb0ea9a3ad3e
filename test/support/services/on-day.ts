/** Acts of another day than today: the setting that the database takes from the owner of its schema alone. */
import type { Pool } from 'pg'
import type { Store } from '../../../data/postgres/database.ts'
import { inTransaction, RequestPool } from '../../../data/postgres/transaction.ts'
import type { Day } from '../../../engine/kernel/calendar.ts'

/** Runs acts, by hand, as on a day: one transaction. */
export async function onDay<T>(store: Pick<Store, 'pool'>, day: Day, work: (store: Store) => Promise<T>): Promise<T> {
  return await inTransaction(store, async ({ db, client }) => {
    await client.query(`select set_config('winst.day', $1, true)`, [day])
    const pool = new RequestPool(client) as unknown as Pool // it has what they use: query and connect
    return await work({ db, pool, url: '', close: async () => {} })
  })
}
