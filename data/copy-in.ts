/** Rows into PostgreSQL in bulk: typed columns encoded as binary COPY, a megabyte at a time. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { NEVER } from '../engine/calendar.ts'
import { invariant } from '../engine/refusal.ts'
import { PG_EPOCH_DAYS } from './copy-out.ts'

/** One column of a table: a value a row, or one number for every row. NaN, NEVER (in a date) and null become NULL. */
export type CopyColumn =
  | { readonly kind: 'int2' | 'int4' | 'int8' | 'float8' | 'date'; readonly values: ArrayLike<number> | number }
  | { readonly kind: 'text'; readonly values: ArrayLike<string | null> }
  /** text (or an enum) by its place in a short list */
  | { readonly kind: 'label'; readonly values: ArrayLike<number>; readonly labels: readonly string[] }
  /** `width` doubles a row, in one flat array */
  | { readonly kind: 'float8[]'; readonly values: Float64Array; readonly width: number }

const header = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
const trailer = Buffer.from('ffff', 'hex')
const chunkBytes = 1 << 20
const FLOAT8_OID = 701

/** Appends `rows` rows to `table` (a name of ours, never of a user's). */
export async function copyIn(
  client: ClientBase,
  table: string,
  columns: Readonly<Record<string, CopyColumn>>,
  rows: number,
): Promise<void> {
  if (rows === 0) return
  const names = Object.keys(columns).join(', ')
  const stream = client.query(copyFrom(`copy ${table} (${names}) from stdin (format binary)`))
  await pipeline(Readable.from(chunks(Object.values(columns), rows), { objectMode: true, highWaterMark: 2 }), stream)
}

function* chunks(columns: readonly CopyColumn[], rows: number): Generator<Buffer> {
  const encoders = columns.map(encoderOf)
  let chunk = Buffer.allocUnsafe(chunkBytes)
  let at = header.copy(chunk)
  for (let row = 0; row < rows; row++) {
    let bytes = 2
    for (const encoder of encoders) bytes += encoder.bytes(row)
    if (at + bytes + 2 > chunk.length) {
      yield chunk.subarray(0, at)
      // a new buffer each time: the socket still holds the last
      chunk = Buffer.allocUnsafe(Math.max(chunkBytes, bytes + 2))
      at = 0
    }
    at = chunk.writeInt16BE(columns.length, at)
    for (const encoder of encoders) at = encoder.write(row, chunk, at)
  }
  at += trailer.copy(chunk, at)
  yield chunk.subarray(0, at)
}

interface Encoder {
  /** the most that one field can take, its length word included */
  readonly bytes: (row: number) => number
  readonly write: (row: number, chunk: Buffer, at: number) => number
}

function encoderOf(column: CopyColumn): Encoder {
  switch (column.kind) {
    case 'text':
      return textEncoder((row) => column.values[row] ?? null)
    case 'label':
      return labelEncoder(column.values, column.labels)
    case 'float8[]':
      return vectorEncoder(column.values, column.width)
    default:
      return numberEncoder(column.kind, column.values)
  }
}

const widths = { int2: 2, int4: 4, int8: 8, float8: 8, date: 4 } as const

function numberEncoder(kind: keyof typeof widths, values: ArrayLike<number> | number): Encoder {
  const valueOf = typeof values === 'number' ? () => values : (row: number) => values[row] as number
  const width = widths[kind]
  const put = putters[kind]
  return {
    bytes: () => 4 + width,
    write(row, chunk, at) {
      const value = valueOf(row)
      if (Number.isNaN(value) || (kind === 'date' && value === NEVER)) return chunk.writeInt32BE(-1, at)
      return put(chunk, value, chunk.writeInt32BE(width, at))
    },
  }
}

const putters = {
  int2: (chunk: Buffer, value: number, at: number) => chunk.writeInt16BE(value, at),
  int4: (chunk: Buffer, value: number, at: number) => chunk.writeInt32BE(value, at),
  int8: (chunk: Buffer, value: number, at: number) => chunk.writeBigInt64BE(BigInt(value), at),
  float8: (chunk: Buffer, value: number, at: number) => chunk.writeDoubleBE(value, at),
  date: (chunk: Buffer, value: number, at: number) => chunk.writeInt32BE(value - PG_EPOCH_DAYS, at),
} as const

const textEncoder = (valueOf: (row: number) => string | null): Encoder => ({
  // UTF-8 takes at most three bytes for a UTF-16 code unit
  bytes: (row) => 4 + 3 * (valueOf(row)?.length ?? 0),
  write(row, chunk, at) {
    const text = valueOf(row)
    if (text === null) return chunk.writeInt32BE(-1, at)
    const written = chunk.write(text, at + 4, 'utf8')
    chunk.writeInt32BE(written, at)
    return at + 4 + written
  },
})

function labelEncoder(values: ArrayLike<number>, labels: readonly string[]): Encoder {
  const fields = labels.map((label) => {
    const text = Buffer.from(label, 'utf8')
    const field = Buffer.alloc(4 + text.length)
    field.writeInt32BE(text.length)
    text.copy(field, 4)
    return field
  })
  const fieldOf = (row: number) => {
    const field = fields[values[row] as number]
    invariant(field, 'a label stands in its list')
    return field
  }
  return {
    bytes: (row) => fieldOf(row).length,
    write: (row, chunk, at) => at + fieldOf(row).copy(chunk, at),
  }
}

/** A one-dimensional float8[]: dimensions, no-null flag, element type, length, lower bound, then the elements. */
function vectorEncoder(values: Float64Array, width: number): Encoder {
  const bytes = 4 + 20 + 12 * width
  return {
    bytes: () => bytes,
    write(row, chunk, start) {
      let at = start
      for (const word of [bytes - 4, 1, 0, FLOAT8_OID, width, 1]) at = chunk.writeInt32BE(word, at)
      for (let k = row * width; k < (row + 1) * width; k++)
        at = chunk.writeDoubleBE(values[k] as number, chunk.writeInt32BE(8, at))
      return at
    },
  }
}
