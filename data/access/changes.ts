/** How many changes the database has recorded: what was rendered before holds as long as there is no other (0026_versions.sql). */
import { Client } from 'pg'
import type { Store } from '../postgres/database.ts'

export interface Changes {
  /** What holds now: a text that differs as soon as a change is committed, or a day begins. Asked after the call, never before it; all
   *  who call while one question is under way share the next. */
  now(): Promise<string>
  close(): Promise<void>
}

/** A loaded server must not wait behind its own slow pages to learn that a kept one holds: a connection for this alone, made anew once it
 *  is lost. */
export function watchChanges({ url }: Pick<Store, 'url'>): Changes {
  const [connectionTimeoutMillis, query_timeout] = [ANSWERS_WITHIN_MS, ANSWERS_WITHIN_MS]
  let connected: Client | null = null
  const lose = (client: Client): void => {
    if (connected === client) connected = null
    void client.end().catch(() => undefined)
  }
  async function connection(): Promise<Client> {
    const client = new Client({ connectionString: url, connectionTimeoutMillis, query_timeout })
    // A connection lost while it idles is made anew by the next question.
    client.on('error', () => lose(client))
    await client.connect()
    return (connected = client)
  }
  async function ask(): Promise<string> {
    const client = connected ?? (await connection())
    try {
      return (await client.query<{ holds: string }>(QUESTION)).rows[0]?.holds ?? ''
    } catch (error) {
      lose(client)
      throw error
    }
  }
  return { now: shared(ask), close: async () => await connected?.end() }
}

const ANSWERS_WITHIN_MS = 5_000

const QUESTION = { name: 'standing', text: `select changes || ' ' || today as holds from standing()` }

interface Batch<T> {
  readonly answer: Promise<T>
  readonly resolve: (answer: T) => void
  readonly reject: (reason: unknown) => void
}

function batch<T>(): Batch<T> {
  let [resolve, reject]: [Batch<T>['resolve'], Batch<T>['reject']] = [() => undefined, () => undefined]
  const answer = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { answer, resolve, reject }
}

/** One question at a time, at most one in each turn of the event loop, once everything that has arrived is read. The next question is on its
 *  way before those who waited for the last go on: the database answers while they are served. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let waiting: Batch<T> | null = null
  let isAsking = false
  function turn(): void {
    const asked = waiting
    waiting = null
    isAsking = asked !== null
    if (!asked) return
    const afterwards = (settle: () => void): void =>
      void setImmediate(() => {
        turn()
        settle()
      })
    ask().then(
      (answer) => afterwards(() => asked.resolve(answer)),
      (error: unknown) => afterwards(() => asked.reject(error)),
    )
  }
  return () => {
    waiting ??= batch()
    if (!isAsking) {
      isAsking = true
      setImmediate(turn)
    }
    return waiting.answer
  }
}
