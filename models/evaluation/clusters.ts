/** Sampling error with patients as clusters. */

/** Standard error of a sum over rows of scores with mean 0, patients as clusters: sqrt(G / (G - 1) * sum over patients of (sum of scores)^2).
 *  @param patient two words a row  @param rows those of one patient adjacent  @returns Infinity for fewer than two patients */
export function clusteredError(scores: (row: number) => number, patient: Uint32Array, rows: ArrayLike<number>): number {
  let [squares, own, clusters] = [0, 0, 0]
  for (let i = 0; i < rows.length; i++) {
    if (isAnother(patient, rows, i)) {
      squares += own * own
      own = 0
      clusters++
    }
    own += scores(rows[i]!)
  }
  squares += own * own
  return clusters < 2 ? Infinity : Math.sqrt((squares * clusters) / (clusters - 1))
}

/** How many patients the rows are of. */
export function patientsIn(patient: Uint32Array, rows: ArrayLike<number>): number {
  let count = 0
  for (let i = 0; i < rows.length; i++) if (isAnother(patient, rows, i)) count++
  return count
}

function isAnother(patient: Uint32Array, rows: ArrayLike<number>, i: number): boolean {
  if (i === 0) return true
  const [row, last] = [rows[i]!, rows[i - 1]!]
  return patient[2 * row] !== patient[2 * last] || patient[2 * row + 1] !== patient[2 * last + 1]
}
