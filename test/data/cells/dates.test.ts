import { describe, expect, test } from 'vitest'
import { birthYearIn, certainDay, DateEvidence, dayIn, whyNoDay } from '../../../data/cells/dates.ts'

test.each([
  ['2023-03-05', '2023-03-05'],
  ['2023/3/5', '2023-03-05'],
  ['20230305', '2023-03-05'],
  ['2023-03-05 14:30:00', '2023-03-05'],
  ['2023-03-05T23:30:00Z', '2023-03-06'],
  ['2023-03-05T23:30:00+01:00', '2023-03-05'],
  ['5 maart 2023', '2023-03-05'],
  ['05-MAR-2023', '2023-03-05'],
  ['5-mrt-2023', '2023-03-05'],
])('%s can mean one day only', (text, day) => expect(certainDay(text)).toBe(day))

test.each(['05-03-2023', '44990', '05-03-23', 'maart 2023', '2023-W10-7', 'x'])('%s cannot', (text) =>
  expect(certainDay(text)).toBeUndefined(),
)

describe('the order of a column', () => {
  const orderOf = (...texts: string[]) => {
    const evidence = new DateEvidence()
    for (const text of texts) evidence.see(text)
    return evidence.order
  }
  test('is proven by one day that no month is, and by no date that denies it', () => {
    expect(orderOf('05-03-2023', '25-03-2023')).toBe('day_first')
    expect(orderOf('03/05/2023', '03/25/2023')).toBe('month_first')
    expect(orderOf('44990', '45000')).toBe('serial')
  })
  test('is nobody’s guess', () => {
    expect(orderOf('05-03-2023', '06-03-2023')).toBe('iso')
    expect(orderOf('25-03-2023', '03-25-2023')).toBe('iso')
    expect(orderOf('25-03-2023', '2023-03-05')).toBe('iso')
    expect(orderOf('44990', '25-03-2023')).toBe('iso')
    expect(orderOf()).toBe('iso')
  })
})

test('a date is read in the order of its column', () => {
  expect(dayIn('05-03-2023', 'day_first')).toBe('2023-03-05')
  expect(dayIn('05/03/2023 12:00', 'month_first')).toBe('2023-05-03')
  expect(dayIn('44990.5', 'serial')).toBe('2023-03-05')
  expect(dayIn('05-03-2023', 'iso')).toBeUndefined()
})

test('why a text is no day', () => {
  expect(whyNoDay('31-02-2023')).toBe('no such day')
  expect(whyNoDay('25-03-2023')).toBe('not a date YYYY-MM-DD; probably 2023-03-25')
  expect(whyNoDay('05-03-2023')).toBe('not a date YYYY-MM-DD; day or month first: 2023-03-05 or 2023-05-03')
  expect(whyNoDay('2204-01-01')).toBe('a year outside 1800 to 2199')
})

test.each([
  ['1950', '1950'],
  ['1950.0', '1950'],
  ['1950-04-01', '1950'],
  ['01-04-1950', '1950'],
  ['1950-04', '1950'],
  ['50', undefined],
  ['19x0', undefined],
])('the year of birth in %s', (text, year) => expect(birthYearIn(text)).toBe(year))
