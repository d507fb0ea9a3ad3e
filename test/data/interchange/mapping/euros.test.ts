/** Amounts in other currencies: exact to the cent, for credits too. */
import { expect, test } from 'vitest'
import { inEuros } from '../../../../data/interchange/mapping/euros.ts'

test.each([
  ['12.50', 1, '12.50'],
  ['12.50', 0.92, '11.50'],
  ['0.1', 0.7, '0.07'],
  // half a cent, which doubles make a little less of
  ['2.5', 0.418, '1.05'],
  ['-2.5', 0.418, '-1.05'],
  ['100', 2, '200.00'],
  ['1e3', 0.5, '500.00'],
  ['9999999999999.99', 0.1, '1000000000000.00'],
  ['niets', 0.92, 'niets'],
  ['', 0.92, ''],
])('%s at %d is %s', (amount, rate, euros) => {
  expect(inEuros(amount, rate)).toBe(euros)
})
