/** Positive definite systems, small and dense: what closed-form regression comes down to. */

/** Solves A b = c for symmetric positive definite A (row-major, order n), overwriting A with its factor L (A = L L') and
 *  returning b; null where A is not positive definite in doubles. */
export function solve(a: Float64Array, c: Float64Array): Float64Array | null {
  const n = c.length
  if (!factor(a, n)) return null
  const b = c.slice()
  for (let i = 0; i < n; i++) {
    let sum = b[i]!
    for (let k = 0; k < i; k++) sum -= a[i * n + k]! * b[k]!
    b[i] = sum / a[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i]!
    for (let k = i + 1; k < n; k++) sum -= a[k * n + i]! * b[k]!
    b[i] = sum / a[i * n + i]!
  }
  return b
}

function factor(a: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!
      const [rowI, rowJ] = [i * n, j * n]
      for (let k = 0; k < j; k++) sum -= a[rowI + k]! * a[rowJ + k]!
      if (i > j) a[rowI + j] = sum / a[rowJ + j]!
      else if (sum > 0) a[rowI + i] = Math.sqrt(sum)
      else return false
    }
  }
  return true
}
