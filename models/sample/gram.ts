/** Sufficient statistics of a linear fit: additive over folds, so that leaving a fold out is a subtraction. */

/** Moments of [1, terms] and the target; `xx` is row-major of order width + 1, upper triangle filled, the constant first. */
export interface Gram {
  readonly order: number
  readonly xx: Float64Array
  readonly xy: Float64Array
  readonly yy: number
  readonly rows: number
}

/** The moments per fold.
 *  @param columns [width][rows], each column after the other, rows in the order of their folds  @param y [rows]
 *  @param starts [folds + 1]: the rows of fold f lie in [starts[f], starts[f + 1])
 *  @param most of each fold the first so many count */
export function gramsOf(
  columns: Float64Array,
  y: Float64Array,
  starts: ArrayLike<number>,
  most: number,
): readonly Gram[] {
  const width = columns.length / Math.max(1, y.length)
  return Array.from({ length: starts.length - 1 }, (_, f) =>
    gramOf(columns, y, Math.round(width), starts[f]!, Math.min(starts[f]! + most, starts[f + 1]!)),
  )
}

/** Rows that are packed together, to be read from the nearest cache for all their products. */
const blockRows = 48

function gramOf(columns: Float64Array, y: Float64Array, width: number, from: number, to: number): Gram {
  // The constant, the terms, the target; then nothing, up to a multiple of three.
  const order = width + 1
  const padded = 3 * Math.ceil((order + 1) / 3)
  const sums = new Float64Array(padded * padded)
  const block = new Float64Array(padded * blockRows)
  for (let start = from; start < to; start += blockRows) {
    const size = Math.min(blockRows, to - start)
    block.fill(0).fill(1, 0, size)
    for (let j = 0; j < width; j++)
      block.set(columns.subarray(j * y.length + start, j * y.length + start + size), (j + 1) * blockRows)
    block.set(y.subarray(start, start + size), order * blockRows)
    accumulate(sums, block, padded)
  }
  const xx = new Float64Array(order * order)
  for (let i = 0; i < order; i++) for (let j = i; j < order; j++) xx[i * order + j] = sums[i * padded + j]!
  const xy = Float64Array.from({ length: order }, (_, i) => sums[i * padded + order]!)
  return { order, xx, xy, yy: sums[order * padded + order]!, rows: to - from }
}

/** Adds the products of every two columns, nine at a time: six numbers are loaded for nine products, and their sums stay in registers. */
function accumulate(sums: Float64Array, block: Float64Array, padded: number): void {
  for (let i = 0; i < padded; i += 3)
    for (let j = i; j < padded; j += 3) {
      let [s00, s01, s02, s10, s11, s12, s20, s21, s22] = [0, 0, 0, 0, 0, 0, 0, 0, 0]
      const [a, b] = [i * blockRows, j * blockRows]
      for (let k = 0; k < blockRows; k++) {
        const a0 = block[a + k]!
        const a1 = block[a + blockRows + k]!
        const a2 = block[a + 2 * blockRows + k]!
        const b0 = block[b + k]!
        const b1 = block[b + blockRows + k]!
        const b2 = block[b + 2 * blockRows + k]!
        s00 += a0 * b0
        s01 += a0 * b1
        s02 += a0 * b2
        s10 += a1 * b0
        s11 += a1 * b1
        s12 += a1 * b2
        s20 += a2 * b0
        s21 += a2 * b1
        s22 += a2 * b2
      }
      const at = i * padded + j
      sums[at]! += s00
      sums[at + 1]! += s01
      sums[at + 2]! += s02
      sums[at + padded]! += s10
      sums[at + padded + 1]! += s11
      sums[at + padded + 2]! += s12
      sums[at + 2 * padded]! += s20
      sums[at + 2 * padded + 1]! += s21
      sums[at + 2 * padded + 2]! += s22
    }
}

/** The sum of moments, in the order given. */
export function gramSum(grams: readonly Gram[]): Gram {
  const order = grams[0]!.order
  const [xx, xy] = [new Float64Array(order * order), new Float64Array(order)]
  let [yy, rows] = [0, 0]
  for (const gram of grams) {
    for (let i = 0; i < xx.length; i++) xx[i]! += gram.xx[i]!
    for (let i = 0; i < order; i++) xy[i]! += gram.xy[i]!
    yy += gram.yy
    rows += gram.rows
  }
  return { order, xx, xy, yy, rows }
}

/** Sum of squared errors of coefficients b (the constant first) on the rows behind the moments: y'y - 2 b'X'y + b'X'X b. */
export function squaredError({ order, xx, xy, yy }: Gram, b: Float64Array): number {
  let sum = yy
  for (let i = 0; i < order; i++) {
    let inner = xx[i * order + i]! * b[i]!
    for (let j = i + 1; j < order; j++) inner += 2 * xx[i * order + j]! * b[j]!
    sum += b[i]! * (inner - 2 * xy[i]!)
  }
  return Math.max(0, sum)
}
