/** Values of which few are large: how skewed they are, and where their logarithms begin. */

/** The offset at which logarithms of the values are taken: a tenth of the median above the low end, half of the least value above it at least.
 *  @returns 0 where all values are the low end */
export function offsetOf(values: Float64Array, low: number): number {
  const sorted = Float64Array.from(values, (y) => Math.max(0, y - low)).sort()
  const least = sorted.find((y) => y > 0) ?? 0
  return Math.max(0.1 * (sorted[sorted.length >> 1] ?? 0), 0.5 * least)
}

/** The third standardised moment of the values: 0 of what is symmetric. */
export function skewnessOf(values: Float64Array): number {
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length
  let [squares, cubes] = [0, 0]
  for (const y of values) {
    squares += (y - mean) ** 2
    cubes += (y - mean) ** 3
  }
  return squares > 0 ? cubes / values.length / (squares / values.length) ** 1.5 : 0
}

/** Values more skewed than this may be foretold on logarithms. */
export const SKEWED = 1
