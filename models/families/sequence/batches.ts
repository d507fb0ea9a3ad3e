/** Batches for networks that are taught together. */
import type { Random } from '../../../engine/kernel/random.ts'
import { HERE, WIDTH, type Layout } from './layout.ts'
import { blockOf, standardised, targetOf, type Block, type Scaling, type Teller } from './readings.ts'
import type { Start } from './start.ts'

/** What one network is taught. */
export interface Lesson {
  readonly leftOut: readonly number[]
  readonly scaling: Scaling
  readonly start: Start
}

/** What there is to learn from. */
export interface Material {
  readonly tell: Teller
  /** by row of the sample, in the measure's unit */
  readonly target: Float64Array
  /** the rows of each fold, and what deals them */
  readonly decks: readonly { readonly rows: Int32Array; readonly random: Random }[]
}

/** Rows a step that a unit learns from, dealt evenly over its folds. */
export const BATCH = 96

/** The readings of one track. */
export interface TrackFacts {
  /** [units x WIDTH, rows x readings] */
  readonly facts: Float32Array
  /** how many readings are not there: [units, 1, rows] */
  readonly lacking: Float32Array
}

/** A batch for each unit. */
export interface Dealt {
  readonly tracks: readonly TrackFacts[]
  /** [units, features that are given, rows] */
  readonly given: Float32Array
  /** [units, 1, rows] */
  readonly target: Float32Array
}

/** Batches: the same rows of a fold for all who may see it, each measured by the unit's own scaling. */
export function dealer(
  layout: Layout,
  { tell, target, decks }: Material,
  lessons: readonly Lesson[],
  rows: number,
): () => Dealt {
  const quota = quotaOf(decks.length, lessons)
  const next = decks.map(deckOf)
  const given = layout.features - layout.newest
  const dealt: Dealt = {
    tracks: layout.tracks.map(({ readings: count }) => ({
      facts: new Float32Array(lessons.length * WIDTH * rows * count),
      lacking: new Float32Array(lessons.length * rows),
    })),
    given: new Float32Array(lessons.length * given * rows),
    target: new Float32Array(lessons.length * rows),
  }
  const told = blockOf(layout, quota)
  const chosen = new Int32Array(quota)
  return () => {
    const place = new Int32Array(lessons.length)
    decks.forEach((deck, f) => {
      if (deck.rows.length > 0) {
        for (let i = 0; i < quota; i++) chosen[i] = next[f]!()
        tell(chosen, 0, told)
      }
      lessons.forEach(({ leftOut, scaling }, u) => {
        if (leftOut.includes(f)) return
        const at = place[u]!
        place[u] = at + quota
        if (deck.rows.length === 0) return
        lay(dealt, layout, standardised(told, scaling, layout), { unit: u, at, rows })
        const [mean, sd] = targetOf(scaling)
        for (let i = 0; i < quota; i++) dealt.target[u * rows + at + i] = (target[chosen[i]!]! - mean) / sd
      })
    })
    return dealt
  }
}

/** Puts a block into the rows of a unit from `at` on. */
function lay(
  dealt: Dealt,
  { tracks, newest, features }: Layout,
  { size, columns }: Block,
  { unit, at, rows }: { unit: number; at: number; rows: number },
): void {
  let from = 0
  tracks.forEach(({ readings }, t) => {
    const { facts, lacking } = dealt.tracks[t]!
    const across = rows * readings
    lacking.fill(readings, unit * rows + at, unit * rows + at + size)
    for (let k = 0; k < readings; k++)
      for (let f = 0; f < WIDTH; f++, from += size) {
        const to = (unit * WIDTH + f) * across + at * readings + k
        for (let i = 0; i < size; i++) facts[to + i * readings] = columns[from + i]!
        if (f === HERE) for (let i = 0; i < size; i++) lacking[unit * rows + at + i]! -= columns[from + i]!
      }
  })
  const given = features - newest
  for (let k = 0; k < given; k++) {
    const source = k < WIDTH ? k * size : from + (k - WIDTH) * size
    dealt.given.set(columns.subarray(source, source + size), (unit * given + k) * rows + at)
  }
}

/** Rows of each fold in a batch. */
export const quotaOf = (folds: number, lessons: readonly Lesson[]): number =>
  Math.ceil(BATCH / Math.max(1, folds - lessons[0]!.leftOut.length))

/** Deals rows without putting back, shuffled anew each time the deck is through. */
function deckOf({ rows, random }: Material['decks'][number]): () => number {
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
