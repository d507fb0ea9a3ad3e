import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epochDayOf } from '../../../engine/kernel/calendar.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { dailySeriesOf } from '../../../engine/panel/series.ts'
import { NO_TARGET, targetsOf } from '../../../engine/panel/target.ts'
import { seriesOf, windowOf, type FeatureTable } from '../../../engine/panel/window.ts'
import { panelFrom, type History } from '../../support/regions/simulated-panel.ts'

const landmark = epochDayOf('2023-06-01')
const rows = { patient: Int32Array.of(0), day: Int32Array.of(landmark) }
const panelOf = (own: History, other: History = []) => panelFrom(['a'], [randomOf(1)], { hba1c: [own], sbp: [other] })
const valueOf = ({ names, columns }: FeatureTable, name: string): number => columns[names.indexOf(name)]![0]!

const reading = (from: number, to: number) =>
  fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: 20, max: 200 }))
const past = fc.array(reading(landmark - 2000, landmark), { maxLength: 12 })
const future = fc.array(reading(landmark + 1, landmark + 2000), { maxLength: 12 })

describe('the window', () => {
  test('nothing learned later changes it', () => {
    fc.assert(
      fc.property(past, future, past, future, (own, ownLater, other, otherLater) => {
        const before = windowOf(panelOf(own, other), 'hba1c', rows)
        const after = windowOf(panelOf([...own, ...ownLater], [...other, ...otherLater]), 'hba1c', rows)
        expect(after).toEqual(before)
      }),
    )
  })

  test('sees the day of the landmark itself, and the values of one day as their mean', () => {
    const table = windowOf(
      panelOf([
        [landmark, 60],
        [landmark, 64],
        [landmark - 100, 50],
      ]),
      'hba1c',
      rows,
    )
    expect(valueOf(table, 'own.last')).toBe(62)
    expect(valueOf(table, 'own.gap')).toBe(0)
    expect(valueOf(table, 'own.previous')).toBe(50)
    expect(valueOf(table, 'own.mean')).toBe(56)
  })

  test('a level fades with age, and certainty with it', () => {
    const old = windowOf(panelOf([[landmark - 1500, 60]]), 'hba1c', rows)
    const fresh = windowOf(panelOf([[landmark, 60]]), 'hba1c', rows)
    expect(valueOf(old, 'own.level_year')).toBe(60)
    expect(valueOf(fresh, 'own.certainty_year')).toBe(0.5)
    expect(valueOf(old, 'own.certainty_year')).toBeLessThan(0.05)
  })

  test('who was never measured has a row all the same', () => {
    const table = windowOf(panelOf([]), 'hba1c', rows)
    expect(valueOf(table, 'own.last')).toBeNaN()
    expect(valueOf(table, 'age')).toBeGreaterThan(0)
  })

  test('a slope is that of the line through the readings, drawn to 0', () => {
    const line: History = Array.from({ length: 9 }, (_, k) => [landmark - k * 365, 60 - 2 * k] as const)
    const slope = valueOf(windowOf(panelOf(line), 'hba1c', rows), 'own.slope')
    expect(slope).toBeGreaterThan(1.95)
    expect(slope).toBeLessThan(2.01)
  })

  test('an own measure that the panel does not have is never known', () => {
    expect(seriesOf(panelOf([]), 'ldl').day.length).toBe(0)
  })
})

describe('the target', () => {
  const rule = { horizonDays: 365, windowDays: 120, until: Infinity }
  const targetOf = (own: History, until = Infinity) => {
    const { value, day } = targetsOf(dailySeriesOf(panelOf(own).readings[0]!), rows, { ...rule, until })
    return [value[0], day[0]]
  }

  test('is the nearest value', () => {
    expect(
      targetOf([
        [landmark + 300, 50],
        [landmark + 400, 60],
      ]),
    ).toEqual([60, landmark + 400])
  })

  test('of two equally near the earlier', () => {
    expect(
      targetOf([
        [landmark + 355, 50],
        [landmark + 375, 60],
      ]),
    ).toEqual([50, landmark + 355])
  })

  test('values of one day averaged', () => {
    expect(
      targetOf([
        [landmark + 365, 50],
        [landmark + 365, 60],
      ]),
    ).toEqual([55, landmark + 365])
  })

  test('the ends of the window belong to it', () => {
    expect(targetOf([[landmark + 245, 50]])).toEqual([50, landmark + 245])
    expect(targetOf([[landmark + 244, 50]])).toEqual([NaN, NO_TARGET])
    expect(targetOf([[landmark + 485, 50]])).toEqual([50, landmark + 485])
    expect(targetOf([[landmark + 486, 50]])).toEqual([NaN, NO_TARGET])
  })

  test('what lies after the end does not exist', () => {
    expect(
      targetOf(
        [
          [landmark + 365, 50],
          [landmark + 300, 40],
        ],
        landmark + 365,
      ),
    ).toEqual([40, landmark + 300])
  })
})

describe('conditions and medication', () => {
  const base = panelOf([[landmark, 60]])
  const spans = (since: number, until: number) => ({
    offsets: Int32Array.of(0, 1),
    code: Int32Array.of(0),
    since: Int32Array.of(since),
    until: Int32Array.of(until),
  })
  const flag = (code: string, name: string, since = landmark - 10, until = landmark + 10): number => {
    const isAtc = name.startsWith('medication')
    const panel = isAtc
      ? { ...base, atcCodes: [code], medications: spans(since, until) }
      : { ...base, conditionCodes: [code], conditions: spans(since, until) }
    return valueOf(windowOf(panel, 'hba1c', rows), name)
  }

  test('count as of the day, in their own code system', () => {
    expect(flag('ICPC-1:K86', 'condition.hypertension')).toBe(1)
    expect(flag('ICD-10:K86.1', 'condition.hypertension')).toBe(0)
    expect(flag('ICD-10:I10', 'condition.hypertension')).toBe(1)
    expect(flag('A10BA02', 'medication.metformin')).toBe(1)
  })

  test('are not there before they begin, nor from the day they end', () => {
    expect(flag('A10BA02', 'medication.metformin', landmark + 1)).toBe(0)
    expect(flag('A10BA02', 'medication.metformin', landmark)).toBe(1)
    expect(flag('A10BA02', 'medication.metformin', landmark - 10, landmark)).toBe(0)
  })
})
