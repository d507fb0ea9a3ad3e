/** Answers of research: bands, the missing, rounding, breakdowns that are refused. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withWideBands } from '../../../engine/research/age-bands.ts'
import { answerRows, onlyYearOf, refusedBreakdown } from '../../../engine/research/answer.ts'
import type { FineDimension, ResearchCell } from '../../../engine/research/dimensions.ts'
import { cellsThatTell } from '../../../engine/research/editions.ts'
import { heldMissing } from '../../../engine/research/missing.ts'
import { toldOf } from '../../../engine/research/told.ts'
import { estimateOf, meanDecimals, rounded } from '../../../engine/research/precision.ts'

const cell = (
  at: Partial<Omit<ResearchCell, 'sums' | 'told'>>,
  measured: number,
  missing = 0,
  value = 5,
): ResearchCell => {
  const of = { sum: measured * value, squares: measured * value * value }
  return {
    measure: 'hba1c',
    fine: 'postcode_area',
    value: '23',
    group: 'contract',
    age: 60,
    sex: 'f',
    told: 0,
    ...at,
    sums: {
      eligible: measured + missing,
      measured,
      expectedRaw: of,
      realisedRaw: of,
      expected: of,
      realised: of,
      gain: of,
      contributions: measured + missing,
      contribution: of,
    },
  }
}
/** With what may be told of them, as a store lays them down. */
const told = (cells: readonly ResearchCell[]): ResearchCell[] => {
  const bits = toldOf(cells)
  return cells.map((each, at) => ({ ...each, told: bits[at]! }))
}
const HBA1C = { measure: 'hba1c', unit: 'mmol/mol', onlyYear: '2025' }
const fine: FineDimension = 'postcode_area'

describe('age bands', () => {
  const cells = fc.array(
    fc.record({
      age: fc.constantFrom(30, 40, 50, 60, 70, 80, 90),
      sex: fc.constantFrom('f', 'm', 'x'),
      group: fc.constantFrom('contract', 'control'),
      measured: fc.integer({ min: 0, max: 25 }),
    }),
    { minLength: 1, maxLength: 40 },
  )

  test('hold nobody or ten of every group and sex, whoever there is', () => {
    fc.assert(
      fc.property(cells, (drawn) => {
        const { kept, bandOf } = withWideBands(drawn.map(({ measured, ...at }) => cell(at, measured)))
        const counts = new Map<string, number>()
        for (const { group, sex, age, sums } of kept) {
          const key = `${group} ${sex} ${bandOf(age)}`
          counts.set(key, (counts.get(key) ?? 0) + sums.measured)
        }
        for (const count of counts.values()) expect(count === 0 || count >= 10).toBe(true)
      }),
    )
  })

  test('stay ten years wide where there are enough', () => {
    const { bandOf } = withWideBands([50, 60, 70].map((age) => cell({ age }, 10)))
    expect([50, 60, 70].map(bandOf)).toEqual(['50-59', '60-69', '70-79'])
  })
})

describe('the missing', () => {
  test('of one to nine are not told, nor to be had from the whole', () => {
    const counts = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 30 }))
    fc.assert(
      fc.property(counts, (drawn) => {
        const all = new Map(Object.entries(drawn))
        const held = heldMissing(all)
        const hidden = [...all].filter(([value]) => held.has(value)).map(([, count]) => count)
        for (const [value, count] of all) if (!held.has(value)) expect(count === 0 || count >= 10).toBe(true)
        const sum = hidden.reduce((a, b) => a + b, 0)
        const whole = [...all.values()].reduce((a, b) => a + b, 0)
        // Unless fewer than ten are missing in all, and then nothing is told, any of those held back may be ten.
        if (whole === 0 || whole >= 10) expect(sum === 0 || sum >= 10).toBe(true)
        else expect(held.size).toBe(all.size)
      }),
    )
  })

  test('stand beside the measured in tables along one dimension only', () => {
    const cells = ['f', 'm'].flatMap((sex) => ['23', '24'].map((value) => cell({ sex, value, fine }, 40, 12)))
    expect(answerRows(HBA1C, told(cells), ['sex']).map(({ eligible }) => eligible)).toEqual([104, 104])
    expect(answerRows(HBA1C, told(cells), ['sex', fine]).map(({ eligible }) => eligible)).toEqual([
      null,
      null,
      null,
      null,
    ])
    const few = cells.map((each, at) => (at === 0 ? cell({ sex: 'f', value: '23' }, 40, 3) : each))
    expect(answerRows(HBA1C, told(few), [fine]).map(({ eligible }) => eligible)).toEqual([95, 104])
    const none = ['f', 'm'].map((sex, at) => cell({ sex }, 40, at * 4))
    expect(answerRows(HBA1C, none, ['sex']).map(({ eligible }) => eligible)).toEqual([null, null])
  })
})

describe('figures', () => {
  test('have one decimal more than the unit is recorded with', () => {
    expect(['mmol/mol', 'mmol/L', '{utility}', 'furlong'].map(meanDecimals)).toEqual([1, 2, 4, 2])
    expect([rounded(2.25, 1), rounded(-2.25, 1), rounded(-0.01, 1)]).toEqual([2.3, -2.3, 0])
  })

  test('have a standard error and an interval by Student', () => {
    const values = [4, 6, 8, 10, 12, 14, 16, 18, 20, 22]
    const of = {
      sum: values.reduce((a, b) => a + b, 0),
      squares: values.reduce((a, b) => a + b * b, 0),
    }
    // s = 6.0553, s / sqrt(10) = 1.9149, t(9) = 2.2622
    expect(estimateOf(of, 10, 2)).toEqual({ mean: 13, se: 1.915, lower: 8.67, upper: 17.33 })
  })
})

test('two fine dimensions are refused, a year that everybody has is none', () => {
  expect(refusedBreakdown(['partner', 'condition'], '2025')).toContain('partner and condition')
  expect(refusedBreakdown(['partner', 'year'], null)).toContain('partner and year')
  expect(refusedBreakdown(['partner', 'year', 'sex'], '2025')).toBeNull()
  expect(onlyYearOf({ start: '2025-01-01', end: '2025-12-31' })).toBe('2025')
  expect(onlyYearOf({ start: '2025-07-01', end: '2026-06-30' })).toBeNull()
  const rows = answerRows(HBA1C, told([cell({}, 20)]), ['year', fine])
  expect(rows[0]?.at).toEqual({ year: '2025', postcode_area: '23' })
})

test('a cell tells by subtraction where one to nine changed, left or entered beside others that stayed', () => {
  const none = { same: 20, changed: 0, left: 0, entered: 0 }
  const tell = (shift: Partial<typeof none>) => cellsThatTell([{ ...none, ...shift }])
  expect([tell({}), tell({ changed: 1 }), tell({ left: 9 }), tell({ entered: 10 })]).toEqual([0, 1, 1, 0])
  expect(tell({ same: 0, entered: 3 })).toBe(0)
})
