import { expect, test } from 'vitest'
import { yearCentsOf } from '../../../engine/bundled/tariff.ts'
import { advanceCentsOf, bundledCentsOf } from '../../../engine/settlement/bundled.ts'

const bundled = {
  components: [
    { activity: 'jaarcontrole', provider: 'poh', prevalence: 1, minutes: 30, hourlyEur: 60 },
    { activity: 'kwartaalcontrole', provider: 'poh', prevalence: 3, minutes: 20, hourlyEur: 60 },
    { activity: 'voetzorg', provider: 'podotherapeut', prevalence: 0.4, minutes: 45, hourlyEur: 90 },
  ],
  advanceShare: 0.8,
}

test('a patient-year is what its activities cost: 30 + 3 * 20 + 0.4 * 0.75 * 90 = 117 EUR', () => {
  expect(yearCentsOf(bundled)).toBe(11700)
})

test('a quarter of it on each quarter day, rounded once: 10 patient-quarters of 29.25 EUR; advances are a share of that', () => {
  expect(bundledCentsOf(bundled, 10)).toBe(29250)
  expect(advanceCentsOf(bundled, 29250)).toBe(23400)
  expect(bundledCentsOf(bundled, 0)).toBe(0)
})

test('half a cent is half a cent, whatever a double makes of it: 1.14 EUR a year is 28.5 cents a quarter', () => {
  const hourly = (hourlyEur: number) => ({
    components: [{ activity: 'consult', provider: 'poh', prevalence: 1, minutes: 60, hourlyEur }],
    advanceShare: 0.35,
  })
  expect(bundledCentsOf(hourly(1.14), 1)).toBe(29)
  expect(bundledCentsOf(hourly(1.42), 7)).toBe(249)
  for (let cents = 1; cents < 2000; cents++)
    for (const included of [1, 3, 7])
      expect(bundledCentsOf(hourly(cents / 100), included)).toBe(Math.floor((2 * cents * included + 4) / 8))
  expect(advanceCentsOf(hourly(1), 1030)).toBe(361)
  expect(bundledCentsOf(hourly(1e-7), 1_000_000_000)).toBe(2500)
})

test('without the clause there is nothing', () => {
  expect(bundledCentsOf(null, 10)).toBe(0)
  expect(advanceCentsOf(null, 29250)).toBe(0)
})
