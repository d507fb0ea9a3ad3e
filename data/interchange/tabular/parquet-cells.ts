/** Values of Parquet as the cells that CSV would have: days, decimals digit for digit, the shortest number that is meant. */
import type { FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet'
import { NESTED } from './table.ts'

export interface ParquetColumn {
  readonly name: string
  readonly cellOf: (value: unknown) => string
}

const dayMilliseconds = 86_400_000
const decoder = new TextDecoder()

/** Times as texts: the day alone at midnight. */
export const PARSERS: Partial<ParquetParsers> = {
  dateFromDays: (days) => (days === undefined || days === null ? undefined : momentOf(days * dayMilliseconds)),
  timestampFromMilliseconds: (value) => momentOf(Number(value)),
  timestampFromMicroseconds: (value) => momentOf(Number(value / 1000n)),
  timestampFromNanoseconds: (value) => momentOf(Number(value / 1_000_000n)),
  stringFromBytes: (bytes: unknown) => (bytes instanceof Uint8Array ? decoder.decode(bytes) : bytes),
  jsonFromBytes: (bytes: unknown) => (bytes instanceof Uint8Array ? decoder.decode(bytes) : bytes),
}

/** The columns that hold one value a row. Decimals are taken out of the reader's hands, which would make doubles of them. */
export function columnsIn(metadata: FileMetaData): ParquetColumn[] {
  const [root, ...elements] = metadata.schema
  const columns: ParquetColumn[] = []
  let at = 0
  for (let child = 0; child < (root?.num_children ?? 0) && at < elements.length; child++) {
    const element = elements[at] as SchemaElement
    const end = endOf(elements, at)
    // lists and records are left out: no column of the interface is one
    if (end === at + 1 && element.repetition_type !== 'REPEATED')
      columns.push({ name: element.name, cellOf: cellsOf(element) })
    at = end
  }
  return columns
}

/** Where the subtree of an element ends. */
function endOf(elements: readonly SchemaElement[], at: number): number {
  let [end, open] = [at, 1]
  for (; open > 0 && end < elements.length; end++) open += (elements[end]?.num_children ?? 0) - 1
  return end
}

function cellsOf(element: SchemaElement): (value: unknown) => string {
  const { converted_type, logical_type, scale: convertedScale = 0 } = element
  if (converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL') {
    const scale = logical_type?.type === 'DECIMAL' ? logical_type.scale : convertedScale
    delete element.converted_type
    delete element.logical_type
    return (value) => (isNothing(value) ? '' : decimalOf(digitsOf(value), scale))
  }
  return element.type === 'FLOAT' ? (value) => plain(typeof value === 'number' ? shortestFloat(value) : value) : plain
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined

function plain(value: unknown): string {
  if (isNothing(value)) return ''
  if (value instanceof Uint8Array) return decoder.decode(value)
  if (typeof value === 'string') return value
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'boolean') return NESTED
  return Number.isNaN(value) ? '' : String(value)
}

/** The digits of a decimal: an integer, or its bytes, the highest first, in two's complement. */
function digitsOf(value: unknown): bigint {
  if (typeof value === 'bigint') return value
  if (!(value instanceof Uint8Array)) return BigInt(Number(value))
  let digits = 0n
  for (const byte of value) digits = (digits << 8n) | BigInt(byte)
  return BigInt.asIntN(8 * Math.max(1, value.length), digits)
}

/** Digits with the point put in: -5 at scale 2 is -0.05. */
function decimalOf(digits: bigint, scale: number): string {
  const sign = digits < 0n ? '-' : ''
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0')
  return scale === 0 ? sign + text : `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`
}

/** 7.1 as 32 bits is 7.099999904632568 as 64: what was meant is the shortest that gives the same 32 bits. */
function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

function momentOf(milliseconds: number): string {
  const moment = new Date(milliseconds)
  if (Number.isNaN(moment.getTime())) return String(milliseconds)
  const text = moment.toISOString()
  return milliseconds % dayMilliseconds === 0 ? text.replace(/T.*/, '') : text
}
