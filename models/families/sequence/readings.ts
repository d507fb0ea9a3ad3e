/** From the columns of a table to dense input blocks of the sequence network. */
import { isReading, readingName } from '../../../engine/panel/readings.ts'
import type { FeatureTable } from '../../../engine/panel/window.ts'
import { columnNamed } from '../design.ts'
import { AGE, HERE, MANY, NEAR, readingsOfAll, SIZE, STEP, VALUE, WIDTH, type Layout } from './layout.ts'

/** The scaling of the inputs: mean and standard deviation of each track's values, of the personal features, and of the
 *  target, each over the rows that a network may see. */
export interface Scaling {
  /** keys of the other measures, one track each after the own */
  readonly others: readonly string[]
  /** names of the features of the person */
  readonly person: readonly string[]
  /** [1 + others + person + 1]: tracks, person, target */
  readonly centre: Float64Array
  readonly scale: Float64Array
}

/** Mean and standard deviation of the target. */
export const targetOf = ({ centre, scale }: Scaling): readonly [number, number] => [
  centre[centre.length - 1]!,
  scale[scale.length - 1]!,
]

/** Keys of the other measures whose readings a table holds. */
export const othersIn = ({ names }: FeatureTable): string[] =>
  names.flatMap((name) => /^(.+)\.reading\.1\.value$/.exec(name)?.[1] ?? [])

/** The personal features: neither history nor flags of conditions and medication, which other families use. */
export const personIn = ({ names }: FeatureTable): string[] =>
  names.filter((name) => !name.includes('.') && !isReading(name))

/** The columns that are standardised, in the order of the scaling: newest values, then the personal features. */
export const scaledColumns = (
  table: FeatureTable,
  { others, person }: Pick<Scaling, 'others' | 'person'>,
): Float32Array[] => [
  columnNamed(table, readingName(1, 'value')),
  ...others.map((key) => columnNamed(table, readingName(1, 'value', key))),
  ...person.map((name) => columnNamed(table, name)),
]

/** The inputs of a block of rows: columns of `size` places, the WIDTH facts of each reading of each track, then the
 *  person. Column by column, since everything is done to all rows of a block before the next thing is. */
export interface Block {
  readonly size: number
  readonly columns: Float64Array
}

export const blockOf = (layout: Layout, size: number): Block => ({
  size,
  columns: new Float64Array(size * (readingsOfAll(layout) * WIDTH + layout.features - layout.person)),
})

/** Clamps on standardised values and on ages. */
const mostSds = 4
const mostYears = 10

export const nearFact = (years: number): number => 1 / (1 + 2 * years)
export const ageFact = (years: number): number => Math.min(years, mostYears) / 5
/** @param count readings that stand together */
export const manyFact = (count: number): number => (count > 1 ? 1 - 1 / count : 0)

/** Writes the inputs of rows[from ..] into a block, in the units of the measures; unknown personal features are NaN. */
export type InputWriter = (rows: ArrayLike<number>, from: number, block: Block) => void

export function inputWriterOf(table: FeatureTable, personal: readonly string[], { tracks }: Layout): InputWriter {
  const readings = tracks.flatMap(({ measure, readings: count }) =>
    Array.from({ length: count }, (_, k) => {
      const named = (fact: 'value' | 'age' | 'count') =>
        columnNamed(table, readingName(k + 1, fact, measure ?? undefined))
      return { value: named('value'), age: named('age'), count: measure === null ? named('count') : null }
    }),
  )
  const person = personal.map((name) => columnNamed(table, name))
  return (rows, from, { size, columns }) => {
    const count = Math.min(size, rows.length - from)
    readings.forEach(({ value, age, count: many }, e) => {
      const at = e * WIDTH * size
      for (let i = 0; i < count; i++) {
        const row = rows[from + i]!
        const [x, years] = [value[row]!, age[row]!]
        const here = !(Number.isNaN(x) || Number.isNaN(years))
        columns[at + HERE * size + i] = here ? 1 : 0
        columns[at + NEAR * size + i] = here ? nearFact(years) : 0
        columns[at + AGE * size + i] = here ? ageFact(years) : 0
        columns[at + MANY * size + i] = here && many ? manyFact(many[row]!) : 0
        columns[at + VALUE * size + i] = here ? x : 0
      }
    })
    person.forEach((column, k) => {
      const at = (readings.length * WIDTH + k) * size
      for (let i = 0; i < count; i++) columns[at + i] = column[rows[from + i]!]!
    })
  }
}

/** Standardises a block, clamps values to mostSds, and computes the steps between them. */
export function standardised({ size, columns }: Block, { centre, scale }: Scaling, { tracks }: Layout): Block {
  const x = columns.slice()
  const newer = new Int32Array(size)
  let at = 0
  tracks.forEach(({ readings }, t) => {
    const [middle, unit] = [centre[t]!, 1 / scale[t]!]
    newer.fill(-1)
    for (let k = 0; k < readings; k++, at += WIDTH * size) {
      x.fill(0, at + STEP * size, at + WIDTH * size)
      for (let i = 0; i < size; i++) {
        if (x[at + HERE * size + i] === 0) continue
        const z = within((x[at + VALUE * size + i]! - middle) * unit)
        x[at + VALUE * size + i] = z
        const before = newer[i]!
        newer[i] = at
        if (before < 0) continue
        const step = x[before + VALUE * size + i]! - z
        x[before + STEP * size + i] = step
        x[before + SIZE * size + i] = Math.abs(step)
      }
    }
  })
  for (let k = tracks.length; at < x.length; k++, at += size)
    for (let i = 0; i < size; i++) {
      const z = within((x[at + i]! - centre[k]!) / scale[k]!)
      x[at + i] = Number.isNaN(z) ? 0 : z
    }
  return { size, columns: x }
}

export const within = (z: number): number => (z < -mostSds ? -mostSds : z > mostSds ? mostSds : z)
