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

test('targets before 1970 are targets, on the last day before it too', async () => {
  const panel = simulatedPanel({ patients: 40, seed: 6, readings: 6 })
  const early = (days: number) => ({
    ...panel,
    readings: panel.readings.map((readings) => ({ ...readings, day: readings.day.map((day) => day - days) })),
  })
  const folds = new Map(panel.patientIds.map((id, i) => [id, i % 5]))
  const realisedIn = async (days: number) =>
    (await backtest([early(days)], spec, folds, 1)).rows.map(({ realised }) => realised)
  const day = panel.readings[0]!.day
  const usual = await realisedIn(0)
  expect(usual.filter((value) => value !== null).length).toBeGreaterThan(100)
  // a target on 31 December 1969 is on day -1
  for (const days of [day[1]! + 1, 30_000]) expect(await realisedIn(days)).toEqual(usual)
})
