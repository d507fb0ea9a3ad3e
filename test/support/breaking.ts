/** Connections that break in the middle of a transaction, where a test wants them to. */
import type { Store } from '../../data/database.ts'
import type { Transaction } from '../../data/transaction.ts'

/** The server hangs up on a transaction before its nth statement goes out; `begin`, the first, is behind us.
 *  @param onSent called for every statement */
export function breakAt(
  store: Pick<Store, 'pool'>,
  { client }: Transaction,
  statement: number,
  onSent: () => void = () => {},
): void {
  const { query, release } = client
  const pid = (client as unknown as { readonly processID: number }).processID
  let sent = 1
  const breaking = async (...args: readonly unknown[]): Promise<unknown> => {
    sent++
    if (sent === statement) await store.pool.query('select pg_terminate_backend($1, 5000)', [pid])
    onSent()
    return await (query as (...args: unknown[]) => Promise<unknown>).apply(client, [...args])
  }
  client.query = breaking as typeof client.query
  client.release = (error) => {
    Object.assign(client, { query, release })
    release.call(client, error)
  }
}
