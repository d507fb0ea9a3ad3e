/** Inputs of the sequence network for many rows, stored sparsely: most rows have few readings. */
import { readingName } from '../../../engine/panel/readings.ts'
import type { FeatureTable } from '../../../engine/panel/window.ts'
import { columnNamed } from '../design.ts'
import type { Layout } from './layout.ts'
import { ageFact, manyFact, nearFact, within, type Scaling } from './readings.ts'

/** The readings of one track: those of row i at [starts[i], starts[i + 1]), the newest first. */
export interface TrackInputs {
  readonly starts: Int32Array
  readonly near: Float64Array
  readonly age: Float64Array
  readonly many: Float64Array
  /** in the measure's unit */
  readonly value: Float64Array
}

/** Rows in the units of their measures; unknown personal features are NaN. */
export interface SequenceInputs {
  readonly rows: number
  readonly tracks: readonly TrackInputs[]
  readonly person: readonly Float32Array[]
}

/** Values of a track in standard deviations, clamped, and the step to each from the reading before it. */
export interface Measured {
  readonly value: Float64Array
  readonly step: Float64Array
  readonly size: Float64Array
}

// The units of a bag predict the same table in turn.
const inputsByTable = new WeakMap<FeatureTable, Map<string, SequenceInputs>>()

/** The inputs of all rows of a table, cached for the other networks of the bag. */
export function cachedInputs(table: FeatureTable, personal: readonly string[], layout: Layout): SequenceInputs {
  const known = inputsByTable.get(table) ?? new Map<string, SequenceInputs>()
  inputsByTable.set(table, known)
  const key = [...layout.tracks.map(({ measure }) => measure), ...personal].join()
  const inputs = known.get(key) ?? inputsOf(table, personal, layout)
  known.set(key, inputs)
  return inputs
}

/** @param rows of the table, all by default */
export function inputsOf(
  table: FeatureTable,
  personal: readonly string[],
  { tracks }: Layout,
  rows?: Int32Array,
): SequenceInputs {
  const count = rows?.length ?? table.rows
  return {
    rows: count,
    tracks: tracks.map(({ measure, readings }) => trackInputs(table, measure, readings, count, rows)),
    person: personal.map((name) => {
      const column = columnNamed(table, name)
      return rows ? Float32Array.from(rows, (row) => column[row]!) : column
    }),
  }
}

function trackInputs(
  table: FeatureTable,
  measure: string | null,
  readings: number,
  count: number,
  rows: Int32Array | undefined,
): TrackInputs {
  const named = (fact: 'value' | 'age' | 'count') =>
    Array.from({ length: readings }, (_, k) => columnNamed(table, readingName(k + 1, fact, measure ?? undefined)))
  const [values, ages, counts] = [named('value'), named('age'), measure === null ? named('count') : null]
  const starts = new Int32Array(count + 1)
  for (let i = 0; i < count; i++) {
    const row = rows ? rows[i]! : i
    let at = starts[i]!
    for (let k = 0; k < readings; k++) if (isThere(values[k]![row]!, ages[k]![row]!)) at++
    starts[i + 1] = at
  }
  const [near, age, many, value] = Array.from({ length: 4 }, () => new Float64Array(starts[count]!)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0, at = 0; i < count; i++) {
    const row = rows ? rows[i]! : i
    for (let k = 0; k < readings; k++) {
      const [x, years] = [values[k]![row]!, ages[k]![row]!]
      if (!isThere(x, years)) continue
      near[at] = nearFact(years)
      age[at] = ageFact(years)
      many[at] = counts ? manyFact(counts[k]![row]!) : 0
      value[at++] = x
    }
  }
  return { starts, near, age, many, value }
}

const isThere = (value: number, years: number): boolean => !(Number.isNaN(value) || Number.isNaN(years))

/** Every track's values against a scaling. */
export const measuredBy = ({ tracks }: SequenceInputs, { centre, scale }: Scaling): Measured[] =>
  tracks.map(({ starts, value }, t) => {
    const [middle, unit] = [centre[t]!, 1 / scale[t]!]
    const out: Measured = {
      value: new Float64Array(value.length),
      step: new Float64Array(value.length),
      size: new Float64Array(value.length),
    }
    for (let i = 0; i + 1 < starts.length; i++)
      for (let at = starts[i]!; at < starts[i + 1]!; at++) {
        const z = within((value[at]! - middle) * unit)
        out.value[at] = z
        if (at === starts[i]!) continue
        const step = out.value[at - 1]! - z
        out.step[at - 1] = step
        out.size[at - 1] = Math.abs(step)
      }
    return out
  })
