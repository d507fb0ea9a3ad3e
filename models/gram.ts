/** Sufficient statistics of a linear fit: they add up over folds, so that every leaving-out is a subtraction. */

/** Moments of [1, terms] and the target; `xx` is row-major of order width + 1, upper triangle filled, the constant first. */
export interface Gram {
  readonly order: number
  readonly xx: Float64Array
  readonly xy: Float64Array
  readonly yy: number
  readonly rows: number
}

/** The moments per fold. @param design row-major [rows, width]  @param y [rows]  @param fold [rows] */
export function gramsOf(
  design: Float64Array,
  width: number,
  y: Float64Array,
  fold: Uint8Array,
  folds: number,
): readonly Gram[] {
  const order = width + 1
  const xx = Array.from({ length: folds }, () => new Float64Array(order * order))
  const xy = Array.from({ length: folds }, () => new Float64Array(order))
  const [yy, rows] = [new Float64Array(folds), new Float64Array(folds)]
  const block = new Float64Array(4 * order)
  for (let f = 0; f < folds; f++) {
    let filled = 0
    for (let row = 0; row < y.length; row++) {
      if (fold[row] !== f) continue
      const at = filled * order
      block[at] = 1
      for (let j = 0; j < width; j++) block[at + j + 1] = design[row * width + j]!
      for (let j = 0; j < order; j++) xy[f]![j] = xy[f]![j]! + block[at + j]! * y[row]!
      yy[f]! += y[row]! * y[row]!
      rows[f]!++
      if (++filled < 4) continue
      accumulate(xx[f]!, block, order)
      filled = 0
    }
    accumulate(xx[f]!, block.fill(0, filled * order), order)
  }
  return xx.map((matrix, f) => ({ order, xx: matrix, xy: xy[f]!, yy: yy[f]!, rows: rows[f]! }))
}

/** Adds four rows at once: the sums are loaded and stored once instead of four times, which is most of what a product costs. */
function accumulate(to: Float64Array, block: Float64Array, order: number): void {
  const [second, third, fourth] = [order, 2 * order, 3 * order]
  for (let i = 0; i < order; i++) {
    const [a, b, c, d] = [block[i]!, block[second + i]!, block[third + i]!, block[fourth + i]!]
    if (a === 0 && b === 0 && c === 0 && d === 0) continue
    const base = i * order
    for (let j = i; j < order; j++)
      to[base + j] =
        to[base + j]! + (a * block[j]! + b * block[second + j]! + c * block[third + j]! + d * block[fourth + j]!)
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
