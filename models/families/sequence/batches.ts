/** Batches for networks that are trained together. */
import type { Random } from '../../../engine/kernel/random.ts'
import { HERE, WIDTH, type Layout } from './layout.ts'
import { blockOf, standardised, targetOf, type Block, type Scaling, type InputWriter } from './readings.ts'
import type { Start } from './start.ts'

/** The training of one network. */
export interface TrainingTask {
  readonly leftOut: readonly number[]
  readonly scaling: Scaling
  readonly start: Start
}

/** The training data shared by all networks. */
export interface TrainingData {
  readonly writeInputs: InputWriter
  /** by row of the sample, in the measure's unit */
  readonly target: Float64Array
  /** the rows of each fold, and the generator that samples them */
  readonly foldRows: readonly { readonly rows: Int32Array; readonly random: Random }[]
}

/** Rows per step and unit, spread evenly over its folds. */
export const BATCH = 96

/** The readings of one track. */
export interface TrackFacts {
  /** [units x WIDTH, rows x readings] */
  readonly facts: Float32Array
  /** numbers of absent readings: [units, 1, rows] */
  readonly absent: Float32Array
}

/** A batch for each unit. */
export interface Batch {
  readonly tracks: readonly TrackFacts[]
  /** [units, features that are given, rows] */
  readonly given: Float32Array
  /** [units, 1, rows] */
  readonly target: Float32Array
}

/** Batches: the same rows of a fold for all units that may use it, standardised by each unit's own scaling. */
export function batchSource(
  layout: Layout,
  { writeInputs, target, foldRows }: TrainingData,
  tasks: readonly TrainingTask[],
  rows: number,
): () => Batch {
  const quota = quotaOf(foldRows.length, tasks)
  const next = foldRows.map(samplerOf)
  const given = layout.features - layout.newest
  const batch: Batch = {
    tracks: layout.tracks.map(({ readings: count }) => ({
      facts: new Float32Array(tasks.length * WIDTH * rows * count),
      absent: new Float32Array(tasks.length * rows),
    })),
    given: new Float32Array(tasks.length * given * rows),
    target: new Float32Array(tasks.length * rows),
  }
  const block = blockOf(layout, quota)
  const chosen = new Int32Array(quota)
  return () => {
    const place = new Int32Array(tasks.length)
    foldRows.forEach((deck, f) => {
      if (deck.rows.length > 0) {
        for (let i = 0; i < quota; i++) chosen[i] = next[f]!()
        writeInputs(chosen, 0, block)
      }
      tasks.forEach(({ leftOut, scaling }, u) => {
        if (leftOut.includes(f)) return
        const at = place[u]!
        place[u] = at + quota
        if (deck.rows.length === 0) return
        writeBlock(batch, layout, standardised(block, scaling, layout), { unit: u, at, rows })
        const [mean, sd] = targetOf(scaling)
        for (let i = 0; i < quota; i++) batch.target[u * rows + at + i] = (target[chosen[i]!]! - mean) / sd
      })
    })
    return batch
  }
}

/** Puts a block into the rows of a unit from `at` on. */
function writeBlock(
  batch: Batch,
  { tracks, newest, features }: Layout,
  { size, columns }: Block,
  { unit, at, rows }: { unit: number; at: number; rows: number },
): void {
  let from = 0
  tracks.forEach(({ readings }, t) => {
    const { facts, absent } = batch.tracks[t]!
    const across = rows * readings
    absent.fill(readings, unit * rows + at, unit * rows + at + size)
    for (let k = 0; k < readings; k++)
      for (let f = 0; f < WIDTH; f++, from += size) {
        const to = (unit * WIDTH + f) * across + at * readings + k
        for (let i = 0; i < size; i++) facts[to + i * readings] = columns[from + i]!
        if (f === HERE) for (let i = 0; i < size; i++) absent[unit * rows + at + i]! -= columns[from + i]!
      }
  })
  const given = features - newest
  for (let k = 0; k < given; k++) {
    const source = k < WIDTH ? k * size : from + (k - WIDTH) * size
    batch.given.set(columns.subarray(source, source + size), (unit * given + k) * rows + at)
  }
}

/** Rows of each fold in a batch. */
export const quotaOf = (folds: number, tasks: readonly TrainingTask[]): number =>
  Math.ceil(BATCH / Math.max(1, folds - tasks[0]!.leftOut.length))

/** Samples rows without replacement, reshuffled after each pass. */
function samplerOf({ rows, random }: TrainingData['foldRows'][number]): () => number {
  const order = rows.slice()
  let next = rows.length
  return () => {
    if (next === order.length) {
      next = 0
      for (let i = order.length - 1; i > 0; i--) {
        const j = random.below(i + 1)
        const kept = order[i]!
        order[i] = order[j]!
        order[j] = kept
      }
    }
    return order[next++]!
  }
}
