/** One assessed year over the whole region: the rows of its shards put into the order of patients. The only merge of shards. */
import { rowColumns, type RowColumns } from '../../data/columns/row-columns.ts'
import { fitsInSingle, type NarrowColumn, widen } from '../../data/columns/narrow.ts'
import { unpacked } from '../../data/columns/packed.ts'
import { textsOf, type TextColumn } from '../../data/columns/text-column.ts'
import type { FactColumn } from '../../engine/assessment/facts.ts'
import { factsIn, type PatientFacts } from '../../engine/assessment/patient-facts.ts'
import { foldOf } from '../../engine/kernel/fold.ts'
import type { YearOfShard } from './year-of-shard.ts'

/** One outcome; columns have a row per patient of the region. */
export interface OutcomeOfRegion {
  readonly measure: string
  readonly status: Uint8Array
  readonly gain: Float64Array
}

/** A year of the region, ascending by patient_id. */
export interface MergedYear extends RowColumns {
  /** of the patient */
  readonly fold: Uint8Array
  readonly outcomes: readonly (OutcomeOfRegion & PatientFacts)[]
}

/** Shards of one year (`yearOfShard` of each; no patient is in two), in any distribution of patients over them. */
export function mergedYear(packedShards: readonly Uint8Array[]): MergedYear {
  const shards = packedShards.map((bytes) => unpacked(bytes) as YearOfShard)
  const order = orderOf(shards.map(({ patientIds }) => patientIds))
  const ints = (columns: readonly Int32Array[]) => gathered(order, columns, new Int32Array(order.length))
  return {
    ...rowColumns((column) => ints(shards.map((shard) => shard[column]))),
    fold: gathered(order, shards.map(foldsOf), new Uint8Array(order.length)),
    outcomes: (shards[0]?.outcomes ?? []).map(({ measure, facts }, at) => {
      const columns = shards.map(({ outcomes }) => outcomes[at]!)
      return {
        measure,
        status: gathered(order, columns.map(({ status }) => status), new Uint8Array(order.length)), // prettier-ignore
        gain: widenedIn(order, columns.map(({ gain }) => gain), new Float64Array(order.length)), // prettier-ignore
        ...factsIn(facts.map((_, fact) => factIn(order, columns.map((outcome) => outcome.facts[fact]!)))), // prettier-ignore
      }
    }),
  }
}

/** Where the rows of each shard go. */
interface Order {
  readonly length: number
  /** row in the region of every row of a shard, ascending */
  readonly places: readonly Int32Array[]
}

/** Rows by patient_id (code units): every shard ascends by itself, so the least of their heads is always next. */
function orderOf(shards: readonly TextColumn[]): Order {
  const places = shards.map(({ ends }) => new Int32Array(ends.length))
  const length = places.reduce((sum, rows) => sum + rows.length, 0)
  const texts = shards.map(textsOf)
  // shards with rows left, ascending by their next patient
  const heads = shards.flatMap(({ ends }, shard): Head[] =>
    ends.length === 0 ? [] : [{ shard, row: 0, id: texts[shard]!(0) }],
  )
  heads.sort((a, b) => (a.id < b.id ? -1 : 1))
  for (let next = 0; next < length; next++) {
    const least = heads[0]!
    const rows = places[least.shard]!
    rows[least.row++] = next
    if (least.row === rows.length) heads.shift()
    else {
      least.id = texts[least.shard]!(least.row)
      sink(heads)
    }
  }
  return { length, places }
}

/** The next patient of a shard. */
interface Head {
  readonly shard: number
  row: number
  id: string
}

/** Restores the order after the first shard has advanced. */
function sink(heads: Head[]): void {
  const moved = heads[0]!
  let [low, high] = [1, heads.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (heads[middle]!.id < moved.id) low = middle + 1
    else high = middle
  }
  for (let place = 1; place < low; place++) heads[place - 1] = heads[place]!
  heads[low - 1] = moved
}

const foldsOf = ({ patientIds }: YearOfShard): Uint8Array => {
  const idAt = textsOf(patientIds)
  return Uint8Array.from(patientIds.ends, (_, row) => foldOf(idAt(row)))
}

function gathered<A extends Uint8Array | Int32Array>({ places }: Order, columns: readonly A[], out: A): A {
  columns.forEach((column, s) => {
    const rows = places[s]!
    for (let row = 0; row < rows.length; row++) out[rows[row]!] = column[row]!
  })
  return out
}

function widenedIn<A extends FactColumn>({ places }: Order, columns: readonly NarrowColumn[], out: A): A {
  columns.forEach((column, s) => widen(column, places[s]!, out))
  return out
}

const factIn = (order: Order, columns: readonly NarrowColumn[]): FactColumn =>
  widenedIn(order, columns, new (columns.every(fitsInSingle) ? Float32Array : Float64Array)(order.length))
