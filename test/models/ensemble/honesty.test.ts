import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../engine/contract/contract.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { columnOf, pack, unpack } from '../../../models/sample/bytes.ts'
import type { Estimator } from '../../../models/estimator.ts'
import { lastValue } from '../../../models/families/baseline.ts'
import { families } from '../../../models/registry.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { train, trainingShardOf } from '../../../models/ensemble/training.ts'
import { hasSeen, otherwise, simulatedSample } from '../estimator-checks.ts'
import { simulatedPanel } from '../../support/regions/simulated-panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const outcome = { measure: 'hba1c', horizonDays: 365, windowDays: 120 } as Outcome
const contract = contractWith()
const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [20, 200] } as const

test('a permuted outcome earns every learner weight 0, in every model', async () => {
  const panel = simulatedPanel({ patients: 100, seed: 61, readings: 8 })
  const packed = unpack(trainingShardOf(panel, contract, outcome))
  const target = columnOf(packed, 'target', 'f64')
  const random = randomOf(61)
  for (let i = target.length - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = target[i]!
    target[i] = target[j]!
    target[j] = kept
  }
  const { card } = await train([pack(packed)], spec, 1)
  expect(card.families.map(({ name, weight, weightRange }) => [name, weight, ...weightRange])).toEqual(
    card.families.map(({ name }) => (name === 'mean' ? ['mean', 1, 1, 1] : [name, 0, 0, 0])),
  )
})

describe('a planted leak is found out', () => {
  const sample = simulatedSample({ patients: 40, seed: 62, readings: 6 })
  const fold = 2
  const sees = async (family: Estimator): Promise<boolean> =>
    hasSeen(await family.crossFit(sample, 5), await family.crossFit(otherwise(sample, fold), 5), fold)

  test('in no honest family', async () => {
    for (const family of families) expect([family.name, await sees(family)]).toEqual([family.name, false])
  })

  test('where targets are standardised over all folds before they are left out', async () => {
    const leaky: Estimator = {
      ...ridge,
      crossFit(of, seed) {
        const mean = of.target.reduce((sum, y) => sum + y, 0) / of.target.length
        return ridge.crossFit({ ...of, target: of.target.map((y) => y - mean) }, seed)
      },
    }
    expect(await sees(leaky)).toBe(true)
  })

  test('where the model of a fold is the model of all', async () => {
    const leaky: Estimator = {
      ...lastValue,
      async crossFit(of, seed) {
        const fit = await lastValue.crossFit(of, seed)
        return { ...fit, members: fit.members.map(() => [of.folds]) }
      },
    }
    expect(await sees(leaky)).toBe(true)
  })

  test('where a feature is filled in with what others of the fold had', async () => {
    const leaky: Estimator = {
      ...ridge,
      crossFit(of, seed) {
        const columns = of.table.columns.map((column) => {
          const known = column.filter((x) => !Number.isNaN(x))
          const filling = known.reduce((sum, x) => sum + x, 0) / Math.max(1, known.length)
          return column.map((x) => (Number.isNaN(x) ? filling : x))
        })
        return ridge.crossFit({ ...of, table: { ...of.table, columns } }, seed)
      },
    }
    expect(await sees(leaky)).toBe(true)
  })
})
