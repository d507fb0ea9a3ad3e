/** Rows of a sample, chosen by fold. */
import type { FeatureTable } from '../engine/window.ts'
import type { Sample } from './estimator.ts'

/** The rows that model `outer` may see: all but those of fold `outer` (every row, if there is no such fold). */
export const rowsOutside = (sample: Sample, ...leftOut: readonly number[]): Int32Array =>
  Int32Array.from(sample.fold.keys()).filter((row) => !leftOut.includes(sample.fold[row]!))

/** The chosen rows of a table, in the order given. */
export const tableRows = (table: FeatureTable, rows: Int32Array): FeatureTable => ({
  names: table.names,
  rows: rows.length,
  columns: table.columns.map((column) => Float32Array.from(rows, (row) => column[row]!)),
})
