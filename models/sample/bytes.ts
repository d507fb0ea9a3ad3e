/** Columns and numbers as bytes: the same content gives the same bytes, on every machine and in every process. */
import { invariant } from '../../engine/kernel/refusal.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

const kinds = {
  f64: Float64Array,
  f32: Float32Array,
  i32: Int32Array,
  i16: Int16Array,
  u32: Uint32Array,
  u8: Uint8Array,
}
type Kind = keyof typeof kinds
export type Column = Float64Array | Float32Array | Int32Array | Int16Array | Uint32Array | Uint8Array

/** Named columns with whatever else has to be known about them. */
export interface Packed {
  readonly meta: { readonly [key: string]: Json }
  readonly arrays: Readonly<Record<string, Column>>
}

// Every array starts on a multiple of this, so that it can be read where it lies.
const alignment = 8
const aligned = (size: number): number => Math.ceil(size / alignment) * alignment

/** [header length, u32 LE][zero, u32][header, JSON][arrays, each aligned to 8 bytes, little-endian]. */
export function pack({ meta, arrays }: Packed): Uint8Array {
  const names = Object.keys(arrays)
  const layout: { name: string; kind: Kind; length: number; at: number }[] = []
  let at = 0
  for (const name of names) {
    const array = arrays[name]!
    layout.push({ name, kind: kindOf(array), length: array.length, at })
    at += aligned(array.byteLength)
  }
  const header = new TextEncoder().encode(JSON.stringify({ meta, layout }))
  const start = aligned(8 + header.length)
  const bytes = new Uint8Array(start + at)
  new DataView(bytes.buffer).setUint32(0, header.length, true)
  bytes.set(header, 8)
  layout.forEach((entry) => {
    const array = arrays[entry.name]!
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + entry.at)
  })
  return bytes
}

/** What `pack` packed; the arrays are copies, so that the bytes may go. */
export function unpack(packed: Uint8Array): Packed {
  // A Buffer's slices are no copies.
  const bytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.length)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(0, true)
  const { meta, layout } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as {
    meta: Packed['meta']
    layout: { name: string; kind: Kind; length: number; at: number }[]
  }
  const start = aligned(8 + length)
  const arrays: Record<string, Column> = {}
  for (const { name, kind, length: size, at } of layout) {
    const from = start + at
    const until = from + size * kinds[kind].BYTES_PER_ELEMENT
    invariant(until <= bytes.length, `column ${name} lies within the bytes`)
    arrays[name] = new kinds[kind](bytes.slice(from, until).buffer)
  }
  return { meta, arrays }
}

/** The bytes of one of a packed thing's columns, as the kind it must have. */
export function columnOf<K extends Kind>(packed: Packed, name: string, kind: K): InstanceType<(typeof kinds)[K]> {
  const column = packed.arrays[name]
  invariant(column instanceof kinds[kind], `column ${name} is ${kind}`)
  return column as InstanceType<(typeof kinds)[K]>
}

function kindOf(array: Column): Kind {
  const kind = (Object.keys(kinds) as Kind[]).find((key) => array instanceof kinds[key])
  invariant(kind, 'a column is a typed array that can be packed')
  return kind
}
