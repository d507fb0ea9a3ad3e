/** Days are calendar days of Europe/Amsterdam: leap years, 29 February, quarter days, and no time of day anywhere. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addYears,
  dayOf,
  dayOfMoment,
  epochDayOf,
  isDay,
  isLeapYear,
  periodOf,
  quarterDaysIn,
  type Day,
} from '../../../engine/kernel/calendar.ts'
import { admissionsOf } from '../../../engine/assessment/eligibility.ts'
import { countingYearsOf, frameOf } from '../../../engine/assessment/assessed-years.ts'
import { realisationsOf } from '../../../engine/assessment/realisation.ts'
import { rosterOf } from '../../../engine/panel/roster.ts'
import { settlementOf } from '../../../engine/settlement/settlement.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { panelFrom } from '../../support/regions/panel.ts'
import { settlementInputOf } from '../../support/settlements/settlement-input.ts'

const leapYear = { start: '2024-01-01', end: '2024-12-31' } as const
const daysIn = (range: Parameters<typeof periodOf>[0]) => periodOf(range).until - periodOf(range).since

/** Admissions of one patient, enrolled from a day on, to a contract. */
function admitted(contract: ReturnType<typeof contractWith>, from: Day, yearsBefore = 0, until?: Day) {
  const enrolments = [{ partner: 'p1', from, ...(until ? { until } : {}) }]
  const readings = { hba1c: { '2023-12-01': 60, '2025-02-28': 58, '2025-03-01': 57 } }
  const panel = panelFrom({ partners: [{ id: 'p1' }], patients: [{ id: 'i1', enrolments, readings }] })
  const roster = rosterOf(contract, panel.partners, new Set())
  const frame = frameOf(contract, yearsBefore)
  return { panel, frame, admissions: admissionsOf(panel, contract, roster, frame) }
}

describe('a leap year', () => {
  test('has 366 days as a period, and patient-years are shares of those', () => {
    expect(daysIn(leapYear)).toBe(366)
    expect(daysIn({ start: '2025-01-01', end: '2025-12-31' })).toBe(365)
    const contract = contractWith({ partners: ['p1'], period: leapYear })
    expect(admitted(contract, '2020-01-01').admissions.exposureDays[0]).toBe(366)
    expect(admitted(contract, '2024-02-29').admissions.exposureDays[0]).toBe(307)
    expect(admitted(contract, '2020-01-01', 0, '2024-02-29').admissions.exposureDays[0]).toBe(59)
  })

  test('pays a whole patient-year for 366 days, and 365 of them are a little less', () => {
    const years = (days: number) =>
      settlementOf(
        settlementInputOf({
          contract: { period: leapYear },
          partners: ['p1'],
          rows: [1, 2].map((gain) => ({ partner: 'p1', gain: [gain], days })),
        }),
      ).partners[0]!.patient_years
    expect(years(366)).toBe(2)
    expect(years(365)).toBeCloseTo(730 / 366, 12)
  })

  test('is every fourth, but for centuries, but for those of four hundred', () => {
    expect([1900, 2000, 2023, 2024, 2100].map(isLeapYear)).toEqual([false, true, false, true, false])
    expect(['2024-02-29', '2023-02-29', '2000-02-29', '2100-02-29'].map(isDay)).toEqual([true, false, true, false])
  })
})

describe('29 February', () => {
  const contract = contractWith({
    partners: ['p1'],
    period: { start: '2024-02-29', end: '2025-02-27' },
    reference: { start: '2019-01-01', end: '2024-02-28', partners: null },
  })

  test('as an index date has its horizon in days: 365 on is 28 February', () => {
    const { panel, frame, admissions } = admitted(contract, '2020-01-01')
    expect(dayOf(admissions.indexOn[0]!)).toBe('2024-02-29')
    const { targetOn, realised, realisedOn } = realisationsOf(panel, admissions, outcomeWith(), frame)
    expect(dayOf(targetOn[0]!)).toBe('2025-02-28')
    expect([realised[0], dayOf(realisedOn[0]!)]).toEqual([58, '2025-02-28'])
  })

  test('of a contract lies on 28 February in the placebo years, which are calendar years back', () => {
    expect([1, 2, 3, 4].map((t) => addYears('2024-02-29', -t))).toEqual([
      '2023-02-28',
      '2022-02-28',
      '2021-02-28',
      '2020-02-29',
    ])
    expect(countingYearsOf(contract, outcomeWith())).toEqual([1, 2, 3])
    for (const [t, day] of [
      [1, '2023-02-28'],
      [3, '2021-02-28'],
    ] as const) {
      const { admissions } = admitted(contract, '2020-01-01', t)
      expect(dayOf(admissions.indexOn[0]!)).toBe(day)
    }
  })

  test('can be enrolled on, and left on: nobody is enrolled on the day of leaving', () => {
    const year = contractWith({ partners: ['p1'], period: leapYear })
    expect(dayOf(admitted(year, '2024-02-29').admissions.indexOn[0]!)).toBe('2024-02-29')
    expect(admitted(contract, '2020-01-01', 0, '2024-02-29').admissions.patient).toHaveLength(0)
  })
})

describe('quarter days', () => {
  const quarters = (start: Day, end: Day) => quarterDaysIn(periodOf({ start, end })).map(dayOf)

  test('are 1 January, 1 April, 1 July and 1 October, leap year or not', () => {
    expect(quarters('2024-01-01', '2024-12-31')).toEqual(['2024-01-01', '2024-04-01', '2024-07-01', '2024-10-01'])
    expect(quarters('2024-01-02', '2025-01-01')).toEqual(['2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01'])
    expect(quarters('2024-04-01', '2024-04-01')).toEqual(['2024-04-01'])
    expect(quarters('2024-02-01', '2024-03-31')).toEqual([])
  })
})

describe('days', () => {
  const days = fc.integer({ min: epochDayOf('1800-01-01'), max: epochDayOf('2199-12-31') })

  test('are text and number one to one, and order the same as both', () => {
    fc.assert(
      fc.property(days, days, (one, other) => {
        expect(epochDayOf(dayOf(one))).toBe(one)
        expect(isDay(dayOf(one))).toBe(true)
        expect(dayOf(one) < dayOf(other)).toBe(one < other)
      }),
    )
  })

  test('do not know summer time: the days of the change are one day apart from their neighbours', () => {
    for (const change of ['2025-03-30', '2025-10-26'] as const)
      expect(epochDayOf(change) - epochDayOf(dayOf(epochDayOf(change) - 1))).toBe(1)
  })

  test('of a moment in UTC are those of Amsterdam; with an offset, those of who wrote it', () => {
    expect(dayOfMoment('2025-03-31T22:30:00Z')).toBe('2025-04-01')
    expect(dayOfMoment('2025-01-31T22:30:00Z')).toBe('2025-01-31')
    expect(dayOfMoment('2025-01-31T23:00:00.000Z')).toBe('2025-02-01')
    expect(dayOfMoment('2024-02-28T23:59:59+00:00')).toBe('2024-02-29')
    expect(dayOfMoment('2025-03-31T21:59:59Z')).toBe('2025-03-31')
    expect(dayOfMoment('2025-03-31T23:30:00+02:00')).toBe('2025-03-31')
    expect(dayOfMoment('2025-12-31T23:30:00Z')).toBe('2026-01-01')
    expect(dayOfMoment('2025-02-31T23:30:00Z')).toBe('2025-02-31')
  })
})
