/** The covariates of the two regressions of method.md 3, as columns. */
import { invariant } from '../kernel/refusal.ts'

/** Columns of covariates, a value per row; NaN where unknown. The partner is never among them. */
export interface Facts {
  readonly names: readonly string[]
  readonly columns: readonly FactColumn[]
}

/** Single precision where it holds every value exactly, as it does whole numbers up to 2^24. */
export type FactColumn = Float64Array | Float32Array

/** Rows of facts in blocks: standardised over the rows that are fitted on, unknown facts at the mean, a constant 1 in front. */
export interface Design {
  /** columns with the constant */
  readonly width: number
  /** Writes the rows `rows[from..to)` into `block`, column-major [width, BLOCK_ROWS]. */
  readonly load: (block: Float64Array, rows: Int32Array, from: number, to: number) => void
}

/** Rows in a block: with some twenty columns it stays in the processor's cache. */
export const BLOCK_ROWS = 256

/** The design of facts, standardised over `fitted` rows.
 *  A column that says nothing there (constant, or never known) is 0 everywhere. */
export function designOf(facts: Facts, fitted: Int32Array): Design {
  for (const name of facts.names)
    invariant(!/partner|practice/.test(name), `"${name}" is not among the facts: partner and practice never are`)
  const width = facts.columns.length + 1
  const centre = new Float64Array(width)
  const scale = new Float64Array(width)
  facts.columns.forEach((column, at) => {
    const { mean, sd } = momentsOf(column, fitted)
    centre[at + 1] = mean
    scale[at + 1] = sd > 1e-9 * Math.max(1, Math.abs(mean)) ? 1 / sd : 0
  })
  const load = (block: Float64Array, rows: Int32Array, from: number, to: number) => {
    block.fill(1, 0, to - from)
    facts.columns.forEach((column, index) => loadColumn(block, column, rows, from, to, index + 1, centre, scale))
  }
  return { width, load }
}

function loadColumn(
  block: Float64Array,
  column: FactColumn,
  rows: Int32Array,
  from: number,
  to: number,
  at: number,
  centres: Float64Array,
  scales: Float64Array,
): void {
  const [centre, scale] = [centres[at]!, scales[at]!]
  for (let row = from, place = at * BLOCK_ROWS; row < to; row++, place++) {
    const x = (column[rows[row]!]! - centre) * scale
    block[place] = x === x ? x : 0 // NaN, not known: at the mean
  }
}

function momentsOf(column: FactColumn, rows: Int32Array): { mean: number; sd: number } {
  let [sum, squares, known] = [0, 0, 0]
  for (let at = 0; at < rows.length; at++) {
    const x = column[rows[at]!]!
    if (x === x) {
      sum += x
      known++
    }
  }
  if (known < 2) return { mean: 0, sd: 0 }
  const mean = sum / known
  for (let at = 0; at < rows.length; at++) {
    const x = column[rows[at]!]!
    if (x === x) squares += (x - mean) * (x - mean)
  }
  return { mean, sd: Math.sqrt(squares / (known - 1)) }
}

/** Both sets of facts side by side; rows are the same. */
export const besides = (first: Facts, second: Facts): Facts => ({
  names: [...first.names, ...second.names],
  columns: [...first.columns, ...second.columns],
})
