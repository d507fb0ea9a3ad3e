/** One transaction, open to Kysely and to bulk COPY alike: both speak over the same connection. */
import { Kysely, PostgresDialect } from 'kysely'
import type { PoolClient } from 'pg'
import type { Store } from './database.ts'
import type { Tables } from './tables.ts'

export interface Transaction {
  readonly db: Kysely<Tables>
  readonly client: PoolClient
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** Runs `work` in a transaction: committed if it returns, undone if it throws. */
export async function inTransaction<T>(
  store: Pick<Store, 'pool'>,
  work: (transaction: Transaction) => Promise<T>,
  isolation: Isolation = 'read committed',
): Promise<T> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  // a closed connection is reported by the pending query; without a listener it would end the process
  const hungUp = (error: Error) => void (broken = error)
  client.on('error', hungUp)
  try {
    await client.query(`begin isolation level ${isolation}`)
    const result = await work({ db: kyselyOver(client), client })
    await client.query('commit')
    return result
  } catch (error) {
    // a connection that cannot roll back is not reused
    await client.query('rollback').catch((failure: Error) => (broken = failure))
    throw error
  } finally {
    client.off('error', hungUp)
    client.release(broken)
  }
}

/** Kysely on a connection that is ours, and stays so when Kysely is done with it. */
function kyselyOver(client: PoolClient): Kysely<Tables> {
  const borrowed = new Proxy(client, {
    get: (target, name) => (name === 'release' ? () => {} : Reflect.get(target, name, target)),
  })
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => borrowed, end: async () => {} } }),
  })
}
