/** One suite for all: what every family of models must do, whatever it is made of. */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { foldOf } from '../../engine/kernel/fold.ts'
import { observationLandmarks } from '../../engine/panel/landmarks.ts'
import { targetsOf } from '../../engine/panel/target.ts'
import { seriesOf } from '../../engine/panel/window.ts'
import { pack, unpack, type Packed } from '../../models/sample/bytes.ts'
import type { CrossFit, Estimator, Sample } from '../../models/estimator.ts'
import { sampleOf, sampleShard } from '../../models/sample/sample.ts'
import { simulatedPanel, type World } from '../support/regions/simulated-panel.ts'

/** The landmarks of a simulated panel as a sample: each reading, 365 days ahead. */
export function simulatedSample(world: World, folds = 5): Sample {
  const panel = simulatedPanel(world)
  const series = seriesOf(panel, 'hba1c')
  const rows = observationLandmarks(series, () => true)
  const targets = targetsOf(series, rows, { horizonDays: 365, windowDays: 120, until: Infinity })
  const foldOfPatient = (patient: number): number => foldOf(panel.patientIds[patient]!) % folds
  return sampleOf([sampleShard(panel, 'hba1c', rows, targets, { foldOfPatient, mostRows: 10_000 })], folds, 'hba1c')
}

/** The same with values of which few are large: exp(hba1c / 12), and so its history. */
export function skewedSample(world: World): Sample {
  const { table, target, ...rest } = simulatedSample(world)
  const inUnit = /^own\.(last|previous|first|mean.*|low|high|level_.*)$/
  const columns = table.columns.map((column, k) =>
    inUnit.test(table.names[k]!) ? column.map((x) => Math.exp(x / 12)) : column,
  )
  return { ...rest, table: { ...table, columns }, target: target.map((y) => Math.exp(y / 12)) }
}

const hash = (unit: Packed): string => createHash('sha256').update(pack(unit)).digest('hex')
const unitsOf = ({ units, members }: CrossFit, model: number): string[] =>
  members[model]!.map((unit) => hash(units[unit]!))
const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length

export function checkEstimator(family: Estimator): void {
  const world = { patients: 50, seed: 11, readings: 7 }
  // what is not skewed this family does not look at
  const sample = family.name === 'log' ? skewedSample(world) : simulatedSample(world)
  const changedFold = 3
  // Fitted once, read by every test.
  const fitted = Promise.resolve(family.crossFit(sample, 5))
  const refitted = Promise.resolve(family.crossFit(otherwise(sample, changedFold), 5))

  test('the same seed gives the same bytes', async () => {
    const [a, b] = [await fitted, await family.crossFit(sample, 5)]
    expect(a.units.map(hash)).toEqual(b.units.map(hash))
  })

  test('what is saved predicts as what was fitted', async () => {
    const { units, members } = await fitted
    for (const unit of members[0]!) {
      const loaded = family.predictorOf(unpack(pack(units[unit]!)))(sample.table)
      const kept = family.predictorOf(units[unit]!)(sample.table)
      expect([...loaded]).toEqual([...kept])
    }
  })

  test('a model has seen nothing of the fold it leaves out', async () => {
    const [before, after] = [await fitted, await refitted]
    expect(hasSeen(before, after, changedFold)).toBe(false)
    expect(unitsOf(after, sample.folds)).not.toEqual(unitsOf(before, sample.folds))
  })

  test('held-out predictions exist for every row but those of the fold left out', async () => {
    const { heldOut } = await fitted
    heldOut.forEach((column, outer) =>
      column.forEach((y, row) => expect(Number.isNaN(y)).toBe(sample.fold[row] === outer)),
    )
  })

  test('the mean is preserved', async () => {
    const { heldOut } = await fitted
    expect(Math.abs(meanOf(heldOut[sample.folds]!) - meanOf(sample.target))).toBeLessThan(1)
  })

  test('a table without a feature that the model looks at is refused', async () => {
    const { units } = await fitted
    const bare = { names: ['nothing'], rows: 1, columns: [new Float32Array(1)] }
    if (family.name === 'mean') return
    expect(() => family.predictorOf(units[0]!)(bare)).toThrow(/does not have|do not have/)
  })
}

/** Whether the model without the fold is another one since the fold's data changed: it cannot be, had it seen nothing of them. */
export function hasSeen(before: CrossFit, after: CrossFit, fold: number): boolean {
  const valuesOf = (fit: CrossFit): string => JSON.stringify([unitsOf(fit, fold), [...fit.heldOut[fold]!]])
  return valuesOf(before) !== valuesOf(after)
}

/** The sample with other targets and another history in one fold. */
export function otherwise(sample: Sample, fold: number): Sample {
  const inFold = (row: number): boolean => sample.fold[row] === fold
  return {
    ...sample,
    target: sample.target.map((y, row) => (inFold(row) ? 200 - y : y)),
    table: {
      ...sample.table,
      columns: sample.table.columns.map((column) => column.map((x, row) => (inFold(row) ? 3 * x + 7 : x))),
    },
  }
}
