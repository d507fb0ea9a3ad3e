import { describe, expect, test } from 'vitest'
import { healthOf } from '../../../engine/assessment/health-value.ts'
import { foldOf, FOLDS } from '../../../engine/kernel/fold.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { observationLandmarks } from '../../../engine/panel/landmarks.ts'
import { targetsOf } from '../../../engine/panel/target.ts'
import { seriesOf } from '../../../engine/panel/window.ts'
import { placeTenths, withinOf } from '../../../models/evaluation/score.ts'
import { ridge } from '../../../models/families/ridge.ts'
import { onSummaries } from '../../../models/families/mixed-readings.ts'
import { loadExpecter } from '../../../models/predictive/expecter.ts'
import { sampleOf, sampleShard } from '../../../models/sample/sample.ts'
import { oneFamilyModel } from '../../support/regions/one-family-model.ts'
import { simulatedPanel } from '../../support/regions/simulated-panel.ts'

/** A score from 0 to 48 in whole points, higher better, as after an operation of the hip: a sixth of the results are at the ceiling. */
const spec = { measure: 'hba1c', horizonDays: 365, windowDays: 120, plausible: [0, 48], step: 1 } as const

const restless = (patient: number): number => 3.5 * Math.exp(0.3 * randomOf(77, patient).normal())
const simulated = simulatedPanel({ patients: 10_000, seed: 77, betweenSd: 7, noiseOf: restless, readings: 5, everyDays: 365 }) // prettier-ignore
const panel = {
  ...simulated,
  readings: simulated.readings.map((readings, m) =>
    simulated.measures[m] === 'hba1c'
      ? { ...readings, value: readings.value.map((v) => Math.min(48, Math.max(0, Math.round(v - 18)))) }
      : readings,
  ),
}
const series = seriesOf(panel, 'hba1c')
const landmarks = observationLandmarks(series, () => true)
const targets = targetsOf(series, landmarks, { ...spec, until: Infinity })
const foldOfPatient = (patient: number): number => foldOf(panel.patientIds[patient]!)
const shard = sampleShard(panel, 'hba1c', landmarks, targets, { foldOfPatient, mostRows: 10_000 })
const { table, target, fold } = sampleOf([shard], FOLDS, 'hba1c')

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length
const sdOf = (values: ArrayLike<number>): number => {
  const mean = meanOf(values)
  return Math.sqrt(meanOf(Array.from(values, (y) => (y - mean) ** 2)))
}

describe('a score in whole points, for people left out', async () => {
  const { bytes } = await oneFamilyModel([shard], spec, onSummaries(ridge))
  const predictions = loadExpecter(bytes).predictTable(table, fold)
  const places = predictions.placeOf(target)
  const within = withinOf(places)
  const ordered = [...target.keys()].sort((a, b) => predictions.mean[a]! - predictions.mean[b]!)
  const tenths = Array.from({ length: 10 }, (_, t) => ordered.slice((t * target.length) / 10, ((t + 1) * target.length) / 10)) // prettier-ignore

  test('is at its ceiling often, and near it more often still', () => {
    const atCeiling = (rows: readonly number[]): number => meanOf(rows.map((row) => (target[row] === 48 ? 1 : 0)))
    expect(target.length).toBeGreaterThan(35_000)
    expect(atCeiling(ordered)).toBeGreaterThan(0.12)
    expect(atCeiling(tenths[9]!)).toBeGreaterThan(0.4)
  })

  test('is covered 88.5 to 91.5% in every tenth of the predicted mean', () => {
    for (const rows of tenths) {
      const cover = meanOf(rows.map((row) => within[row]!))
      expect(cover).toBeGreaterThan(0.885)
      expect(cover).toBeLessThan(0.915)
    }
  })

  test('lies evenly over its own distribution', () => {
    for (const share of placeTenths(places)) expect(Math.abs(share - 0.1)).toBeLessThan(0.01)
  })

  test('has an unbiased E[h(Y)], whatever counts', () => {
    for (const countedRange of [null, [20, 44], [0, 40], [46, 48]] as const) {
      const health = healthOf({ measure: 'hba1c', countedRange, target: null }, 'higher')
      const realised = Array.from(target, (y) => health(y))
      const expected = predictions.expected(health)
      expect(Math.abs(meanOf(realised) - meanOf(expected))).toBeLessThan(0.01 * sdOf(realised))
    }
  })

  test('has quantiles that are values of the score', () => {
    for (const column of predictions.quantiles)
      for (const y of column) expect(Number.isInteger(y) && y >= 0 && y <= 48).toBe(true)
  })
})
