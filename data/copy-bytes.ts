/** Large values out of PostgreSQL as they are: binary COPY, where a query would send and parse two letters a byte. */
import { to as copyTo } from 'pg-copy-streams'
import { invariant } from '../engine/refusal.ts'
import type { Store } from './database.ts'

/** @param select tells, with a way to quote a text, which rows of one bytea column; few enough to be held
 *  @returns the bytes of each row, in their order, each in a buffer of its own (which can move to a thread) */
export async function copyOutBytes(
  store: Pick<Store, 'pool'>,
  select: (quoting: { readonly literal: (text: string) => string }) => string,
): Promise<Uint8Array[]> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  try {
    const query = select({ literal: (text) => client.escapeLiteral(text) })
    const chunks: Buffer[] = []
    const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`, { highWaterMark: 1 << 20 }))
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    return rowsOf(Buffer.concat(chunks))
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    client.release(broken)
  }
}

/** After a header of 19 bytes and its extension: per row a field count and, for the one field, a length and its bytes; -1 ends it. */
function rowsOf(copied: Buffer): Uint8Array[] {
  const rows: Uint8Array[] = []
  let at = 19 + copied.readInt32BE(15)
  while (copied.readInt16BE(at) !== -1) {
    invariant(copied.readInt16BE(at) === 1, 'one column was asked for')
    const length = copied.readInt32BE(at + 2)
    invariant(length >= 0, 'bytes are never null')
    rows.push(new Uint8Array(copied.subarray(at + 6, at + 6 + length)))
    at += 6 + length
  }
  return rows
}
