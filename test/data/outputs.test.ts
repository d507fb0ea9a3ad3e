import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sixDecimals } from '../../data/outputs.ts'
import { quantised } from '../../engine/quantise.ts'

test('six decimals are those of the quantised number, and read back as it', () =>
  fc.assert(
    fc.property(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer(), fc.constant(-0)), (x) => {
      const value = quantised(x)
      expect(sixDecimals(value)).toBe(value.toFixed(6))
      expect(Number(sixDecimals(value))).toBe(value)
    }),
  ))

test('nothing to say is an empty cell', () => {
  expect([NaN, 0, -0, 1e-6, -1e-6, -0.5, 1e15].map(sixDecimals)).toEqual([
    '',
    '0.000000',
    '0.000000',
    '0.000001',
    '-0.000001',
    '-0.500000',
    '1000000000000000.000000',
  ])
})
