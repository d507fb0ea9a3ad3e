import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  contributionsOf,
  measuredAmongControlsOf,
  measuredProbabilityOf,
} from '../../../engine/assessment/contribution.ts'
import { builtInEvidenceOf, countsOf } from '../../../engine/settlement/counts.ts'
import type { Facts } from '../../../engine/assessment/facts.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'

/** A small generator with a seed, so that a failure can be looked at again (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())

const facts = (...columns: (readonly number[])[]): Facts => ({
  names: columns.map((_, at) => `fact ${at}`),
  columns: columns.map((column) => Float64Array.from(column)),
})
const none = facts()
const mean = (values: Iterable<number>) => {
  const known = [...values].filter((x) => !Number.isNaN(x))
  return known.reduce((sum, x) => sum + x, 0) / known.length
}

/** People whose later readings say how they did, and whether they will be measured; nobody has gained anything on average. */
function world(seed: number, people: number) {
  const next = dice(seed)
  const interim = Array.from({ length: people }, () => normal(next))
  const truth = interim.map((x) => quantised(5 * x + 3 * normal(next)))
  const known = Array.from({ length: people }, () => normal(next))
  const measured = interim.map((x, at) => next() < 1 / (1 + Math.exp(-(0.8 + 0.7 * x + 0.7 * known[at]!))))
  return {
    interim,
    known,
    status: Uint8Array.from(measured, (is) => (is ? 0 : 1)),
    gain: Float64Array.from(truth, (value, at) => (measured[at] ? value : NaN)),
    truth: mean(truth),
  }
}

describe('P(measured)', () => {
  test('is the share measured of each group that a fact tells apart', () => {
    const group = Array.from({ length: 20_000 }, (_, at) => at % 2)
    const status = Uint8Array.from(group, (g, at) => (at % 20 < (g === 1 ? 6 : 18) ? 0 : 1))
    const share = (g: number) => mean(Float64Array.from(status, (s, at) => (group[at] === g ? 1 - s : NaN)))
    const pi = measuredProbabilityOf(status, facts(group), Int32Array.from(group.keys()))
    expect(pi[0]).toBeCloseTo(share(0), 3)
    expect(pi[1]).toBeCloseTo(share(1), 3)
  })

  test('sums to the number measured, in whatever order and scale the facts come', () => {
    const { known, interim, status } = world(1, 2000)
    const all = Int32Array.from(known.keys())
    const pi = measuredProbabilityOf(status, facts(known, interim), all)
    const turned = measuredProbabilityOf(
      status,
      facts(
        interim.map((x) => 1000 * x - 7),
        known,
      ),
      all,
    )
    // but for the few that are held up at a tenth
    expect(mean(pi)).toBeCloseTo(mean(Float64Array.from(status, (s) => 1 - s)), 3)
    pi.forEach((p, at) => expect(turned[at]).toBeCloseTo(p, 5))
  })

  test('stays finite where a fact tells exactly who was measured, and is never below a tenth', () => {
    const fact = Array.from({ length: 400 }, (_, at) => (at < 200 ? 0 : 1))
    const status = Uint8Array.from(fact)
    const pi = measuredProbabilityOf(status, facts(fact, fact), Int32Array.from(fact.keys()))
    expect(pi[0]).toBeGreaterThan(0.97)
    expect(pi[399]).toBe(0.1)
  })

  test('a fact that is not known is taken at the mean', () => {
    const { known, status } = world(2, 500)
    const holes = known.map((x, at) => (at % 7 === 0 ? NaN : x))
    const filled = known.map((x, at) => (at % 7 === 0 ? mean(holes) : x))
    const all = Int32Array.from(known.keys())
    const [some, every] = [holes, filled].map((column) => measuredProbabilityOf(status, facts(column), all))
    expect(Math.abs(mean(some!) - mean(every!))).toBeLessThan(0.01)
    expect(some!.every(Number.isFinite)).toBe(true)
  })

  test('facts about the partner or the practice are a bug', () => {
    const status = Uint8Array.of(0, 1)
    const named = { names: ['practice_size'], columns: [Float64Array.of(1, 2)] }
    expect(() => contributionsOf(status, Float64Array.of(1, NaN), named, none, 'exclude')).toThrow('practice_size')
  })
})

describe('contributions', () => {
  test('doubly robust: what is lost at random, given what is known, moves nothing', () => {
    const errors = Array.from({ length: 8 }, (_, seed) => {
      const { known, interim, status, gain, truth } = world(seed + 10, 4000)
      const robust = contributionsOf(status, gain, facts(known), facts(interim), 'doubly_robust')
      const plain = contributionsOf(status, gain, facts(known), facts(interim), 'exclude')
      return { robust: mean(robust.contribution) - truth, plain: mean(plain.contribution) - truth }
    })
    expect(Math.abs(mean(errors.map(({ robust }) => robust)))).toBeLessThan(0.02 * Math.sqrt(34))
    expect(mean(errors.map(({ plain }) => plain))).toBeGreaterThan(0.1 * Math.sqrt(34))
  })

  test('a gain of everybody is a gain in every contribution', () => {
    const { known, interim, status, gain } = world(3, 300)
    const of = (gains: Float64Array) => contributionsOf(status, gains, facts(known), facts(interim), 'doubly_robust')
    const [before, after] = [of(gain), of(gain.map((x) => x + 2))]
    before.contribution.forEach((a, row) => expect(after.contribution[row]).toBeCloseTo(a + 2, 4))
  })

  test('only the eligible have columns, all of them to a millionth', () => {
    const { known, interim, status, gain } = world(4, 300)
    const barred = status.map((code, row) => (row % 5 === 0 ? 4 : code))
    for (const rule of ['exclude', 'zero', 'doubly_robust'] as const) {
      const { measuredProbability, imputedGain, contribution } = contributionsOf(
        barred,
        gain,
        facts(known),
        facts(interim),
        rule,
      )
      barred.forEach((code, row) => {
        expect(Number.isNaN(measuredProbability[row])).toBe(code === 4)
        expect(Number.isNaN(imputedGain[row])).toBe(code === 4)
        expect(Number.isNaN(contribution[row])).toBe(code === 4 || (rule === 'exclude' && code === 1))
      })
      for (const column of [measuredProbability, imputedGain, contribution])
        expect(column.every((x) => Number.isNaN(x) || x === quantised(x))).toBe(true)
    }
  })

  test('rows that are not eligible leave the others as they are', () => {
    const { known, interim, status, gain } = world(5, 200)
    const of = (extra: number) => {
      const more = <T>(list: ArrayLike<T>, value: T) => [
        ...Array.from(list),
        ...Array.from({ length: extra }, () => value),
      ]
      return contributionsOf(
        Uint8Array.from(more(status, 2)),
        Float64Array.from(more(gain, NaN)),
        facts(more(known, 99)),
        facts(more(interim, 99)),
        'doubly_robust',
      ).contribution.slice(0, 200)
    }
    expect(of(50)).toEqual(of(0))
  })
})

test('hiding the worst results shows against the controls', () => {
  const { known, interim, gain, status } = world(6, 4000)
  const partner = Int32Array.from(known, (_, at) => at % 2)
  const threshold = [...gain].filter((x) => !Number.isNaN(x)).sort((a, b) => a - b)[Math.floor(0.2 * 2800)]!
  const hidden = status.map((code, at) => (partner[at] === 0 && gain[at]! < threshold ? 1 : code))
  const excess = (codes: Uint8Array) => {
    const measuredAmongControls = measuredAmongControlsOf(codes, facts(known, interim), partner, Uint8Array.of(0, 1))
    const [first] = countsOf(
      {
        patient: Int32Array.from(partner.keys()),
        partner,
        practice: partner,
        insurer: partner.map(() => 0),
        indexOn: partner.map(() => 0),
        exposureDays: partner.map(() => 365),
        deaths: null,
        outcomes: [{ status: codes, gain, contribution: gain, measuredAmongControls }],
      },
      2,
      1,
      { since: 0, until: 365 },
    )
    return builtInEvidenceOf(first!).max_excess_missing!
  }
  expect(Math.abs(excess(status))).toBeLessThan(0.03)
  expect(excess(hidden)).toBeGreaterThan(0.1)
})

test('quantised: to the nearest millionth, half away from zero, and the same again', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
      const q = quantised(x)
      expect(Math.abs(q - x)).toBeLessThanOrEqual(0.5000001e-6)
      expect(quantised(q)).toBe(q)
      expect(quantised(-x)).toBe(q === 0 ? 0 : -q)
      expect(Number(q.toFixed(6))).toBe(q)
    }),
  )
  expect(quantised(NaN)).toBeNaN()
  expect(Object.is(quantised(-1e-9), 0)).toBe(true)
})
