/** Rows for COPY in its binary format: PostgreSQL takes them a third faster than text, and a day or a number is read only once. */
import { type Day, epochDayOf } from '../../../engine/kernel/calendar.ts'
import type { EpochDay } from '../../../engine/kernel/calendar.ts'
import { invariant } from '../../../engine/kernel/refusal.ts'
import { PG_EPOCH_DAYS } from '../../postgres/copy-out.ts'
import { ABSENT } from './cells.ts'

/** What a column of a file's table is. */
export type ColumnType = 'int' | 'smallint' | 'bigint' | 'float8' | 'date' | 'text' | 'char(1)'

const chunkBytes = 1 << 20
const longestRow = 1 << 18 // five texts of ten thousand characters, three bytes each
const NULL_FIELD = -1
const FIRST_VISIBLE = 32
const LAST_VISIBLE = 126
/** Days before any that a file may name. */
export const NO_DAY: EpochDay = -2147483648
/** Stands for NULL where a year is read back. */
export const NO_YEAR = -32768

export const COPY_HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex')
export const COPY_TRAILER = Buffer.from('ffff', 'hex')

/** Writes fields one after the other; complete rows are handed over in chunks. */
export class RowWriter {
  private chunk = Buffer.allocUnsafeSlow(chunkBytes + longestRow)
  view = viewOf(this.chunk)
  /** offset of the next field */
  at = 0
  private rowStart = 0
  private chunks: Buffer[] = []
  private readonly days = new Map<Day, EpochDay>()

  /** Begins a row of so many fields; an unfinished row is discarded. */
  beginRow(fields: number): void {
    this.at = this.rowStart
    this.view.setInt16(this.at, fields)
    this.at += 2
  }

  endRow(): void {
    this.rowStart = this.at
  }

  /** Whether the chunk is full. */
  get full(): boolean {
    return this.rowStart >= chunkBytes
  }

  /** Offset at which the current or next row begins. */
  get row(): number {
    return this.rowStart
  }

  /** Removes a complete row from the chunk; later rows move up. */
  removeRow(from: number, to: number): void {
    this.chunk.copyWithin(from, to, this.rowStart)
    this.rowStart -= to - from
    this.at = this.rowStart
  }

  /** The chunks since the last call, without an unfinished row. */
  take(): Buffer[] {
    if (this.rowStart > 0) this.closeChunk()
    const { chunks } = this
    this.chunks = []
    return chunks
  }

  nullField(): void {
    this.view.setInt32(this.at, NULL_FIELD)
    this.at += 4
  }

  int4(value: number): void {
    this.view.setInt32(this.at, 4)
    this.view.setInt32(this.at + 4, value)
    this.at += 8
  }

  int2(value: number): void {
    this.view.setInt32(this.at, 2)
    this.view.setInt16(this.at + 4, value)
    this.at += 6
  }

  /** @param value an integer of at most 53 bits */
  int8(value: number): void {
    this.view.setInt32(this.at, 8)
    this.view.setInt32(this.at + 4, Math.floor(value / 2 ** 32))
    this.view.setInt32(this.at + 8, (value % 2 ** 32) | 0)
    this.at += 12
  }

  float8(value: number): void {
    this.view.setInt32(this.at, 8)
    this.view.setFloat64(this.at + 4, value)
    this.at += 12
  }

  day(value: EpochDay): void {
    this.int4(value - PG_EPOCH_DAYS)
  }

  bool(value: boolean): void {
    this.view.setInt32(this.at, 1)
    this.view.setInt8(this.at + 4, value ? 1 : 0)
    this.at += 5
  }

  /** Sets a boolean field to true. */
  setTrue(at: number): void {
    this.view.setInt8(at + 4, 1)
  }

  text(value: string): void {
    const bytes = this.chunk.write(value, this.at + 4, 'utf8')
    this.view.setInt32(this.at, bytes)
    this.at += 4 + bytes
  }

  /** Text as its UTF-8 bytes stand in the file. */
  bytes(source: Uint8Array, from: number, to: number): void {
    this.view.setInt32(this.at, to - from)
    let at = this.at + 4
    for (let i = from; i < to; i++) this.chunk[at++] = source[i] as number
    this.at = at
  }

  /** The same of a text of which every byte can be seen and is ASCII. @returns false if one is not: then nothing is written */
  plainBytes(source: Uint8Array, from: number, to: number): boolean {
    const { chunk } = this
    let at = this.at + 4
    for (let i = from; i < to; i++) {
      const byte = source[i] as number
      if (byte < FIRST_VISIBLE || byte > LAST_VISIBLE) return false
      chunk[at++] = byte
    }
    this.view.setInt32(this.at, to - from)
    this.at = at
    return true
  }

  /** Fields as another writer encoded them. */
  copyOf(other: RowWriter, from: number, to: number): void {
    this.at += other.chunk.copy(this.chunk, this.at, from, to)
  }

  /** A field of a column, from the text of its cell. */
  cell(type: ColumnType, value: string): void {
    if (value === ABSENT) this.nullField()
    else if (type === 'text' || type === 'char(1)') this.text(value)
    else if (type === 'date') this.day(this.epochDayOf(value as Day))
    else if (type === 'int') this.int4(Number(value))
    else if (type === 'smallint') this.int2(Number(value))
    else if (type === 'bigint') this.int8(Number(value))
    else this.float8(Number(value))
  }

  private epochDayOf(day: Day): EpochDay {
    let known = this.days.get(day)
    if (known === undefined) this.days.set(day, (known = epochDayOf(day)))
    return known
  }

  /** The integer written at an offset. */
  intAt(at: number): number {
    return this.view.getInt32(at + 4)
  }

  /** The smallint written at an offset. */
  smallAt(at: number): number {
    return this.view.getInt16(at + 4)
  }

  /** The day written at an offset; NO_DAY for NULL. */
  dayAt(at: number): EpochDay {
    return this.view.getInt32(at) === NULL_FIELD ? NO_DAY : this.view.getInt32(at + 4) + PG_EPOCH_DAYS
  }

  /** Closes the chunk; the next row starts a new one. */
  closeChunk(): void {
    invariant(this.rowStart <= this.chunk.length, 'a row fits its chunk')
    this.chunks.push(this.chunk.subarray(0, this.rowStart))
    // a new buffer each time: the socket still holds the last
    this.chunk = Buffer.allocUnsafeSlow(chunkBytes + longestRow)
    this.view = viewOf(this.chunk)
    this.at = 0
    this.rowStart = 0
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
