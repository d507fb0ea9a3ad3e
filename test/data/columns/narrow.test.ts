import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { narrowed, widen } from '../../../data/columns/narrow.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'

const back = (column: Float64Array) => {
  const out = new Float64Array(column.length)
  widen(narrowed(column), Int32Array.from(column.keys()), out)
  return out
}

const number = fc.oneof(
  fc.constantFrom(NaN, 0, 1, 254, 255, -1, 32_767, 32_768, -32_768, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 1e300),
  fc.double(),
  fc.integer({ min: -300, max: 300 }),
  fc.double({ min: -3000, max: 3000, noNaN: true }).map(quantised),
  fc.integer({ min: -5000, max: 5000 }).map((tenths) => tenths / 10),
)
const columns = fc.oneof(
  fc.array(number, { maxLength: 30 }),
  ...[
    fc.integer({ min: 0, max: 300 }),
    fc.integer({ min: -40_000, max: 40_000 }),
    fc.double({ min: -2200, max: 2200, noNaN: true }).map(quantised),
  ].map((likely) => fc.array(fc.oneof(likely, fc.constant(NaN)), { maxLength: 30 })),
)

test('a column comes back number by number, bit by bit', () =>
  fc.assert(
    fc.property(columns, (values) => {
      const column = Float64Array.from(values)
      const out = back(column)
      for (const [row, x] of column.entries())
        expect(Object.is(out[row], x), `${x} came back as ${out[row]}`).toBe(true)
    }),
    { numRuns: 500 },
  ))

test.each([
  ['ages', [81, 64, NaN, 0], Uint8Array],
  ['days, some not known', [-3, NaN, 700], Int16Array],
  ['tenths', [61.3, NaN, 58], Int16Array],
  ['quantised', [61.300001, NaN, -12.5], Int32Array],
  ['thirds', [1 / 3, 2], Float64Array],
  ['minus nothing', [-0, 2], Float64Array],
])('%s are kept narrowly', (_, values, kind) => {
  expect(narrowed(Float64Array.from(values)).values).toBeInstanceOf(kind)
})
