import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../engine/contract/contract.ts'
import type { FeatureTable } from '../../../engine/panel/window.ts'
import { windowOf } from '../../../engine/panel/window.ts'
import { loadExpecter } from '../../../models/predictive/expecter.ts'
import { attributionOf } from '../../../models/explanation/families.ts'
import { groupOf } from '../../../models/explanation/words.ts'
import { loadExplainer } from '../../../models/explanation/explanation.ts'
import { families } from '../../../models/registry.ts'
import { train, trainingShardOf } from '../../../models/ensemble/training.ts'
import { simulatedSample, skewedSample } from '../estimator-checks.ts'
import { FIRST_DAY, simulatedPanel } from '../../support/regions/simulated-panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

/** Each row takes every value from some row of the table, or none: combinations that nobody ever had. */
function shuffled(table: FeatureTable, picks: readonly number[]): FeatureTable {
  return {
    ...table,
    rows: 20,
    columns: table.columns.map((column, k) =>
      Float32Array.from({ length: 20 }, (_, row) => {
        const pick = picks[(row * 7 + k * 13) % picks.length]!
        return pick === 0 && !table.names[k]!.startsWith('reading.') ? NaN : column[pick % table.rows]!
      }),
    ),
  }
}
const picks = fc.array(fc.nat({ max: 2000 }), { minLength: 5, maxLength: 300 })

describe('the contributions of', () => {
  const world = { patients: 90, seed: 41, readings: 8 }
  const sample = simulatedSample(world)
  const skewed = skewedSample(world)
  for (const family of families)
    test(`${family.name} add up to what it predicts, of anybody`, async () => {
      const sample = family.name === 'log' ? skewed : simulatedSample(world)
      const { units } = await family.crossFit(sample, 3)
      const unit = units[units.length - 1]!
      const [predict, attribute] = [family.predictorOf(unit), attributionOf(family.name, unit)]
      fc.assert(
        fc.property(picks, (picked) => {
          const table = shuffled(sample.table, picked)
          const { base, by } = attribute(table)
          predict(table).forEach((y, row) => {
            const sum = [...by.values()].reduce((total, column) => total + column[row]!, base)
            expect(Math.abs(sum - y)).toBeLessThan(1e-6)
          })
        }),
        { numRuns: 15 },
      )
    })

  test('trees are Shapley values: of a tree of two features, by hand', () => {
    // own.last <= 10 ? 0 : (age <= 50 ? 4 : 8); half of the rows go either way: the node's value is the mean of its children's.
    const unit = {
      meta: { names: ['own.last', 'age', 'female'] },
      arrays: {
        mean: Float64Array.of(100),
        feature: Int16Array.of(0, -1, 1, -1, -1),
        threshold: Float32Array.of(10, 0, 50, 0, 0),
        left: Int32Array.of(1, -1, 3, -1, -1),
        value: Float64Array.of(3, 0, 6, 4, 8),
        roots: Int32Array.of(0),
      },
    }
    const table = {
      names: ['own.last', 'age', 'female'],
      rows: 1,
      columns: [Float32Array.of(20), Float32Array.of(70), Float32Array.of(1)],
    }
    const { base, by } = attributionOf('trees', unit)(table)
    // v() = 3, v(last) = 6, v(age) = 4, v(last, age) = 8.
    expect(base).toBeCloseTo(103, 9)
    expect(by.get('own.last')![0]).toBeCloseTo(3.5, 9)
    expect(by.get('age')![0]).toBeCloseTo(1.5, 9)
    expect(by.has('female')).toBe(false)
  })

  test('what nobody learned from are nothing', async () => {
    const constant = {
      ...sample,
      table: {
        ...sample.table,
        columns: sample.table.columns.map((c, k) => (sample.table.names[k] === 'age' ? c.map(() => 50) : c)),
      },
    }
    for (const each of families.filter(({ name }) => name === 'ridge' || name === 'mixed')) {
      const { units } = await each.crossFit(constant, 3)
      const { by } = attributionOf(each.name, units[0]!)(sample.table)
      expect([...(by.get('age') ?? [0])].every((x) => x === 0)).toBe(true)
    }
  })
})

describe('an expectation explained', async () => {
  const outcome = { measure: 'hba1c', horizonDays: 365, windowDays: 120 } as Outcome
  const contract = contractWith()
  const panel = simulatedPanel({ patients: 150, seed: 51, readings: 9 })
  const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [40, 75] } as const
  const { bytes } = await train([trainingShardOf(panel, contract, outcome)], spec, 1)
  const rows = {
    patient: Int32Array.from(panel.patientIds.keys()),
    day: new Int32Array(panel.patientIds.length).fill(FIRST_DAY + 900),
  }
  const model = Uint8Array.from(panel.patientIds, (_, i) => i % 6)
  const explained = loadExplainer(bytes).explain(panel, rows, model)
  const { mean } = loadExpecter(bytes).predict(panel, rows, model)
  const sumOf = (row: number): number =>
    [...explained.contributions.values()].reduce((sum, column) => sum + column[row]!, explained.reference[row]!)

  test('adds up to its mean, by every model', () => {
    mean.forEach((y, row) => expect(Math.abs(sumOf(row) - y)).toBeLessThan(1e-6))
    expect([...explained.mean]).toEqual([...mean])
  })

  test('says what the plausible range cut off, only where it cut', () => {
    const bounds = explained.contributions.get('bounds')!
    expect(bounds.some((cut) => Math.abs(cut) > 0.01)).toBe(true)
    mean.forEach((y, row) => {
      if (y > 54 && y < 61) expect(Math.abs(bounds[row]!)).toBeLessThan(0.5)
    })
  })

  test('is about the own level above all, where that is what was simulated', () => {
    const size = (group: string): number =>
      explained.contributions.get(group)!.reduce((sum, value) => sum + Math.abs(value), 0)
    for (const group of ['own_trend', 'age', 'sex', 'season', 'conditions'])
      expect(size('own_level')).toBeGreaterThan(2 * size(group))
    expect(size('conditions')).toBe(0)
  })

  test('reads as a sentence', () => {
    const sentence = explained.inWords(0)
    expect(sentence).toMatch(/own level [+-]\d+\.\d/)
    expect(sentence).toMatch(/^[a-z0-9 ]+ [+-]\d+\.\d(, [a-z0-9 ]+ [+-]\d+\.\d)*$/)
  })

  test('has a group for every feature there is', () => {
    const known = new Set([
      'own_level',
      'own_trend',
      'own_restlessness',
      'own_gap',
      'age',
      'sex',
      'time_enrolled',
      'season',
      'conditions',
      'medication',
      'sbp',
      'reading',
    ])
    for (const name of windowOf(panel, 'hba1c', rows).names) expect(known).toContain(groupOf(name))
    expect(groupOf('unsure.sbp.level_year')).toBe('sbp')
  })
})
