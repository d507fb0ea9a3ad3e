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
  const x = new Float64Array(order)
  x[0] = 1
  for (let row = 0; row < y.length; row++) {
    const [to, f] = [xx[fold[row]!]!, fold[row]!]
    for (let j = 0; j < width; j++) x[j + 1] = design[row * width + j]!
    accumulate(to, x, order)
    const sum = xy[f]!
    for (let j = 0; j < order; j++) sum[j]! += x[j]! * y[row]!
    yy[f]! += y[row]! * y[row]!
    rows[f]!++
  }
  return xx.map((matrix, f) => ({ order, xx: matrix, xy: xy[f]!, yy: yy[f]!, rows: rows[f]! }))
}

function accumulate(to: Float64Array, x: Float64Array, order: number): void {
  for (let i = 0; i < order; i++) {
    const xi = x[i]!
    if (xi === 0) continue
    const base = i * order
    for (let j = i; j < order; j++) to[base + j]! += xi * x[j]!
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
