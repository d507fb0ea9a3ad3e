/** Documents of typed arrays as bytes: a JSON header with the plain values, then the arrays as they lie in memory.
 *  Decoding makes views, not copies, so a worker thread can open a panel of millions of readings in a millisecond. */
import { invariant } from '../../engine/kernel/refusal.ts'

const arrayTypes = { Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array } as const
type ArrayType = keyof typeof arrayTypes
type Numbers = InstanceType<(typeof arrayTypes)[ArrayType]>

interface Placed {
  readonly $array: ArrayType
  /** bytes after the header */
  readonly at: number
  readonly length: number
}

const MAGIC = 0x57_50_4b_31 // 'WPK1'
const preamble = 8
const aligned = (bytes: number) => Math.ceil(bytes / 8) * 8

/** The bytes of a value made of objects, arrays, strings, numbers, booleans, nulls and typed arrays. The same value
 *  gives the same bytes. Little-endian, as every machine that Node runs on. */
export function packed(value: unknown): Uint8Array {
  const arrays: { readonly array: Numbers; readonly at: number }[] = []
  let end = 0
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (!ArrayBuffer.isView(part)) return part
    const array = part as Numbers
    const name = array.constructor.name
    invariant(name in arrayTypes, `a ${name} can be packed`)
    const placed: Placed = { $array: name as ArrayType, at: end, length: array.length }
    arrays.push({ array, at: end })
    end = aligned(end + array.byteLength)
    return placed
  })
  const head = new TextEncoder().encode(text)
  const body = aligned(preamble + head.length)
  const bytes = new Uint8Array(body + end)
  const words = new Uint32Array(bytes.buffer, 0, 2)
  words[0] = MAGIC
  words[1] = head.length
  bytes.set(head, preamble)
  for (const { array, at } of arrays)
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), body + at)
  return bytes
}

/** The value of `packed` bytes; its typed arrays are views on `bytes` (copied once if those do not lie on a multiple of 8). */
export function unpacked(bytes: Uint8Array): unknown {
  const own = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
  const words = new Uint32Array(own.buffer, own.byteOffset, 2)
  invariant(words[0] === MAGIC, 'packed bytes start with their mark')
  const headLength = words[1] as number
  const text = new TextDecoder().decode(own.subarray(preamble, preamble + headLength))
  const body = own.byteOffset + aligned(preamble + headLength)
  return JSON.parse(text, (_key, part: unknown) => {
    if (!isPlaced(part)) return part
    return new arrayTypes[part.$array](own.buffer as ArrayBuffer, body + part.at, part.length)
  })
}

const isPlaced = (part: unknown): part is Placed => typeof part === 'object' && part !== null && '$array' in part
