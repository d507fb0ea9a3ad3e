/** A neural network on the readings themselves, trained with TensorFlow.js: each at its time, of every measure, whatever is missing. */
import { hashOf, mixed } from '../engine/fold.ts'
import { randomOf } from '../engine/random.ts'
import type { FeatureTable } from '../engine/window.ts'
import { columnOf, type Packed } from './bytes.ts'
import type { Estimator, Sample } from './estimator.ts'
import { momentsOf, spreadOver, type Moments } from './moments.ts'
import { crossByPairs, pairsOf } from './pairs.ts'
import { rowsWhere } from './rows.ts'
import type { Lesson } from './sequence-batches.ts'
import { writeFeatures, writeOutputs } from './sequence-forward.ts'
import { layoutOf, OUTPUTS, type Layout } from './sequence-layout.ts'
import {
  blockOf,
  othersIn,
  personIn,
  scaledColumns,
  standardised,
  targetOf,
  tellerOf,
  type Scaling,
} from './sequence-readings.ts'
import { startOf, type Start, type Told } from './sequence-start.ts'
import { trainTogether } from './sequence-training.ts'
import { tensorBackend } from './tensor-backend.ts'

/** Rows of one fold that a start is computed from at most. */
const startRows = 600

export const sequence: Estimator = {
  name: 'sequence',
  async crossFit(sample, seed) {
    const backend = await tensorBackend()
    const names = { others: othersIn(sample.table), person: personIn(sample.table) }
    const layout = layoutOf(names.others, names.person.length)
    const folds = Array.from({ length: sample.folds }, (_, f) => foldMoments(sample, names, f))
    const tell = tellerOf(sample.table, names.person, layout)
    const told = folds.map(({ rows }): Told => {
      const some = spread(rows, startRows)
      const block = blockOf(layout, some.length)
      tell(some, 0, block)
      return { block, target: Float64Array.from(some, (row) => sample.target[row]!) }
    })
    const taught = pairsOf(sample.folds).map((leftOut, k) => {
      const random = randomOf(mixed(seed ^ hashOf(`sequence ${k}`, 0)))
      const seen = folds.filter((_, f) => !leftOut.includes(f))
      const scaling = scalingOf(names, seen)
      const start = startOf(
        layout,
        told.filter((_, f) => !leftOut.includes(f)),
        scaling,
        random,
      )
      const lesson: Lesson = { leftOut, scaling, start }
      return { scaling, lesson }
    })
    const decks = folds.map(({ rows }, f) => ({ rows, random: randomOf(mixed(seed ^ hashOf(`fold ${f}`, 0))) }))
    const weights = trainTogether(
      backend.tf,
      layout,
      { tell, target: sample.target, decks },
      taught.map(({ lesson }) => lesson),
    )
    const units = taught.map(({ scaling, lesson: { start } }, k): Packed => ({
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
  predictorOf: (unit) => (table) => outputsOf(unit, table)[0]!,
}

/** The mean absolute error to be expected of what a unit predicts, in the measure's unit: [rows]. */
export const errorPredictorOf =
  (unit: Packed) =>
  (table: FeatureTable): Float64Array =>
    outputsOf(unit, table)[1]!

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

function outputsOf(unit: Packed, table: FeatureTable): readonly [Float64Array, Float64Array] {
  const { layout, scaling, start } = sequenceIn(unit)
  const tell = tellerOf(table, scaling.person, layout)
  const weights = Float64Array.from(start.weights)
  const [mean, sd] = targetOf(scaling)
  const [expected, error] = [new Float64Array(table.rows), new Float64Array(table.rows)]
  const told = blockOf(layout, blockRows)
  const features = new Float64Array(layout.features * blockRows)
  const [out, sums] = [new Float64Array(OUTPUTS * blockRows), new Float64Array(blockRows)]
  const rows = Int32Array.from({ length: table.rows }, (_, row) => row)
  for (let from = 0; from < table.rows; from += blockRows) {
    tell(rows, from, told)
    writeFeatures(layout, weights, standardised(told, scaling, layout), features)
    for (let k = 0; k < layout.features; k++) {
      const [centre, scale] = [start.centre[k]!, 1 / start.scale[k]!]
      for (let at = k * blockRows; at < (k + 1) * blockRows; at++) features[at] = (features[at]! - centre) * scale
    }
    writeOutputs(layout, weights, features, out, sums)
    for (let i = 0; i < Math.min(blockRows, table.rows - from); i++) {
      expected[from + i] = mean + sd * out[i]!
      error[from + i] = sd * Math.exp(Math.min(5, out[blockRows + i]!))
    }
  }
  return [expected, error]
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
