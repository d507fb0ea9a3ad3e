/** The drift monitor on simulated years: what it finds and how soon, and how seldom it cries for nothing (T15). */
import { describe, expect, test } from 'vitest'
import { ALARM, driftOf, type Drift, type Results } from '../../../engine/explain/drift.ts'
import { CHANGE, FIRST, resultsOf, type DriftingWorld } from '../../../acceptance/simulation/drifting-results.ts'

function joined(...parts: readonly Results[]): Results {
  const all = (column: keyof Results): number[] => parts.flatMap((part) => [...part[column]])
  return {
    month: Int32Array.from(all('month')),
    control: Uint8Array.from(all('control')),
    practice: Int32Array.from(all('practice')),
    mean: Float64Array.from(all('mean')),
    sd: Float64Array.from(all('sd')),
    realised: Float64Array.from(all('realised')),
  }
}

const drifts = (count: number, world: Omit<DriftingWorld, 'seed'>): Drift[] =>
  Array.from({ length: count }, (_, seed) => driftOf(resultsOf({ seed, ...world })))
const alarmed = (found: readonly Drift[]): number => found.filter(({ alarm }) => alarm).length
const inTwoMonths = (found: readonly Drift[]): number =>
  found.filter(({ alarm }) => alarm && alarm.month >= FIRST + CHANGE && alarm.month < FIRST + CHANGE + 2).length

describe('drift among the controls', () => {
  test('a slope of 0.8 from halfway on is alarmed within two months, with 1,000 results a month', () => {
    const found = drifts(40, { perMonth: 1000, slope: 0.8 })
    expect(inTwoMonths(found)).toBeGreaterThanOrEqual(37)
    expect(new Set(found.map(({ alarm }) => alarm?.kind))).toEqual(new Set(['slope']))
  })

  test('as is a shift of 0.3 sd up or down, with 500', () => {
    expect(inTwoMonths(drifts(40, { perMonth: 500, bias: 0.3 }))).toBeGreaterThanOrEqual(36)
    expect(inTwoMonths(drifts(40, { perMonth: 500, bias: -0.3 }))).toBeGreaterThanOrEqual(36)
  })

  test('nothing wrong: fewer than one year in twenty is alarmed, however few the results and however skewed', () => {
    for (const perMonth of [40, 300])
      for (const skewed of [false, true]) expect(alarmed(drifts(100, { perMonth, skewed }))).toBeLessThanOrEqual(5)
  })

  test('what validation allows is no drift', () => {
    expect(alarmed(drifts(60, { perMonth: 300, slope: 0.95, bias: 0.1 }))).toBeLessThanOrEqual(3)
  })

  test('too few results in a month are reported and not tested', () => {
    const { months, alarm } = driftOf(resultsOf({ seed: 1, perMonth: 29, bias: 3 }))
    expect(alarm).toBeNull()
    expect(months).toHaveLength(12)
    expect(months[0]).toMatchObject({ side: 'control', month: FIRST, measured: 29, biasSdSe: null, evidence: null })
  })
})

describe('contract partners', () => {
  test('who improve by half an sd raise no alarm, and their figures stand apart', () => {
    const controls = resultsOf({ seed: 2, perMonth: 300 })
    const better = resultsOf({ seed: 3, perMonth: 300, bias: -0.5, side: 'contract' })
    const [alone, together] = [driftOf(controls), driftOf(joined(controls, better))]
    expect(together.alarm).toBeNull()
    expect(together.months.filter(({ side }) => side === 'control')).toEqual(alone.months)
    const late = together.months.filter(({ side, month }) => side === 'contract' && month >= FIRST + CHANGE)
    for (const { biasSd, evidence } of late) {
      expect(biasSd).toBeLessThan(-0.3)
      expect(evidence).toBeNull()
    }
  })

  test('without controls nothing is tested: drift cannot be distinguished from merit', () => {
    expect(driftOf(resultsOf({ seed: 4, perMonth: 1000, slope: 0.5, side: 'contract' })).alarm).toBeNull()
  })
})

test('an alarm is the first month at which the evidence reached the threshold', () => {
  const { months, alarm } = driftOf(resultsOf({ seed: 5, perMonth: 1000, slope: 0.8 }))
  const over = months.filter(({ evidence }) => (evidence ?? 0) >= ALARM)
  expect([alarm?.month, alarm?.evidence]).toEqual([over[0]?.month, over[0]?.evidence])
})
