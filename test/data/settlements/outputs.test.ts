import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { CsvBytes } from '../../../data/columns/csv-bytes.ts'
import { sixDecimals } from '../../../data/settlements/outputs.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'

function written(value: number): string {
  const bytes = new CsvBytes()
  bytes.sixDecimals(value)
  return bytes.take().toString()
}

test('bytes grow as they must, and begin anew when they are taken', () => {
  const bytes = new CsvBytes()
  const long = Buffer.alloc(1_000_000, 'x')
  bytes.text(long)
  bytes.byte(44)
  bytes.day(20_089)
  const first = bytes.take()
  bytes.day(-1)
  expect(first.equals(Buffer.concat([long, Buffer.from(',2025-01-01')]))).toBe(true)
  expect(bytes.take().toString()).toBe('1969-12-31')
})

test('six decimals are those of the quantised number, and read back as it', () =>
  fc.assert(
    fc.property(fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer(), fc.constant(-0)), (x) => {
      const value = quantised(x)
      expect(sixDecimals(value)).toBe(value.toFixed(6))
      expect(Number(sixDecimals(value))).toBe(value)
      expect(written(value)).toBe(sixDecimals(value))
    }),
  ))

test('nothing to say is an empty cell', () => {
  const values = [NaN, 0, -0, 1e-6, -1e-6, -0.5, 1e15]
  expect(values.map(written)).toEqual(values.map(sixDecimals))
  expect(values.map(sixDecimals)).toEqual([
    '',
    '0.000000',
    '0.000000',
    '0.000001',
    '-0.000001',
    '-0.500000',
    '1000000000000000.000000',
  ])
})
