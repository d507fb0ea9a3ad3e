/** Reads large bytea values by binary COPY, where a query would transfer two hexadecimal digits per byte. */
import { to as copyTo } from 'pg-copy-streams'
import { invariant } from '../../engine/kernel/refusal.ts'
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
    const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`, { highWaterMark: 1 << 20 }))
    const rows = new Rows()
    for await (const chunk of stream) rows.take(chunk as Buffer)
    return rows.whole()
  } catch (error) {
    broken = error as Error
    throw error
  } finally {
    client.release(broken)
  }
}

/** Parses the COPY stream incrementally: after a header of 19 bytes and its extension, per row a
 *  field count and, for the one field, a length and its bytes; a count of -1 ends it. */
class Rows {
  private readonly rows: Uint8Array[] = []
  /** what has come of a piece that says how to read on */
  private readonly head = Buffer.alloc(19)
  private held = 0
  private wanted = 19
  private part: 'header' | 'extension' | 'row' | 'bytes' | 'end' = 'header'
  /** bytes of the last row, or of the extension, that are still to come */
  private missing = 0

  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && this.part !== 'end';)
      at += this.part === 'bytes' || this.part === 'extension' ? this.fill(chunk, at) : this.gather(chunk, at)
  }

  whole(): Uint8Array[] {
    invariant(this.part === 'end', 'the copy ends with its mark')
    return this.rows
  }

  private fill(chunk: Buffer, at: number): number {
    const size = Math.min(this.missing, chunk.length - at)
    if (this.part === 'bytes') {
      const row = this.rows.at(-1)!
      row.set(chunk.subarray(at, at + size), row.length - this.missing)
    }
    this.missing -= size
    if (this.missing === 0) this.expectRow()
    return size
  }

  private gather(chunk: Buffer, at: number): number {
    const size = Math.min(this.wanted - this.held, chunk.length - at)
    chunk.copy(this.head, this.held, at, at + size)
    this.held += size
    if (this.part === 'header' && this.held === 19) {
      this.missing = this.head.readInt32BE(15)
      if (this.missing > 0) this.part = 'extension'
      else this.expectRow()
    } else if (this.part === 'row' && this.held === 2) {
      const fields = this.head.readInt16BE(0)
      invariant(fields === 1 || fields === -1, 'one column was asked for')
      if (fields === -1) this.part = 'end'
      else this.wanted = 6
    } else if (this.part === 'row' && this.held === 6) {
      this.missing = this.head.readInt32BE(2)
      invariant(this.missing >= 0, 'bytes are never null')
      this.rows.push(new Uint8Array(this.missing))
      if (this.missing > 0) this.part = 'bytes'
      else this.expectRow()
    }
    return size
  }

  private expectRow(): void {
    this.part = 'row'
    this.held = 0
    this.wanted = 2
  }
}
