import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packed, unpacked } from '../../../data/columns/packed.ts'

const arrays = fc.oneof(
  fc.uint8Array(),
  fc.int16Array(),
  fc.int32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.array(fc.string({ unit: 'grapheme' })),
)
const documents = fc.dictionary(
  fc.string().filter((key) => !['$array', '__proto__', 'toJSON'].includes(key)),
  fc.oneof(arrays, fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(arrays)),
)

describe('packed', () => {
  test('comes back as it went, and the same value gives the same bytes', () =>
    fc.assert(
      fc.property(documents, (document) => {
        const bytes = packed(document)
        expect({ ...(unpacked(bytes) as object) }).toEqual({ ...document })
        expect(Buffer.from(packed(document)).equals(bytes)).toBe(true)
      }),
    ))

  test('opens bytes that lie anywhere in a larger buffer', () => {
    const bytes = packed({ values: Float64Array.of(1 / 3, NaN, -0), name: 'é' })
    const shifted = new Uint8Array(bytes.length + 3)
    shifted.set(bytes, 3)
    expect(unpacked(shifted.subarray(3))).toEqual({ values: Float64Array.of(1 / 3, NaN, -0), name: 'é' })
  })

  test('makes views, not copies', () => {
    const bytes = packed({ values: Int32Array.of(1, 2, 3) })
    expect((unpacked(bytes) as { values: Int32Array }).values.buffer).toBe(bytes.buffer)
  })

  test('refuses bytes that are none of its own', () => {
    expect(() => unpacked(new Uint8Array(16))).toThrow('packed bytes start with their mark')
  })
})
