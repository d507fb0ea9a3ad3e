/** What the sequence network is for: what a summary of a history cannot tell. */
import { expect, test } from 'vitest'
import { foldOf } from '../../../../engine/kernel/fold.ts'
import { observationLandmarks } from '../../../../engine/panel/landmarks.ts'
import { randomOf } from '../../../../engine/kernel/random.ts'
import { targetsOf } from '../../../../engine/panel/target.ts'
import { seriesOf } from '../../../../engine/panel/window.ts'
import type { Estimator, Sample } from '../../../../models/estimator.ts'
import { onSummaries } from '../../../../models/families/mixed-readings.ts'
import { ridge } from '../../../../models/families/ridge.ts'
import { sampleOf, sampleShard } from '../../../../models/sample/sample.ts'
import { errorPredictorOf, sequence } from '../../../../models/families/sequence/network.ts'
import { FIRST_DAY, panelFrom } from '../../../support/regions/simulated-panel.ts'

/** Irregular readings of two measures. What is to come of the one follows its own last reading and how far the other went up and down from reading to reading,
 *  which no level, slope or last value of it holds. */
function planted(patients: number, seed: number): Sample {
  const randoms = Array.from({ length: patients }, (_, i) => randomOf(seed, i))
  const histories = randoms.map((random) => {
    const days = [400, 250, 90, 0].map((before) => FIRST_DAY + 500 - before - random.below(40))
    const hba1c = days.map((day) => [day, 60 + 5 * random.normal()] as const)
    const sbp = days.slice(1).map((day) => [day - 10 - random.below(20), 130 + 10 * random.normal()] as const)
    const [first, second, third] = sbp.map(([, value]) => value) as [number, number, number]
    const upAndDown = Math.abs(third - second) + Math.abs(second - first)
    const signal = 0.5 * (hba1c[3]![1] - 60) + 0.6 * upAndDown
    const future = [days[3]! + 365, 50 + signal + (1 + upAndDown / 10) * random.normal()] as const
    return { hba1c: [...hba1c, future], sbp, landmark: days[3]! }
  })
  const ids = Array.from({ length: patients }, (_, i) => `q${seed}-${String(i).padStart(5, '0')}`)
  const panel = panelFrom(ids, randoms, { hba1c: histories.map((h) => h.hba1c), sbp: histories.map((h) => h.sbp) })
  const all = observationLandmarks(seriesOf(panel, 'hba1c'), () => true)
  const kept = [...all.day.keys()].filter((row) => all.day[row] === histories[all.patient[row]!]!.landmark)
  const rows = {
    patient: Int32Array.from(kept, (row) => all.patient[row]!),
    day: Int32Array.from(kept, (row) => all.day[row]!),
  }
  const targets = targetsOf(seriesOf(panel, 'hba1c'), rows, { horizonDays: 365, windowDays: 30, until: Infinity })
  const foldOfPatient = (patient: number): number => foldOf(ids[patient]!)
  return sampleOf([sampleShard(panel, 'hba1c', rows, targets, { foldOfPatient, mostRows: 10_000 })], 5, 'hba1c')
}

/** Share of the variance that predictions of people unseen explain. */
async function explainedBy(family: Estimator, sample: Sample): Promise<number> {
  const { heldOut } = await family.crossFit(sample, 7)
  const mean = sample.target.reduce((sum, y) => sum + y, 0) / sample.target.length
  const sumOf = (error: (y: number, row: number) => number): number =>
    sample.target.reduce((sum, y, row) => sum + error(y, row) ** 2, 0)
  return 1 - sumOf((y, row) => y - heldOut[sample.folds]![row]!) / sumOf((y) => y - mean)
}

test('a pattern in the readings of two measures, at their own times, is learned where summaries tell little', async () => {
  const sample = planted(1500, 31)
  const [bySummaries, byReadings] = [await explainedBy(onSummaries(ridge), sample), await explainedBy(sequence, sample)]
  expect(byReadings).toBeGreaterThan(bySummaries + 0.2)
})

test('what comes out is a distribution: wider for those whose other measure goes up and down', async () => {
  const sample = planted(1500, 32)
  const { units } = await sequence.crossFit(sample, 7)
  const scale = errorPredictorOf(units[0]!)(sample.table)
  const sbp = [1, 2, 3].map((k) => sample.table.columns[sample.table.names.indexOf(`sbp.reading.${k}.value`)]!)
  const upAndDown = (row: number): number =>
    Math.abs(sbp[0]![row]! - sbp[1]![row]!) + Math.abs(sbp[1]![row]! - sbp[2]![row]!)
  const meanWhere = (keep: (row: number) => boolean): number => {
    const chosen = [...scale.keys()].filter(keep)
    return chosen.reduce((sum, row) => sum + scale[row]!, 0) / chosen.length
  }
  expect(scale.every((s) => s > 0 && Number.isFinite(s))).toBe(true)
  expect(meanWhere((row) => upAndDown(row) > 30)).toBeGreaterThan(1.1 * meanWhere((row) => upAndDown(row) < 15))
})

test('readings that are not there say nothing, wherever they are missing', async () => {
  const sample = planted(300, 33)
  const { units } = await sequence.crossFit(sample, 7)
  const predict = sequence.predictorOf(units[0]!)
  const without = (pattern: RegExp) => ({
    ...sample.table,
    columns: sample.table.columns.map((column, k) =>
      pattern.test(sample.table.names[k]!) ? column.map(() => NaN) : column,
    ),
  })
  const nobody = predict(without(/reading\.\d+\.value$/))
  expect(nobody.every(Number.isFinite)).toBe(true)
  // An age without a value is nothing, and so is a value without an age.
  expect([...predict(without(/reading\.\d+\.age$/))]).toEqual([...nobody])
})
