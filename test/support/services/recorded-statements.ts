/** The statements that a store's connections send, as the server gets them. */
import type { PoolClient } from 'pg'
import type { Store } from '../../../data/postgres/database.ts'

/** Listens to every connection of the store from now on.
 *  @returns what was sent since it was last asked; in order, or sorted where connections ran side by side */
export function recordedStatements({ pool }: Pick<Store, 'pool'>): () => string[] {
  const sent: { readonly by: PoolClient; readonly text: string }[] = []
  const heard = new Set<PoolClient>()
  pool.on('acquire', (client) => {
    if (heard.has(client)) return
    heard.add(client)
    const query = client.query.bind(client) as (...args: unknown[]) => unknown
    const recording = (...args: readonly unknown[]): unknown => {
      sent.push({ by: client, text: textOf(args[0]) })
      return query(...args)
    }
    client.query = recording as typeof client.query
  })
  return () => {
    const since = sent.splice(0)
    const texts = since.map(({ text }) => text)
    return new Set(since.map(({ by }) => by)).size > 1 ? texts.toSorted() : texts
  }
}

/** Of a text, a configuration with a text, or a COPY stream, which carries its own. */
const textOf = (query: unknown): string =>
  readable(typeof query === 'string' ? query : (query as { readonly text: string }).text)

/** On one line, and without what differs from one database to the next: hashes stand for what was hashed. */
const readable = (text: string): string =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<sha256>')
    .trim()
