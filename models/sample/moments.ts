/** Means and sums of squares per fold, additive over folds. */

/** Count, mean and sum of squares about it, of the known values of one fold. */
export type Moments = readonly [number, number, number]

export function momentsOf(column: ArrayLike<number>, rows: Int32Array): Moments {
  let [count, sum, squares] = [0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    const x = column[rows[i]!]!
    if (Number.isNaN(x)) continue
    count++
    sum += x
  }
  const mean = count > 0 ? sum / count : 0
  for (let i = 0; i < rows.length; i++) {
    const off = column[rows[i]!]! - mean
    if (!Number.isNaN(off)) squares += off * off
  }
  return [count, mean, squares]
}

/** Mean and standard deviation over folds; (0, 1) where nothing varies, so that the input is 0 or nearly. */
export function spreadOver(folds: readonly Moments[]): readonly [number, number] {
  const count = folds.reduce((sum, [n]) => sum + n, 0)
  if (count === 0) return [0, 1]
  const mean = folds.reduce((sum, [n, of]) => sum + n * of, 0) / count
  const squares = folds.reduce((sum, [n, of, within]) => sum + within + n * (of - mean) ** 2, 0)
  const sd = Math.sqrt(squares / count)
  return [mean, sd > 1e-6 * (1 + Math.abs(mean)) ? sd : 1]
}
