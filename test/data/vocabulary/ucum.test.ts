/** Units: what UCUM converts, and what medicine does not. */
import { expect, test } from 'vitest'
import { inUcum, ucumOf } from '../../../data/vocabulary/ucum.ts'

test.each([
  [16, 'kPa', 'mm[Hg]', 120.010200867],
  [2500, 'umol/L', 'mmol/L', 2.5],
  [0.5, 'mol/L', 'mmol/L', 500],
  [80_000, 'g', 'kg', 80],
])('%d %s in %s', (value, from, to, converted) => {
  expect(inUcum(value, from, to)).toBeCloseTo(converted, 6)
})

test.each([
  ['HbA1c: a share is no share of another kind', '%', 'mmol/mol'],
  ['cells are no substance', '10*9/L', 'mmol/L'],
  ['mass is no substance', 'mg/dL', 'mmol/L'],
  ['per body surface or not', 'mL/min', 'mL/min/{1.73_m2}'],
  ['what is no unit', 'abc', 'mm[Hg]'],
  ['nothing', '', 'kg'],
])('%s: not converted', (_, from, to) => {
  expect(inUcum(1, from, to)).toBeUndefined()
})

test('a unit as UCUM spells it', () => {
  expect(ucumOf('mmHg', ['mm[Hg]', 'mm Hg'])).toBe('mm[Hg]')
  expect(ucumOf('mL/min/1.73m2', ['mL/min/{1.73_m2}', 'mL/min/1.73.m2'])).toBe('mL/min/{1.73_m2}')
  expect(ucumOf('{score}', ['1', 'score'])).toBe('{score}')
  expect(ucumOf('furlongs a fortnight', [])).toBeNull()
})
