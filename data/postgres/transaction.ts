/** One transaction, open to Kysely and to bulk COPY alike: both speak over the same connection. */
import { Kysely, PostgresDialect } from 'kysely'
import type { PoolClient } from 'pg'
import type { Store } from './database.ts'
import type { Tables } from './tables.ts'

export interface Transaction {
  readonly db: Kysely<Tables>
  readonly client: PoolClient
}

export type Isolation = 'read committed' | 'repeatable read' | 'repeatable read read only' | 'serializable'

/** Runs `work` in a transaction: committed if it returns, undone if it throws.
 *  @param opening statements that go to the server together with its beginning */
export async function inTransaction<T>(
  store: Pick<Store, 'pool'>,
  work: (transaction: Transaction) => Promise<T>,
  isolation: Isolation = 'read committed',
  opening = '',
): Promise<T> {
  if (store.pool instanceof RequestPool) return await inSavepoint(store.pool.client, work, opening)
  const client = await store.pool.connect()
  let broken: Error | undefined
  // a closed connection is reported by the pending query; without a listener it would end the process
  const hungUp = (error: Error) => void (broken = error)
  client.on('error', hungUp)
  try {
    await client.query([`begin isolation level ${isolation}`, ...(opening ? [opening] : [])].join('; '))
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

/** The one connection of a request's transaction, where the store's functions expect a pool. */
export class RequestPool {
  constructor(readonly client: PoolClient) {}

  readonly query = ((...asked: Parameters<PoolClient['query']>) => this.client.query(...asked)) as PoolClient['query']

  async connect(): Promise<PoolClient> {
    return lent(this.client)
  }
}

/** A transaction inside another: undone alone if it throws, kept only if the outer one is. Its isolation is the outer one's. */
async function inSavepoint<T>(
  client: PoolClient,
  work: (transaction: Transaction) => Promise<T>,
  opening: string,
): Promise<T> {
  await client.query(['savepoint nested', ...(opening ? [opening] : [])].join('; '))
  try {
    const result = await work({ db: kyselyOver(client), client })
    await client.query('release savepoint nested')
    return result
  } catch (error) {
    await client.query('rollback to savepoint nested')
    throw error
  }
}

/** A connection whose borrower cannot hand it back to the pool. */
const lent = (client: PoolClient): PoolClient =>
  new Proxy(client, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (name === 'release') return () => {}
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

/** Kysely on a connection that is ours, and stays so when Kysely is done with it. */
function kyselyOver(client: PoolClient): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect: async () => lent(client), end: async () => {} } }),
  })
}
