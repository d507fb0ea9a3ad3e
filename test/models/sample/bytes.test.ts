import { expect, test } from 'vitest'
import { pack, unpack } from '../../../models/sample/bytes.ts'

const packed = {
  meta: { name: 'x', folds: 5 },
  arrays: { small: Int16Array.of(1, -2, 3), empty: new Float32Array(0), large: Float64Array.of(0.1, NaN, -Infinity) },
}

test('what is packed comes back, from a buffer in the middle of others too', () => {
  const bytes = pack(packed)
  expect(unpack(bytes)).toEqual(packed)
  // As a database hands it out: a Buffer that is a part of a larger one.
  const pool = Buffer.concat([Buffer.alloc(24, 7), bytes, Buffer.alloc(9, 7)])
  expect(unpack(pool.subarray(24, 24 + bytes.length))).toEqual(packed)
})
