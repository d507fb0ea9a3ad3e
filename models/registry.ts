/** The families of models that compete, in the order in which their weights are written. */
import { boosting } from './families/boosting.ts'
import type { Estimator } from './estimator.ts'
import { lastValue, populationMean } from './families/baseline.ts'
import { mixedModel } from './families/mixed.ts'
import { onSummaries } from './families/mixed-readings.ts'
import { logRidge } from './families/log-ridge.ts'
import { residual } from './families/residual.ts'
import { ridge } from './families/ridge.ts'
import { sequence } from './families/sequence/network.ts'

export const families: readonly Estimator[] = [
  populationMean,
  lastValue,
  ...[ridge, boosting].map(onSummaries),
  mixedModel,
  residual,
  sequence,
  onSummaries(logRidge),
]

/** The families that are fitted to a sample with so many rows. */
export const familiesFor = (rows: number): Estimator[] => families.filter(({ mostRows = Infinity }) => rows <= mostRows)

/** The baselines, which need only a handful of rows. */
export const baselines: readonly string[] = ['mean', 'last']
