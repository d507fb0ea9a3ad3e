import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OWN_READINGS, ownReadings } from '../../../engine/panel/readings.ts'

const YEAR_DAYS = 365.25
const landmark = 20_000
const rows = { patient: Int32Array.of(0), day: Int32Array.of(landmark) }

/** Readings of one patient by (days before the landmark, value). */
function columnsOf(history: readonly (readonly [number, number])[]): (name: string) => number {
  const oldestFirst = [...history].sort((a, b) => b[0] - a[0])
  const columns = ownReadings(
    {
      offsets: Int32Array.of(0, history.length),
      day: Int32Array.from(oldestFirst, ([before]) => landmark - before),
      value: Float64Array.from(oldestFirst, ([, value]) => value),
    },
    rows,
  )
  return (name) => columns.get(`reading.${name}`)![0]!
}

test('readings that lie apart stand for themselves, newest first', () => {
  const at = columnsOf([
    [90, 61],
    [180, 58],
    [400, 70],
  ])
  expect([1, 2, 3, 4].map((k) => at(`${k}.value`))).toEqual([61, 58, 70, NaN])
  expect(at('3.age')).toBeCloseTo(400 / YEAR_DAYS, 6)
  expect(at('2.count')).toBe(1)
})

test('readings close together stand together', () => {
  const at = columnsOf([
    [0, 60],
    [2, 62],
    [9, 64],
    [100, 50],
  ])
  expect(at('1.value')).toBe(62)
  expect(at('1.count')).toBe(3)
  expect(at('1.age')).toBeCloseTo(11 / 3 / YEAR_DAYS, 6)
  expect(at('2.value')).toBe(50)
})

test('nothing is lost, and nothing after the landmark is seen', () => {
  const histories = fc.uniqueArray(fc.tuple(fc.integer({ min: -500, max: 6000 }), fc.integer({ min: 20, max: 200 })), {
    maxLength: 60,
    selector: ([before]) => before,
  })
  fc.assert(
    fc.property(histories, (history) => {
      const at = columnsOf(history)
      const known = history.filter(([before]) => before >= 0)
      const groups = Array.from({ length: OWN_READINGS }, (_, k) => k + 1).filter(
        (k) => !Number.isNaN(at(`${k}.value`)),
      )
      const sum = (of: (k: number) => number): number => groups.reduce((total, k) => total + of(k), 0)
      expect(sum((k) => at(`${k}.count`))).toBe(known.length)
      const values = known.reduce((total, [, value]) => total + value, 0)
      expect(sum((k) => at(`${k}.count`) * at(`${k}.value`))).toBeCloseTo(values, 1)
      const ages = groups.map((k) => at(`${k}.age`))
      expect(ages).toEqual([...ages].sort((a, b) => a - b))
    }),
  )
})
