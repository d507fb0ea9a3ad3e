/** Sums of products over the rows of a block, the inner loops of the two regressions of method.md 3. */
import { BLOCK_ROWS } from './facts.ts'

/** Adds left_i * right_j over the rows to the lower triangle of `sums`, row-major [width, width].
 *
 *  Every sum is taken row after row, as it would be in one loop over the rows; four of them side by side, so that none
 *  waits for the one before it.
 *  @param left, right column-major [width, BLOCK_ROWS], of which the first `rows` of each column count */
export function addProducts(
  sums: Float64Array,
  left: Float64Array,
  right: Float64Array,
  width: number,
  rows: number,
): void {
  for (let i = 0; i < width; i++) {
    const from = i * BLOCK_ROWS
    let j = 0
    for (; j + 3 <= i; j += 4) addFour(sums, i * width + j, left, from, right, j * BLOCK_ROWS, rows)
    for (; j <= i; j++) addOne(sums, i * width + j, left, from, right, j * BLOCK_ROWS, rows)
  }
}

function addFour(
  sums: Float64Array,
  at: number,
  left: Float64Array,
  leftFrom: number,
  right: Float64Array,
  rightFrom: number,
  rows: number,
): void {
  let a = sums[at]!
  let b = sums[at + 1]!
  let c = sums[at + 2]!
  let d = sums[at + 3]!
  for (let row = 0; row < rows; row++) {
    const x = left[leftFrom + row]!
    const place = rightFrom + row
    a += x * right[place]!
    b += x * right[place + BLOCK_ROWS]!
    c += x * right[place + 2 * BLOCK_ROWS]!
    d += x * right[place + 3 * BLOCK_ROWS]!
  }
  sums[at] = a
  sums[at + 1] = b
  sums[at + 2] = c
  sums[at + 3] = d
}

function addOne(
  sums: Float64Array,
  at: number,
  left: Float64Array,
  leftFrom: number,
  right: Float64Array,
  rightFrom: number,
  rows: number,
): void {
  let sum = sums[at]!
  for (let row = 0; row < rows; row++) sum += left[leftFrom + row]! * right[rightFrom + row]!
  sums[at] = sum
}

/** Adds each column times a value per row to `sums` [width], row after row.
 *  @param block column-major [width, BLOCK_ROWS] */
export function addMoments(
  sums: Float64Array,
  block: Float64Array,
  values: Float64Array,
  width: number,
  rows: number,
): void {
  for (let i = 0; i < width; i++) addOne(sums, i, values, 0, block, i * BLOCK_ROWS, rows)
}

/** x'b of every row of a block, the columns added in their order.
 *  @param block column-major [width, BLOCK_ROWS]   @param into a value per row */
export function linearOf(block: Float64Array, coefficients: Float64Array, rows: number, into: Float64Array): void {
  into.fill(0, 0, rows)
  for (let i = 0; i < coefficients.length; i++) {
    const b = coefficients[i]!
    const from = i * BLOCK_ROWS
    for (let row = 0; row < rows; row++) into[row]! += block[from + row]! * b
  }
}
