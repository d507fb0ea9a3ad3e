import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../engine/contract/contract.ts'
import { FOLDS } from '../../../engine/kernel/fold.ts'
import type { Panel } from '../../../engine/panel/panel.ts'
import { loadExpecter } from '../../../models/predictive/expecter.ts'
import { train, trainingShardOf } from '../../../models/ensemble/training.ts'
import { FIRST_DAY, simulatedPanel } from '../../support/regions/simulated-panel.ts'
import { contractWith } from '../../support/settlements/contract.ts'

const outcome = { measure: 'hba1c', horizonDays: 365, windowDays: 120 } as Outcome
const contract = contractWith()
const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [20, 200] } as const

/** What the model of all expects of everybody in the fourth year, and its card. */
async function learned(panel: Panel) {
  const { card, bytes } = await train([trainingShardOf(panel, contract, outcome)], spec, 1)
  const patients = panel.patientIds.length
  const rows = {
    patient: Int32Array.from(panel.patientIds.keys()),
    day: new Int32Array(patients).fill(FIRST_DAY + 1461),
  }
  return { card, ...loadExpecter(bytes).predict(panel, rows, new Uint8Array(patients).fill(FOLDS)) }
}

const everyReading = (panel: Panel, valueOf: (value: number) => number): Panel => ({
  ...panel,
  readings: panel.readings.map((readings) => ({ ...readings, value: readings.value.map(valueOf) })),
})

describe('where there is little to learn from', () => {
  test.each([
    ['60 patients with three readings each', { patients: 60, seed: 5, readings: 3, everyDays: 300 }],
    ['20 patients', { patients: 20, seed: 6, readings: 6 }],
  ])('%s train, and the card says what they carry', async (_, world) => {
    const { card, mean, sd, quantiles } = await learned(simulatedPanel(world))
    expect(card.warnings.map(({ sentence }) => sentence).join()).toMatch(
      /Only \d+ landmarks of \d+ patients .* one shape of error/,
    )
    // It names whoever has a say in it.
    for (const { name, weight } of card.families)
      if (weight > 0)
        expect(card.warnings.map(({ sentence }) => sentence).join()).toContain(`${name} ${weight.toFixed(2)}`)
    expect(mean.every((y) => y > 30 && y < 90)).toBe(true)
    expect(sd.every((x) => x > 1 && x < 25)).toBe(true)
    quantiles
      .slice(1)
      .forEach((column, k) => column.forEach((q, row) => expect(q).toBeGreaterThanOrEqual(quantiles[k]![row]!)))
  })

  test('everybody of one sex and one age is no different', async () => {
    const panel = simulatedPanel({ patients: 60, seed: 7, readings: 8 })
    const { mean } = await learned({
      ...panel,
      sex: panel.sex.map(() => 0),
      birthYear: panel.birthYear.map(() => 1950),
    })
    expect(mean.every((y) => y > 30 && y < 90)).toBe(true)
  })

  test('a measure that is the same for all is expected of all', async () => {
    const { card, mean, sd } = await learned(
      everyReading(simulatedPanel({ patients: 60, seed: 8, readings: 8 }), () => 50),
    )
    expect(card.families.map(({ name, weight }) => (weight > 0 ? name : '')).join('')).toBe('mean')
    mean.forEach((y, row) => {
      expect(y).toBeCloseTo(50, 6)
      expect(sd[row]!).toBeLessThan(1e-6)
    })
  })

  test('one reading each is refused in a sentence that says what would help', async () => {
    await expect(learned(simulatedPanel({ patients: 60, seed: 9, readings: 1 }))).rejects.toThrow(
      /Lengthen the reference period/,
    )
  })
})
