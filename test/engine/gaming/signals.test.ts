/** Detectors of gaming: tails against tables, false alarms and power by simulation, and what is planted is found. */
import { describe, expect, test } from 'vitest'
import { countDigit, noDigits, digitTest, stepOf } from '../../../engine/gaming/digits.ts'
import type { Detector, Signal } from '../../../engine/gaming/detectors.ts'
import { signalsOf } from '../../../engine/gaming/signals.ts'
import { chiSquareTail, holmAdjusted, normalTail } from '../../../engine/kernel/tails.ts'
import { gamingRegion as region, PARTNERS, type Planted } from '../../../acceptance/simulation/gaming-region.ts'

const of = (signals: readonly Signal[], detector: Detector) => signals.filter((signal) => signal.detector === detector)
const ALPHA = 0.01

describe('tails', () => {
  test('are those of the tables', () => {
    expect(normalTail(1.6448536)).toBeCloseTo(0.05, 6)
    expect(normalTail(-2.3263479)).toBeCloseTo(0.99, 6)
    for (const [x, freedom, p] of [
      [3.841459, 1, 0.05],
      [5.991465, 2, 0.05],
      [16.918978, 9, 0.05],
      [21.665994, 9, 0.01],
      [20.09024, 8, 0.01],
    ] as const)
      expect(chiSquareTail(x, freedom)).toBeCloseTo(p, 6)
  })

  test('are corrected step by step (Holm)', () => {
    expect(holmAdjusted([0.01, 0.04, 0.03, 0.5])).toEqual([0.04, 0.09, 0.09, 0.5])
  })
})

describe('last digits', () => {
  test('a hundred readings with each digit ten times, against eighty with 0 sixteen times: by hand', () => {
    const [now, before] = [noDigits(), noDigits()]
    for (let at = 0; at < 100; at++) countDigit(before, 100 + (at % 10))
    for (let at = 0; at < 80; at++) countDigit(now, at < 8 ? 100 : 100 + (at % 10))
    expect(stepOf([now, before])).toBe(0)
    // 80 and 100 readings; digit 0: 16 and 10 where 26 * 80 / 180 and 26 * 100 / 180 were to be expected, and so on
    const counts = (d: number): [number, number] => [now.digits[d]!, before.digits[d]!]
    const byHand = Array.from({ length: 10 }, (_, d) => {
      const [a, b] = counts(d)
      const [ea, eb] = [((a + b) * 80) / 180, ((a + b) * 100) / 180]
      return (a - ea) ** 2 / ea + (b - eb) ** 2 / eb
    }).reduce((sum, each) => sum + each, 0)
    expect(digitTest(now, before, 0)!.chiSquare).toBeCloseTo(byHand, 9)
  })

  test('too few readings give no signal; a measure with decimals has its last digit there', () => {
    const few = noDigits()
    for (let at = 0; at < 20; at++) countDigit(few, 2 + at / 10)
    expect(stepOf([few])).toBe(1)
    expect(digitTest(few, few, 1)).toBeNull()
  })
})

describe('the gaming panel', () => {
  test('points at nobody where nobody games: single tests and the panel keep their levels', () => {
    const regions = Array.from({ length: 40 }, (_, seed) => signalsOf(region(seed), PARTNERS))
    for (const detector of [
      'baseline_surprise',
      'digit_preference',
      'outflow',
      'inflow',
      'timing',
      'coding_growth',
    ] as const) {
      const tests = regions.flatMap((signals) => of(signals, detector))
      expect(tests.length).toBeGreaterThan(35 * PARTNERS)
      const alarms = tests.filter(({ p }) => p <= ALPHA).length / tests.length
      expect(alarms, detector).toBeLessThanOrEqual(ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / tests.length))
      const pointing = regions.filter((signals) => of(signals, detector).some(({ standsOut }) => standsOut)).length
      expect(pointing / 40, detector).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 40))
    }
  })

  test('sees best-of-two baselines (n = 300, alpha 0.01): 30% of them in 0.4 within simulation error, all of them in at least 0.99', () => {
    const power = (share: number) => {
      const seen = Array.from({ length: 60 }, (_, seed) =>
        of(signalsOf(region(1000 + seed, { bestOfTwo: share }), PARTNERS), 'baseline_surprise').find(
          ({ partner }) => partner === 0,
        ),
      )
      return seen.filter((signal) => signal!.p <= ALPHA).length / seen.length
    }
    expect(power(1)).toBeGreaterThanOrEqual(0.99)
    expect(power(0.3)).toBeGreaterThanOrEqual(0.4 - 2 * Math.sqrt((0.4 * 0.6) / 60))
  })

  test('names whoever games, by what he does, and nobody else for it', () => {
    const planted: readonly (readonly [Detector, Planted])[] = [
      ['baseline_surprise', { bestOfTwo: 1 }],
      ['digit_preference', { rounded: 0.3 }],
      ['outflow', { dropped: 1.5 }],
      ['inflow', { skimmed: 1.5 }],
      ['timing', { later: 20 }],
      ['coding_growth', { coded: 0.5 }],
    ]
    for (const [detector, gaming] of planted) {
      const found = of(signalsOf(region(7, gaming), PARTNERS), detector).filter(({ standsOut }) => standsOut)
      expect(
        found.map(({ partner }) => partner),
        detector,
      ).toEqual([0])
    }
  })

  test('tells nothing of fewer than ten people', () => {
    const signs = region(3)
    const few = signs.partner.map((p, row) => (p === 5 && row > 9 * PARTNERS ? 6 : p))
    const signals = signalsOf({ ...signs, partner: few, practice: few }, PARTNERS)
    expect(signals.filter(({ partner, detector }) => partner === 5 && detector !== 'digit_preference')).toEqual([])
  })
})
