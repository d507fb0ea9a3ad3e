import { expect, test } from 'vitest'
import type { Outcome } from '../../../engine/contract/contract.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { train, trainingShardOf } from '../../../models/ensemble/training.ts'
import { simulatedPanel } from '../../support/regions/simulated-panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const contract = contractWith()
const outcomeOf = (measure: string) => ({ measure, horizonDays: 365, windowDays: 120 }) as Outcome

/** The readings of one measure drawn by chance, so that they know nothing. */
function withNoise(panel: Panel, measure: string): Panel {
  const random = randomOf(8, 0)
  const at = panel.measures.indexOf(measure)
  return {
    ...panel,
    readings: panel.readings.map((readings, k) =>
      k === at ? { ...readings, value: readings.value.map(() => 100 + 10 * random.normal()) } : readings,
    ),
  }
}

const rmseOf = async (panel: Panel, measure: string): Promise<number> => {
  const spec = { measure, horizonDays: 365, windowDays: 120, plausible: [-100, 400] } as const
  const { card } = await train([trainingShardOf(panel, contract, outcomeOf(measure))], spec, 5)
  return card.blend.rmse
}

// A level of sd 8 that both measures carry; pressure knows it with an error of sd 6 on half of it, HbA1c with one of sd 14.
const panel = simulatedPanel({ patients: 260, seed: 71, readings: 9, withinSd: 14 })

test.each([
  ['hba1c', 'sbp'],
  ['sbp', 'hba1c'],
])(
  'what is expected of %s is better for knowing %s',
  async (measure, other) => {
    const [together, alone] = [await rmseOf(panel, measure), await rmseOf(withNoise(panel, other), measure)]
    expect(together).toBeLessThan(0.995 * alone)
  },
  120_000,
)
