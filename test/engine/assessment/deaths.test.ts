/** Deaths that were to be expected: learned from the years before, never from the patient's own. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deathsOf, MORTALITY_FACTS, mortalityYearsOf, type MortalityYear } from '../../../engine/assessment/deaths.ts'
import { frameOf } from '../../../engine/assessment/assessed-years.ts'
import { admissionsOf } from '../../../engine/assessment/eligibility.ts'
import { factsOf, patientFactsOf } from '../../../engine/assessment/patient-facts.ts'
import { FOLDS } from '../../../engine/kernel/fold.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { rosterOf } from '../../../engine/panel/roster.ts'
import { contractWith, outcomeWith } from '../../support/settlements/contract.ts'
import { panelFrom, type PatientSpec } from '../../support/regions/panel.ts'

/** People of 50 to 90, of whom the old and the ill die more, as many a year whoever delivers their care. */
function yearOf(seed: number, patients: number, extra = 0): MortalityYear {
  const dice = randomOf(seed, 0xdea7)
  const rows = Array.from({ length: patients }, (_, at) => {
    const [age, female, conditions] = [50 + dice.below(40), dice.below(2), dice.below(5)]
    const p = 1 / (1 + Math.exp(5 - 0.08 * (age - 60) - 0.3 * conditions)) + extra
    return { age, female, conditions, after: dice.uniform() < p ? dice.below(245) : NaN, fold: at % FOLDS }
  })
  const column = (of: (row: (typeof rows)[number]) => number) => Float64Array.from(rows, of)
  const columns = [column(({ age }) => age), column(({ age }) => age * age), column(({ female }) => female)]
  columns.push(
    new Float64Array(patients),
    column(({ conditions }) => conditions),
  )
  return {
    facts: { names: MORTALITY_FACTS, columns },
    diedAfter: column(({ after }) => after),
    fold: Uint8Array.from(rows, ({ fold }) => fold),
  }
}

const daysOf = (patients: number, days = 245): Int32Array => new Int32Array(patients).fill(days)
const sum = (values: Iterable<number>) => [...values].reduce((all, x) => all + x, 0)

describe('expected deaths', () => {
  test('are about as many as happen, and more among the old', () => {
    const year = yearOf(1, 6000)
    const { died, probability } = deathsOf(year, [yearOf(2, 6000), yearOf(3, 6000)], daysOf(6000))!
    const sd = Math.sqrt(sum(probability.map((p) => p * (1 - p))))
    expect(Math.abs(sum(died) - sum(probability))).toBeLessThan(3 * sd)
    const ages = year.facts.columns[0]!
    const mean = (wanted: (age: number) => boolean) => {
      const own = [...probability].filter((_, row) => wanted(ages[row]!))
      return sum(own) / own.length
    }
    expect(mean((age) => age >= 80)).toBeGreaterThan(3 * mean((age) => age < 60))
  })

  test('of a patient do not move with what became of the patients of its fold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FOLDS - 1 }), fc.nat(1000), (fold, seed) => {
        const [year, before] = [yearOf(seed, 200), yearOf(seed + 1, 400)]
        const changed = {
          ...before,
          diedAfter: before.diedAfter.map((after, row) => (before.fold[row] === fold ? 3 : after)),
        }
        const [was, is] = [before, changed].map((each) => deathsOf(year, [each], daysOf(200))!.probability)
        const ofFold = (values: Float64Array) => [...values].filter((_, row) => year.fold[row] === fold)
        expect(ofFold(is!)).toEqual(ofFold(was!))
        expect(is).not.toEqual(was)
      }),
      { numRuns: 20 },
    )
  })

  test('nor with what becomes of anybody in the contract year', () => {
    const [year, before] = [yearOf(5, 300), yearOf(6, 600)]
    const spared = { ...year, diedAfter: year.diedAfter.map(() => NaN) }
    expect(deathsOf(spared, [before], daysOf(300))!.probability).toEqual(
      deathsOf(year, [before], daysOf(300))!.probability,
    )
    expect(sum(deathsOf(spared, [before], daysOf(300))!.died)).toBe(0)
  })

  test('a death counts before the last day and not on it; more days, more deaths', () => {
    const year = { ...yearOf(7, 3), diedAfter: Float64Array.of(99, 100, NaN), fold: Uint8Array.of(0, 1, 2) }
    const before = [yearOf(8, 500)]
    expect([...deathsOf(year, before, daysOf(3, 100))!.died]).toEqual([1, 0, 0])
    const [short, long] = [60, 240].map((days) => deathsOf(year, before, daysOf(3, days))!.probability)
    expect([...long!].every((p, row) => p > short![row]!)).toBe(true)
    // each by its own days
    const mixed = deathsOf(year, before, Int32Array.of(60, 240, 60))!.probability
    expect([...mixed]).toEqual([short![0], long![1], short![2]])
  })

  test('without a year before there are none; where nobody died they are 0', () => {
    const year = yearOf(9, 10)
    expect(deathsOf(year, [], daysOf(10))).toBeNull()
    const spared = { ...yearOf(10, 50), diedAfter: new Float64Array(50).fill(NaN) }
    expect([...deathsOf(year, [spared], daysOf(10))!.probability]).toEqual(Array.from({ length: 10 }, () => 0))
  })
})

test('years count whose longest window opens within the reference', () => {
  const outcomes = [
    outcomeWith({ horizonDays: 200, windowDays: 60 }),
    outcomeWith({ measure: 'sbp', horizonDays: 700, windowDays: 60 }),
  ]
  const reference = { start: '2021-01-01', end: '2024-12-31', partners: null } as const
  expect(mortalityYearsOf(contractWith({ outcomes: outcomes.slice(0, 1), reference }))).toEqual([1, 2, 3])
  expect(mortalityYearsOf(contractWith({ outcomes, reference }))).toEqual([2, 3])
})

describe('days from the index date to the death', () => {
  const contract = contractWith({
    partners: ['p1'],
    reference: { start: '2021-01-01', end: '2024-12-31', partners: null },
  })
  const daysAfter = (spec: Partial<PatientSpec>, yearsBefore: number): number => {
    const panel = panelFrom({
      partners: [{ id: 'p1' }],
      patients: [{ id: 'i1', enrolments: [{ partner: 'p1', from: '2019-01-01' }], readings: { hba1c: {} }, ...spec }],
    })
    const frame = frameOf(contract, yearsBefore)
    const admissions = admissionsOf(panel, contract, rosterOf(contract, panel.partners, new Set()), frame)
    const rows = admissions.patient.length
    const expected = { mean: new Float64Array(rows), sd: new Float64Array(rows) }
    const { values } = patientFactsOf(panel, admissions, contract.outcomes[0]!, frame, expected)
    return factsOf(rows, values).diedAfter[0]!
  }

  test('are told by died_on, or by an enrolment that ended with it, whichever is first', () => {
    expect(daysAfter({}, 0)).toBeNaN()
    expect(daysAfter({ diedOn: '2025-01-31' }, 0)).toBe(30)
    const ended = [{ partner: 'p1', from: '2019-01-01', until: '2025-01-11', reason: 'died' }] as const
    expect(daysAfter({ enrolments: ended }, 0)).toBe(10)
    expect(daysAfter({ enrolments: ended, diedOn: '2025-01-31' }, 0)).toBe(10)
    const moved = [{ partner: 'p1', from: '2019-01-01', until: '2025-01-11', reason: 'moved' }] as const
    expect(daysAfter({ enrolments: moved }, 0)).toBeNaN()
  })

  test('of a year before the contract nothing after the reference is known', () => {
    expect(daysAfter({ diedOn: '2024-12-31' }, 1)).toBe(365)
    expect(daysAfter({ diedOn: '2025-01-01' }, 1)).toBeNaN()
    expect(daysAfter({ diedOn: '2025-03-01' }, 0)).toBe(59)
  })
})
