/** A neural network on the raw readings of every measure at their times, trained with TensorFlow.js. */
import { hashOf, mixed } from '../../../engine/kernel/fold.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import type { FeatureTable } from '../../../engine/panel/window.ts'
import { columnOf, type Packed } from '../../sample/bytes.ts'
import type { Estimator, Sample } from '../../estimator.ts'
import { momentsOf, spreadOver, type Moments } from '../../sample/moments.ts'
import { crossByPairs, pairsOf } from '../../sample/pairs.ts'
import { rowsWhere } from '../../sample/rows.ts'
import type { TrainingTask } from './batches.ts'
import { writeFeatures, writeOutput } from './forward.ts'
import { inputsOf, cachedInputs, measuredBy } from './inputs.ts'
import { layoutOf, LOG_ERROR, MEAN, type Layout } from './layout.ts'
import { othersIn, personIn, scaledColumns, targetOf, inputWriterOf, type Scaling } from './readings.ts'
import { startOf, type Start, type StartRows } from './start.ts'
import { trainTogether } from './training.ts'
import { tensorBackend } from './tensor-backend.ts'

/** The most rows of one fold that a start is computed from. */
const startRows = 600

export const sequence: Estimator = {
  name: 'sequence',
  async crossFit(sample, seed) {
    const backend = await tensorBackend()
    const names = { others: othersIn(sample.table), person: personIn(sample.table) }
    const layout = layoutOf(names.others, names.person.length)
    const folds = Array.from({ length: sample.folds }, (_, f) => foldMoments(sample, names, f))
    const writeInputs = inputWriterOf(sample.table, names.person, layout)
    const startRowsByFold = folds.map(({ rows }): StartRows => {
      const some = spread(rows, startRows)
      const inputs = inputsOf(sample.table, names.person, layout, some)
      return { inputs, target: Float64Array.from(some, (row) => sample.target[row]!) }
    })
    const prepared = pairsOf(sample.folds).map((leftOut, k) => {
      const random = randomOf(mixed(seed ^ hashOf(`sequence ${k}`, 0)))
      const seen = folds.filter((_, f) => !leftOut.includes(f))
      const scaling = scalingOf(names, seen)
      const start = startOf(
        layout,
        startRowsByFold.filter((_, f) => !leftOut.includes(f)),
        scaling,
        random,
      )
      const task: TrainingTask = { leftOut, scaling, start }
      return { scaling, task }
    })
    const foldRows = folds.map(({ rows }, f) => ({ rows, random: randomOf(mixed(seed ^ hashOf(`fold ${f}`, 0))) }))
    const weights = trainTogether(
      backend.tf,
      layout,
      { writeInputs, target: sample.target, foldRows },
      prepared.map(({ task }) => task),
    )
    const units = prepared.map(({ scaling, task: { start } }, k): Packed => ({
      meta: { others: scaling.others, person: scaling.person, backend: backend.name },
      arrays: {
        centre: scaling.centre,
        scale: scaling.scale,
        featureCentre: start.centre,
        featureScale: start.scale,
        weights: weights[k]!,
      },
    }))
    return crossByPairs(sample, units, (unit) => sequence.predictorOf(unit))
  },
  predictorOf(unit) {
    const of = sequenceIn(unit)
    const [mean, sd] = targetOf(of.scaling)
    return (table) => outputOf(of, MEAN, table).map((z) => mean + sd * z)
  },
}

/** The mean absolute error to be expected of what a unit predicts, in the measure's unit: [rows]. */
export const errorPredictorOf =
  (unit: Packed) =>
  (table: FeatureTable): Float64Array => {
    const of = sequenceIn(unit)
    const [, sd] = targetOf(of.scaling)
    return outputOf(of, LOG_ERROR, table).map((log) => sd * Math.exp(Math.min(5, log)))
  }

export interface SequenceUnit {
  readonly layout: Layout
  readonly scaling: Scaling
  readonly start: Start
}

export function sequenceIn(unit: Packed): SequenceUnit {
  const others = unit.meta.others as string[]
  const person = unit.meta.person as string[]
  return {
    layout: layoutOf(others, person.length),
    scaling: { others, person, centre: columnOf(unit, 'centre', 'f64'), scale: columnOf(unit, 'scale', 'f64') },
    start: {
      weights: columnOf(unit, 'weights', 'f32'),
      centre: columnOf(unit, 'featureCentre', 'f64'),
      scale: columnOf(unit, 'featureScale', 'f64'),
    },
  }
}

/** Rows that are predicted at once. */
const blockRows = 128

/** One output of the last layer, standardised: [rows]. */
function outputOf({ layout, scaling, start }: SequenceUnit, output: number, table: FeatureTable): Float64Array {
  const inputs = cachedInputs(table, scaling.person, layout)
  const measured = measuredBy(inputs, scaling)
  const weights = Float64Array.from(start.weights)
  const features = new Float64Array(layout.features * blockRows)
  const [out, sums] = [new Float64Array(blockRows), new Float64Array(blockRows)]
  const all = new Float64Array(table.rows)
  for (let from = 0; from < table.rows; from += blockRows) {
    const rows = Math.min(blockRows, table.rows - from)
    writeFeatures(layout, weights, { inputs, measured, scaling, from, rows }, features, blockRows)
    for (let k = 0; k < layout.features; k++) {
      const [centre, scale] = [start.centre[k]!, 1 / start.scale[k]!]
      for (let at = k * blockRows; at < (k + 1) * blockRows; at++) features[at] = (features[at]! - centre) * scale
    }
    writeOutput(layout, weights, features, output, out, sums)
    all.set(rows < blockRows ? out.subarray(0, rows) : out, from)
  }
  return all
}

interface FoldMoments {
  readonly rows: Int32Array
  readonly moments: readonly Moments[]
}

function foldMoments(
  { table, target, fold }: Sample,
  names: Pick<Scaling, 'others' | 'person'>,
  of: number,
): FoldMoments {
  const rows = rowsWhere(fold.length, (row) => fold[row] === of)
  return { rows, moments: [...scaledColumns(table, names), target].map((column) => momentsOf(column, rows)) }
}

function scalingOf(names: Pick<Scaling, 'others' | 'person'>, folds: readonly FoldMoments[]): Scaling {
  const spreads = folds[0]!.moments.map((_, k) => spreadOver(folds.map(({ moments }) => moments[k]!)))
  return {
    ...names,
    centre: Float64Array.from(spreads, ([mean]) => mean),
    scale: Float64Array.from(spreads, ([, sd]) => sd),
  }
}

/** At most `most` of the rows, evenly spread. */
const spread = (rows: Int32Array, most: number): Int32Array => {
  const step = Math.max(1, Math.ceil(rows.length / most))
  return rows.filter((_, i) => i % step === 0)
}
