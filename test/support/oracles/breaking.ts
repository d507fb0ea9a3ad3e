/** Connections that break at a chosen statement of a transaction. */
import type { Store } from '../../../data/postgres/database.ts'
import type { Transaction } from '../../../data/postgres/transaction.ts'

/** The server hangs up on a transaction before its nth statement goes out.
 *  @param onSent called for every statement   @param sent statements behind us: `begin`, unless said otherwise */
export function breakAt(
  store: Pick<Store, 'pool'>,
  { client }: Transaction,
  statement: number,
  onSent: () => void = () => {},
  sent = 1,
): void {
  const query = client.query.bind(client)
  const release = client.release.bind(client)
  // the server's process id, which the types do not tell
  const pid = (client as unknown as { readonly processID: number }).processID
  const breaking = async (...args: readonly unknown[]): Promise<unknown> => {
    sent++
    if (sent === statement) await store.pool.query('select pg_terminate_backend($1, 5000)', [pid])
    onSent()
    return await (query as (...args: unknown[]) => Promise<unknown>)(...args)
  }
  client.query = breaking as typeof client.query
  client.release = (error) => {
    Object.assign(client, { query, release })
    release(error)
  }
}

/** The store, of which the next connection that is taken breaks like that. */
export const breakingStore = (store: Pick<Store, 'pool'>, statement: number): Pick<Store, 'pool'> => ({
  pool: {
    connect: async () => {
      const client = await store.pool.connect()
      // `begin` comes through it too
      breakAt(store, { client } as Transaction, statement, undefined, 0)
      return client
    },
    // of a pool, the one method that a transaction takes
  } as unknown as Store['pool'],
})
