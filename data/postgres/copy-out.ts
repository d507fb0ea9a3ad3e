/** Rows out of PostgreSQL in bulk: binary COPY, decoded into columns batch by batch, so that a table of millions never
 *  becomes millions of objects. */
import type { ClientBase } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { NEVER } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import { ByteDictionary } from '../columns/byte-dictionary.ts'

/** What a selected column is sent as. NULL reads as NaN (float8), NEVER (date), '' (text); an integer may not be null.
 *  A date becomes epoch days, an int8 a double (exact to 2^53), a float8[] is laid flat, its length the same in every row.
 *  A word is a recurring text, dictionary-encoded: its number is its place among the column's words, and no string is made per row. */
export type ReadKind = 'int2' | 'int4' | 'int8' | 'float8' | 'date' | 'text' | 'word' | 'float8[]'

/** One batch of rows; a column is read by its place in the select list. The next batch overwrites it: whoever takes it
 *  and waits must have read it first. */
export interface Batch {
  readonly rows: number
  readonly numbers: readonly (Int32Array | Float64Array)[]
  readonly texts: readonly string[][]
  /** of columns of words: those read so far, in order of arrival */
  readonly words: readonly (readonly string[])[]
  /** numbers a row, by column: the length of its vectors, else 1 */
  readonly widths: readonly number[]
}

/** PostgreSQL counts days from 2000-01-01, we from 1970-01-01. */
export const PG_EPOCH_DAYS = 10_957

// 32,768 rows of a dozen columns: a few MB, and long enough to make the callback free
const batchRows = 32_768
const noWords = new ByteDictionary()

/** Streams `select` (its casts must match `kinds`) and hands every batch to `take`.
 *  @returns the number of rows */
export async function copyOut(
  client: ClientBase,
  select: string,
  kinds: readonly ReadKind[],
  take: (batch: Batch) => void | Promise<void>,
): Promise<number> {
  const stream = client.query(copyTo(`copy (${select}) to stdout (format binary)`, { highWaterMark: 1 << 20 }))
  const decoder = new Decoder(kinds, take)
  for await (const chunk of stream) {
    decoder.write(chunk as Buffer)
    await decoder.taken()
  }
  decoder.end()
  await decoder.taken()
  return decoder.total
}

/** The tuples of a binary COPY stream, whose bytes arrive cut anywhere. */
class Decoder {
  private rest: Buffer = Buffer.alloc(0)
  private headed = false
  private finished = false
  private row = 0
  private taking: Promise<void>[] = []
  total = 0
  // by column; of a column that is of another kind, nothing
  private readonly ints: Int32Array[]
  private readonly doubles: Float64Array[]
  private readonly texts: string[][]
  private readonly widths: number[]
  private readonly words: string[][]
  private readonly places: ByteDictionary[]

  constructor(
    private readonly kinds: readonly ReadKind[],
    private readonly take: (batch: Batch) => void | Promise<void>,
  ) {
    const room = (kind: ReadKind, ...of: readonly ReadKind[]) => (of.includes(kind) ? batchRows : 0)
    this.ints = kinds.map((kind) => new Int32Array(room(kind, 'int2', 'int4', 'date', 'word')))
    this.doubles = kinds.map((kind) => new Float64Array(room(kind, 'float8', 'int8')))
    this.widths = kinds.map(() => 1)
    this.texts = kinds.map((kind) => (kind === 'text' ? Array.from({ length: batchRows }, () => '') : []))
    this.words = kinds.map(() => [])
    this.places = kinds.map((kind) => (kind === 'word' ? new ByteDictionary() : noWords))
  }

  write(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    if (!this.headed) {
      if (bytes.length < 19) return void (this.rest = bytes)
      at = 19 + view.getInt32(15)
      this.headed = true
    }
    while (!this.finished && at + 2 <= bytes.length) {
      const next = this.readRow(bytes, view, at)
      if (next < 0) break
      at = next
      if (this.row === batchRows) this.flush()
    }
    // a copy, so that a few bytes do not keep a whole chunk alive
    this.rest = Buffer.from(bytes.subarray(at))
  }

  end(): void {
    invariant(this.finished, 'a COPY stream ends with its trailer')
    this.flush()
  }

  /** Waits for the consumer of the batches (back-pressure). */
  async taken(): Promise<void> {
    await Promise.all(this.taking.splice(0))
  }

  private flush(): void {
    const { row: rows, texts, words, widths } = this
    const numbers = this.kinds.map((_, column) =>
      this.doubles[column]!.length > 0 ? this.doubles[column]! : this.ints[column]!,
    )
    const taking = rows > 0 && this.take({ rows, numbers, texts, words, widths })
    if (taking) this.taking.push(taking)
    this.total += this.row
    this.row = 0
  }

  /** Reads the tuple at `start`: where the next one starts, or -1 if it is not all there yet. */
  private readRow(bytes: Buffer, view: DataView, start: number): number {
    const fields = view.getInt16(start)
    let at = start + 2
    if (fields === -1) {
      this.finished = true
      return at
    }
    invariant(fields === this.kinds.length, 'a COPY row has the columns that were asked for')
    const end = bytes.length
    for (let column = 0; column < fields; column++) {
      if (at + 4 > end) return -1
      const length = view.getInt32(at)
      at += 4
      if (length > 0 && at + length > end) return -1
      this.readField(column, length, bytes, view, at)
      if (length > 0) at += length
    }
    this.row++
    return at
  }

  private readField(column: number, length: number, bytes: Buffer, view: DataView, at: number): void {
    const { row } = this
    switch (this.kinds[column]!) {
      case 'float8':
        invariant(length === 8 || length < 0, 'a float8 has eight bytes')
        this.doubles[column]![row] = length < 0 ? NaN : view.getFloat64(at)
        return
      case 'date':
        invariant(length === 4 || length < 0, 'a date has four bytes')
        this.ints[column]![row] = length < 0 ? NEVER : view.getInt32(at) + PG_EPOCH_DAYS
        return
      case 'int4':
        invariant(length === 4, 'an int4 that is read in bulk is never null')
        this.ints[column]![row] = view.getInt32(at)
        return
      case 'int2':
        invariant(length === 2, 'an int2 that is read in bulk is never null')
        this.ints[column]![row] = view.getInt16(at)
        return
      case 'word':
        this.ints[column]![row] = this.placeOf(column, bytes, at, at + Math.max(0, length))
        return
      case 'text':
        this.texts[column]![row] = length <= 0 ? '' : bytes.toString('utf8', at, at + length)
        return
      case 'int8':
        invariant(length === 8, 'an int8 that is read in bulk is never null')
        this.doubles[column]![row] = view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4)
        return
      case 'float8[]':
        this.readVector(column, length, view, at)
    }
  }

  private placeOf(column: number, bytes: Buffer, from: number, to: number): number {
    const place = this.places[column]!.get(bytes, from, to)
    if (place >= 0) return place
    this.places[column]!.set(bytes, from, to, this.words[column]!.length)
    return this.words[column]!.push(bytes.toString('utf8', from, to)) - 1
  }

  private readVector(column: number, length: number, view: DataView, at: number): void {
    const width = vectorWidth(length, view, at)
    if (this.total === 0 && this.row === 0) {
      this.widths[column] = width
      this.doubles[column] = new Float64Array(batchRows * width)
    }
    invariant(this.widths[column] === width, 'the vectors of a column are of one length')
    const values = this.doubles[column]!
    for (let k = 0; k < width; k++) values[this.row * width + k] = view.getFloat64(at + 24 + 12 * k)
  }
}

/** Dimensions, no-null flag, element type, length, lower bound; then a length word and eight bytes for each element. */
function vectorWidth(length: number, view: DataView, at: number): number {
  invariant(length >= 12, 'a vector is never null')
  const width = view.getInt32(at) === 0 ? 0 : view.getInt32(at + 12)
  invariant(width === 0 || length === 20 + 12 * width, 'a vector has one dimension, and no nulls')
  return width
}
