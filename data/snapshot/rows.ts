/** The rows of one table and one shard: gathered in any order of arrival, then put into the one canonical order. */
import { byCodeUnits } from '../columns/text-order.ts'
import { invariant } from '../../engine/kernel/refusal.ts'
import type { SnapshotTable } from './tables.ts'

/** Texts that come back often, each kept once; numbered in order of arrival. */
export class Dictionary {
  readonly words: string[] = []
  private readonly numbers = new Map<string, number>()

  numberOf(word: string): number {
    const known = this.numbers.get(word)
    if (known !== undefined) return known
    this.numbers.set(word, this.words.length)
    return this.words.push(word) - 1
  }
}

/** A column of sorted rows. A word's `values` are places in `words`, which ascend and all occur. */
export type SortedColumn =
  | { readonly kind: 'day'; readonly values: Int32Array }
  | { readonly kind: 'double'; readonly values: Float64Array }
  | { readonly kind: 'word'; readonly values: Int32Array; readonly words: readonly string[] }
  | { readonly kind: 'text'; readonly values: readonly string[] }

/** Rows by patient (place in the shard), then by their columns from left to right. */
export interface SortedRows {
  readonly rows: number
  readonly patient: Int32Array
  readonly columns: readonly SortedColumn[]
}

type Values = Int32Array | Float64Array | string[]

/** Unordered rows, in columns that grow. */
export class Rows {
  private count = 0
  private capacity: number
  private patient: Int32Array
  private readonly values: Values[]

  constructor(
    private readonly table: SnapshotTable,
    private readonly dictionaries: readonly (Dictionary | null)[],
    expectedRows: number,
  ) {
    this.capacity = Math.max(16, expectedRows)
    this.patient = new Int32Array(this.capacity)
    this.values = table.columns.map(({ kind }) => {
      if (kind === 'text') return []
      return kind === 'double' ? new Float64Array(this.capacity) : new Int32Array(this.capacity)
    })
  }

  /** Makes room for a row of the patient; its columns are then `put` at the place returned. */
  add(patient: number): number {
    if (this.count === this.capacity) this.grow()
    this.patient[this.count] = patient
    return this.count++
  }

  put(column: number, row: number, value: number): void {
    ;(this.values[column] as Float64Array)[row] = value
  }

  putText(column: number, row: number, text: string): void {
    ;(this.values[column] as string[])[row] = text
  }

  /** Lets go of what was gathered. */
  clear(): void {
    this.count = 0
    this.capacity = 0
    this.patient = new Int32Array(0)
    this.values.splice(0)
  }

  private grow(): void {
    this.capacity = Math.ceil(this.capacity * 1.5) + 16
    const grown = <A extends Int32Array | Float64Array>(from: A, to: A): A => {
      to.set(from)
      return to
    }
    this.patient = grown(this.patient, new Int32Array(this.capacity))
    this.values.forEach((values, column) => {
      if (values instanceof Int32Array) this.values[column] = grown(values, new Int32Array(this.capacity))
      else if (values instanceof Float64Array) this.values[column] = grown(values, new Float64Array(this.capacity))
    })
  }

  sorted(patients: number): SortedRows {
    const columns = this.table.columns.map(({ kind }, column) => this.ranked(kind === 'word', column))
    const order = this.orderOf(patients, columns)
    return {
      rows: this.count,
      patient: gatheredInts(this.patient, order),
      columns: columns.map(({ values, words }, column): SortedColumn => {
        if (words) return { kind: 'word', values: gatheredInts(values as Int32Array, order), words }
        if (values instanceof Int32Array) return { kind: 'day', values: gatheredInts(values, order) }
        if (values instanceof Float64Array) return { kind: 'double', values: gatheredDoubles(values, order) }
        invariant(this.table.columns[column]?.kind === 'text', 'what is no number is text')
        return { kind: 'text', values: Array.from(order, (row) => values[row] as string) }
      }),
    }
  }

  /** A word's number of arrival becomes its rank among the words that occur here. */
  private ranked(isWord: boolean, column: number): { values: Values; words?: readonly string[] } {
    const values = this.values[column] as Values
    const dictionary = this.dictionaries[column]
    if (!isWord || !dictionary) return { values }
    const numbers = values as Int32Array
    const occurs = new Uint8Array(dictionary.words.length)
    for (let row = 0; row < this.count; row++) occurs[numbers[row]!] = 1
    const words = dictionary.words.filter((_, number) => occurs[number] === 1).sort(byCodeUnits)
    const rankOf = new Map(words.map((word, rank) => [word, rank]))
    const ranks = Int32Array.from(dictionary.words, (word) => rankOf.get(word) ?? -1)
    const ranked = new Int32Array(this.count)
    for (let row = 0; row < this.count; row++) ranked[row] = ranks[numbers[row]!]!
    return { values: ranked, words }
  }

  /** A counting sort by patient, and by the first column where that has few words; then each small group by the rest. */
  private orderOf(
    patients: number,
    columns: readonly { readonly values: Values; readonly words?: readonly string[] }[],
  ): Int32Array {
    const first = columns[0]
    const radix = first?.words && first.words.length * patients < 1 << 24 ? Math.max(1, first.words.length) : 1
    const digit = radix > 1 ? (first?.values as Int32Array) : null
    const starts = new Int32Array(patients * radix + 1)
    const keyOf = (row: number) => this.patient[row]! * radix + (digit ? digit[row]! : 0)
    for (let row = 0; row < this.count; row++) starts[keyOf(row) + 1]!++
    for (let key = 0; key < starts.length - 1; key++) starts[key + 1]! += starts[key]!
    const order = new Int32Array(this.count)
    const next = starts.slice()
    for (let row = 0; row < this.count; row++) order[next[keyOf(row)]!++] = row
    const compare = comparing(columns.map(({ values }) => values))
    for (let key = 0; key < starts.length - 1; key++) sortRange(order, starts[key]!, starts[key + 1]!, compare)
    return order
  }
}

function comparing(columns: readonly Values[]): (a: number, b: number) => number {
  return (a, b) => {
    for (const values of columns) {
      const [left, right] = [values[a]!, values[b]!]
      if (left < right) return -1
      if (left > right) return 1
    }
    return 0
  }
}

// below this a plain insertion sort beats a call of the built-in one
const fewRows = 24

function sortRange(order: Int32Array, from: number, to: number, compare: (a: number, b: number) => number): void {
  if (to - from > fewRows) {
    order.subarray(from, to).sort(compare)
    return
  }
  for (let at = from + 1; at < to; at++) {
    const row = order[at]!
    let hole = at
    while (hole > from && compare(order[hole - 1]!, row) > 0) {
      order[hole] = order[hole - 1]!
      hole--
    }
    order[hole] = row
  }
}

function gatheredInts(values: Int32Array, order: Int32Array): Int32Array {
  const gathered = new Int32Array(order.length)
  for (let at = 0; at < order.length; at++) gathered[at] = values[order[at]!]!
  return gathered
}

function gatheredDoubles(values: Float64Array, order: Int32Array): Float64Array {
  const gathered = new Float64Array(order.length)
  for (let at = 0; at < order.length; at++) gathered[at] = values[order[at]!]!
  return gathered
}
