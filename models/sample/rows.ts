/** Rows of a sample, chosen by fold or by hash. Plain loops: these run over every row of every column. */
import type { FeatureTable } from '../../engine/panel/window.ts'
import type { Sample } from '../estimator.ts'

/** The rows of which the test holds, ascending, of 0 .. count - 1. */
export function rowsWhere(count: number, holds: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(count)
  let size = 0
  for (let row = 0; row < count; row++) if (holds(row)) rows[size++] = row
  return rows.slice(0, size)
}

/** The rows that may be seen where the folds are left out. */
export const rowsOutside = ({ fold }: Pick<Sample, 'fold'>, ...leftOut: readonly number[]): Int32Array =>
  rowsWhere(fold.length, (row) => !leftOut.includes(fold[row]!))

/** The chosen rows of a table, in the order given. */
export const tableRows = (table: FeatureTable, rows: Int32Array): FeatureTable => ({
  names: table.names,
  rows: rows.length,
  columns: table.columns.map((column) => {
    const chosen = new Float32Array(rows.length)
    for (let i = 0; i < rows.length; i++) chosen[i] = column[rows[i]!]!
    return chosen
  }),
})

/** At most `most` of the rows, those with the smallest rank (of equal rank the first), in their own order.
 *  @param rankOf an unsigned integer below 2^32 */
export function thinned(rows: Int32Array, most: number, rankOf: (row: number) => number): Int32Array {
  if (rows.length <= most) return rows
  // Rank and place in one double (32 + 20 bits), so that one native sort does it.
  const keys = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) keys[i] = rankOf(rows[i]!) * places + i
  keys.sort()
  return Int32Array.from(keys.subarray(0, most), (key) => rows[key % places]!).sort()
}

const places = 2 ** 20
