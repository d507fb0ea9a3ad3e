import { expect, test } from 'vitest'
import { formatOf } from '../../../../api/report/words/format.ts'

const nl = formatOf('nl')
const en = formatOf('en')

test.each([
  [123_456, '€\u00a01.234,56', '€1,234.56'],
  [-123_456, '\u2212€\u00a01.234,56', '\u2212€1,234.56'],
  [0, '€\u00a00,00', '€0.00'],
  [-5, '\u2212€\u00a00,05', '\u2212€0.05'],
  [100_000_000_000, '€\u00a01.000.000.000,00', '€1,000,000,000.00'],
])('%d cents', (cents, dutch, english) => {
  expect(nl.cents(cents)).toBe(dutch)
  expect(en.cents(cents)).toBe(english)
})

test('numbers round half away from zero, and what rounds to zero has no sign', () => {
  expect(nl.number(1.005, 2)).toBe('1,01')
  expect(nl.number(-0.001, 2)).toBe('0,00')
  expect(nl.signed(0.001, 2)).toBe('0,00')
  expect(nl.signed(2.345, 1)).toBe('+2,3')
  expect(nl.signed(-2.35, 1)).toBe('\u22122,4')
})

test('what is not there is a dash, never NaN', () => {
  expect(nl.number(null, 2)).toBe('–')
  expect(nl.euros(Number.NaN)).toBe('–')
  expect(nl.percent(null)).toBe('–')
})

test('days are written in full', () => {
  expect(nl.day('2026-03-01')).toBe('1 maart 2026')
  expect(en.day('2025-12-31')).toBe('31 December 2025')
})
