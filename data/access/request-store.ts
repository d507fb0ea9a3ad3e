/** The store as one request may use it: one transaction, under the identity of whoever asks and the role that owns and bypasses nothing. */
import { escapeLiteral, type Pool, type PoolClient } from 'pg'
import type { Store } from '../postgres/database.ts'
import { inTransaction, RequestPool, type Isolation, type Transaction } from '../postgres/transaction.ts'
import { throughGate } from './gate.ts'
import { markActed } from './keyed-request.ts'
import { hashOfToken, type Identity } from './keys.ts'

type Who = Pick<Identity, 'regionId' | 'role' | 'subject' | 'request'>

/** Runs `work` as the identity: row-level security decides what every query in it sees, whatever the caller forgot to ask.
 *
 *  ```sql
 *  begin; select enter_request(region, role, subject); set local role winst_request; …; commit
 *  ```
 *  Nested transactions of the store's functions are savepoints of this one. */
export async function asIdentity<T>(store: Store, identity: Who, work: (store: Store) => Promise<T>): Promise<T> {
  // Acts have a connection of their own: if every one were held by requests that wait for theirs, nobody would ever go on.
  return await throughGate(store.pool, () => entered(store, identity, 'winst_request', work))
}

/** The same for whoever only reads: all that is read is of one moment, and nothing is written. */
export async function asReader<T>(store: Store, identity: Who, work: (store: Store) => Promise<T>): Promise<T> {
  const isolation = 'repeatable read read only'
  return await throughGate(store.pool, () => entered(store, identity, 'winst_request', work, isolation))
}

/** Runs an act in the identity's name, with the rights of a worker. The triggers of the tables of acts hold their order and four eyes, and that
 *  no act carries another signature than the identity's (0019_signed_acts.sql). Of a request with a key the act is marked as done, with it. */
export async function asSigner<T>(store: Store, identity: Who, work: (store: Store) => Promise<T>): Promise<T> {
  return await entered(store, identity, 'winst_app', work)
}

/** Runs an act at the command line in the name of whoever holds the token: the database knows its hash, and lets its holder in.
 *  @returns null where the token is nobody's */
export async function asHolder<T>(store: Store, token: string, work: (store: Store) => Promise<T>): Promise<T | null> {
  return await inTransaction(store, async ({ db, client }) => {
    const { rows } = await client.query<{ entered: boolean }>('select enter_as_holder($1) as entered', [
      hashOfToken(token),
    ])
    if (rows[0]?.entered !== true) return null
    return await work({ db, pool: poolOf(client), url: store.url, close: async () => {} })
  })
}

/** Reads and computes what no party may see as a whole, with the rights of a worker and in nobody's name: whoever calls it shows of the result
 *  only what is the reader's. The login of the API by itself sees nobody. */
export async function asWorker<T>(store: Store, work: (store: Store) => Promise<T>): Promise<T> {
  const within = ({ db, client }: Transaction): Promise<T> =>
    work({ db, pool: poolOf(client), url: store.url, close: async () => {} })
  return await inTransaction(store, within, 'repeatable read', 'set local role winst_app')
}

async function entered<T>(
  store: Store,
  { regionId, role, subject, request }: Who,
  databaseRole: 'winst_request' | 'winst_app',
  work: (store: Store) => Promise<T>,
  isolation?: Isolation,
): Promise<T> {
  // Several statements have no parameters; together they are one round trip.
  const identity = `${regionId}, ${escapeLiteral(role)}, ${escapeLiteral(subject)}`
  const opening = `select enter_request(${identity}); set local role ${databaseRole}`
  const within = async ({ db, client }: Transaction): Promise<T> => {
    const done = await work({ db, pool: poolOf(client), url: store.url, close: async () => {} })
    if (request && databaseRole === 'winst_app') await markActed(client, request)
    return done
  }
  return await inTransaction(store, within, isolation, opening)
}

// Functions of the store ask a pool for a connection; here there is one, and it is this transaction's.
const poolOf = (client: PoolClient): Pool => new RequestPool(client) as unknown as Pool // it has what they use: query and connect
