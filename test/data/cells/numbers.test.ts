import { assert, double, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { centsOf, isBound, NumberEvidence, numberOf, whyNoNumber } from '../../../data/cells/numbers.ts'

describe('numbers', () => {
  test('a double written by anyone is read back', () => {
    assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(numberOf(String(x), '.')).toBe(x + 0)
      }),
    )
  })

  test.each(['', ' ', '1 ', '0x10', '1e', 'NaN', 'Infinity', '1,5', '--1', '1.2.3', '.'])('%j is no number', (text) => {
    expect(numberOf(text, '.')).toBeNaN()
  })

  test('a decimal comma, and a point only where it cannot part thousands', () => {
    expect(['7,5', '-0,25', '7.5', '1200'].map((text) => numberOf(text, ','))).toEqual([7.5, -0.25, 7.5, 1200])
    expect(['1.234', '1,2,3', '12.34,5'].map((text) => numberOf(text, ','))).toEqual([NaN, NaN, NaN])
  })

  test('euros to cents, exactly', () => {
    assert(
      property(integer({ min: -1e12, max: 1e12 }), (cents) => {
        const text = `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`
        expect(centsOf(text, '.')).toBe(String(cents))
        expect(centsOf(text.replace('.', ','), ',')).toBe(String(cents))
      }),
    )
    expect(['5', '5.5', '0.500', '-0.00', '.5'].map((text) => centsOf(text, '.'))).toEqual([
      '500',
      '550',
      '50',
      '0',
      '50',
    ])
    expect(['1.005', 'x', '1e2', ''].map((text) => centsOf(text, '.'))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

test('thousands are parted where the other sign parts decimals, or a space does', () => {
  expect(['1.250,50', '1 250,5', "1'250.5", '1,250.50', '1.234.567,8'].map((text) => numberOf(text, ','))).toEqual([
    1250.5, 1250.5, 1250.5, 1250.5, 1234567.8,
  ])
  expect(['1,250.50', '1 250.5', '1,250'].map((text) => numberOf(text, '.'))).toEqual([1250.5, 1250.5, NaN])
})

test('amounts with a sign for euros, or a minus after them', () => {
  expect(['€ 12,50', '12,50 EUR', '12,50-', '€1.240,50', '1.240'].map((text) => centsOf(text, ','))).toEqual([
    '1250',
    '1250',
    '-1250',
    '124050',
    undefined,
  ])
})

test.each(['<5', '< 5', '>=90', '> 14 %', '≤0,3', '120+', '=<3'])('%j is a bound', (text) => {
  expect(isBound(text)).toBe(true)
  expect(whyNoNumber(text, ',')).toBe('a bound, not a value')
})

test.each(['5', '-5', '+5', '5-6', '<a>'])('%j is no bound', (text) => expect(isBound(text)).toBe(false))

describe('the decimal sign of a column', () => {
  const signOf = (texts: readonly string[], own: '.' | ',' = '.') => {
    const evidence = new NumberEvidence()
    for (const text of texts) evidence.see(text)
    return evidence.signOr(own)
  }
  test('is the comma where every number of a file of points is written so', () => {
    expect(signOf(['7,1', '140', '1,234'])).toBe(',')
    expect(signOf(['0,250'])).toBe(',')
  })
  test('stays the point where one number has it, or nothing proves the comma', () => {
    expect(signOf(['7,1', '7.2'])).toBe('.')
    expect(signOf(['1,234', '5,678'])).toBe('.')
  })
  test('is the point in a file of semicolons that a program wrote with points', () => {
    expect(signOf(['7.1', '1.234'], ',')).toBe('.')
    expect(signOf(['7.1', '1,5'], ',')).toBe(',')
  })
})
