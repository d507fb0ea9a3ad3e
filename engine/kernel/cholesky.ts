/** Linear equations with a symmetric positive definite matrix, small and dense, for ridge regressions, mixed models and histories. */
import { invariant } from './refusal.ts'

/** The solution x of A x = b, neither argument changed; a matrix that is not positive definite is a bug.
 *  @param matrix A, row-major n x n, of which only the lower triangle is read */
export function solved(matrix: Float64Array, right: Float64Array): Float64Array {
  const x = solve(matrix.slice(), right)
  invariant(x, 'the matrix is positive definite')
  return x
}

/** The solution x of A x = b, overwriting the lower triangle of A (row-major n x n) with its factor L (A = L L'); null where A is not
 *  positive definite in doubles. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array | null {
  const n = right.length
  if (!factor(matrix, n)) return null
  const x = right.slice()
  for (let i = 0; i < n; i++) {
    let sum = x[i]!
    for (let k = 0; k < i; k++) sum -= matrix[i * n + k]! * x[k]!
    x[i] = sum / matrix[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!
    for (let k = i + 1; k < n; k++) sum -= matrix[k * n + i]! * x[k]!
    x[i] = sum / matrix[i * n + i]!
  }
  return x
}

/** Four rows at a time: each number of the rows above is loaded once for all four. The products of an entry are subtracted in the order of
 *  their columns whichever way it is reached, so that blocking changes no bit. */
function factor(a: Float64Array, n: number): boolean {
  for (let top = 0; top < n; top += 4) {
    const rows = Math.min(4, n - top)
    if (rows === 4) for (let j = 0; j < top; j++) fourRows(a, n, top, j)
    else for (let i = top; i < n; i++) for (let j = 0; j < top; j++) a[i * n + j] = rest(a, n, i, j) / a[j * n + j]!
    for (let i = top; i < top + rows; i++) {
      for (let j = top; j < i; j++) a[i * n + j] = rest(a, n, i, j) / a[j * n + j]!
      const square = rest(a, n, i, i)
      if (!(square > 0)) return false
      a[i * n + i] = Math.sqrt(square)
    }
  }
  return true
}

/** a_ij less the products of what is already factored. */
function rest(a: Float64Array, n: number, i: number, j: number): number {
  const [rowI, rowJ] = [i * n, j * n]
  let sum = a[rowI + j]!
  for (let k = 0; k < j; k++) sum -= a[rowI + k]! * a[rowJ + k]!
  return sum
}

/** Column j of the factor for the four rows from `top`. */
function fourRows(a: Float64Array, n: number, top: number, j: number): void {
  const [p, q, r, s, above] = [top * n, (top + 1) * n, (top + 2) * n, (top + 3) * n, j * n]
  let [w, x, y, z] = [a[p + j]!, a[q + j]!, a[r + j]!, a[s + j]!]
  for (let k = 0; k < j; k++) {
    const l = a[above + k]!
    w -= a[p + k]! * l
    x -= a[q + k]! * l
    y -= a[r + k]! * l
    z -= a[s + k]! * l
  }
  const pivot = a[above + j]!
  a[p + j] = w / pivot
  a[q + j] = x / pivot
  a[r + j] = y / pivot
  a[s + j] = z / pivot
}
