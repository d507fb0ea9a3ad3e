import { expect, test } from 'vitest'
import { backtest } from '../../../models/ensemble/backtest.ts'
import { simulatedPanel } from '../../support/regions/simulated-panel.ts'

const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [20, 200] } as const

test('a backtest has a row for every observation of the patients that the folds name', async () => {
  const panel = simulatedPanel({ patients: 50, seed: 6, readings: 6 })
  const folds = new Map(panel.patientIds.slice(0, 40).map((id, i) => [id, 1 + (i % 5)]))
  const { rows, modelId } = await backtest([panel], spec, folds, 1)
  expect(rows).toHaveLength(40 * 6)
  expect(rows.map(({ patientId }) => patientId)).toEqual(rows.map(({ patientId }) => patientId).sort())
  for (const { patientId, fold, landmarkOn, targetOn, realised } of rows) {
    expect(fold).toBe(folds.get(patientId))
    expect(Math.abs(targetOn - landmarkOn - 365)).toBeLessThanOrEqual(120)
    if (realised === null) expect(targetOn).toBe(landmarkOn + 365)
  }
  expect(modelId).toMatch(/^[0-9a-f]{64}$/)
})

test('fewer than three folds are refused', async () => {
  const panel = simulatedPanel({ patients: 10, seed: 6 })
  const folds = new Map(panel.patientIds.map((id, i) => [id, i % 2]))
  await expect(backtest([panel], spec, folds, 1)).rejects.toThrow(/at least 3/)
})
