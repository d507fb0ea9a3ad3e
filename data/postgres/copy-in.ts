/** Rows into PostgreSQL in bulk: typed columns encoded as binary COPY, a megabyte at a time. */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ClientBase } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { NEVER } from '../../engine/kernel/calendar.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
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
  const fixed = encoders.reduce((sum, { bytes }) => sum + (typeof bytes === 'number' ? bytes : 0), 2)
  const varying = encoders.flatMap(({ bytes }) => (typeof bytes === 'number' ? [] : [bytes]))
  let chunk = viewed(Buffer.allocUnsafeSlow(chunkBytes))
  let at = header.copy(chunk.bytes)
  for (let row = 0; row < rows; row++) {
    let bytes = fixed
    for (const most of varying) bytes += most(row)
    if (at + bytes + 2 > chunk.bytes.length) {
      yield chunk.bytes.subarray(0, at)
      // a new buffer each time: the socket still holds the last
      chunk = viewed(Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes + 2)))
      at = 0
    }
    chunk.view.setInt16(at, columns.length)
    at += 2
    for (const encoder of encoders) at = encoder.write(row, chunk, at)
  }
  at += trailer.copy(chunk.bytes, at)
  yield chunk.bytes.subarray(0, at)
}

/** A piece of the stream, as bytes and as numbers. */
interface Chunk {
  readonly bytes: Buffer
  readonly view: DataView
}

const viewed = (bytes: Buffer): Chunk => ({ bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) })

interface Encoder {
  /** the most that one field can take, its length word included: always, or by row */
  readonly bytes: number | ((row: number) => number)
  /** @returns where the next field starts */
  readonly write: (row: number, chunk: Chunk, at: number) => number
}

function encoderOf(column: CopyColumn): Encoder {
  switch (column.kind) {
    case 'text':
      return textEncoder((row) => column.values[row] ?? null)
    case 'label':
      return labelEncoder(column.values, column.labels)
    case 'float8[]':
      return vectorEncoder(column.values, column.width)
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float8':
    case 'date':
      return numberEncoder(column.kind, column.values)
  }
}

const widths = { int2: 2, int4: 4, int8: 8, float8: 8, date: 4 } as const

function numberEncoder(kind: keyof typeof widths, values: ArrayLike<number> | number): Encoder {
  const valueOf = typeof values === 'number' ? () => values : (row: number) => values[row] as number
  const width = widths[kind]
  const put = putters[kind]
  return {
    bytes: 4 + width,
    write(row, { view }, at) {
      const value = valueOf(row)
      const isNull = Number.isNaN(value) || (kind === 'date' && value === NEVER)
      view.setInt32(at, isNull ? -1 : width)
      if (isNull) return at + 4
      put(view, at + 4, value)
      return at + 4 + width
    },
  }
}

const putters = {
  int2: (view: DataView, at: number, value: number) => view.setInt16(at, value),
  int4: (view: DataView, at: number, value: number) => view.setInt32(at, value),
  int8: (view: DataView, at: number, value: number) => view.setBigInt64(at, BigInt(value)),
  float8: (view: DataView, at: number, value: number) => view.setFloat64(at, value),
  date: (view: DataView, at: number, value: number) => view.setInt32(at, value - PG_EPOCH_DAYS),
} as const

const textEncoder = (valueOf: (row: number) => string | null): Encoder => ({
  // UTF-8 takes at most three bytes for a UTF-16 code unit
  bytes: (row) => 4 + 3 * (valueOf(row)?.length ?? 0),
  write(row, { bytes, view }, at) {
    const text = valueOf(row)
    const written = text === null ? 0 : bytes.write(text, at + 4, 'utf8')
    view.setInt32(at, text === null ? -1 : written)
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
  return {
    bytes: Math.max(4, ...fields.map(({ length }) => length)),
    write(row, { bytes }, at) {
      const field = fields[values[row] as number]
      invariant(field, 'a label is in its list')
      return at + field.copy(bytes, at)
    },
  }
}

/** A one-dimensional float8[]: dimensions, no-null flag, element type, length, lower bound, then the elements. */
function vectorEncoder(values: Float64Array, width: number): Encoder {
  const bytes = 4 + 20 + 12 * width
  const words = [bytes - 4, 1, 0, FLOAT8_OID, width, 1]
  return {
    bytes,
    write(row, { view }, start) {
      words.forEach((word, place) => view.setInt32(start + 4 * place, word))
      let at = start + 24
      for (let k = row * width; k < (row + 1) * width; k++, at += 12) {
        view.setInt32(at, 8)
        view.setFloat64(at + 4, values[k]!)
      }
      return at
    },
  }
}
