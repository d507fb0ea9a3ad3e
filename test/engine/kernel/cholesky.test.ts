/** The solver agrees bit for bit with the textbook algorithm. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { solve, solved } from '../../../engine/kernel/cholesky.ts'
import { randomOf } from '../../../engine/kernel/random.ts'

/** M M' + ridge I of a random M, row-major. */
function positiveDefinite(n: number, seed: number, ridge: number): Float64Array {
  const dice = randomOf(seed)
  const m = Float64Array.from({ length: n * n }, () => dice.normal())
  const a = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < n; k++) a[i * n + j]! += m[i * n + k]! * m[j * n + k]!
      if (i === j) a[i * n + j]! += ridge
    }
  return a
}

/** Column by column, one entry at a time, as every textbook has it. */
function textbook(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length
  const lower = matrix.slice()
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = lower[i * n + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!
    }
  const x = right.slice()
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= lower[i * n + k]! * x[k]!
    x[i]! /= lower[i * n + i]!
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= lower[k * n + i]! * x[k]!
    x[i]! /= lower[i * n + i]!
  }
  return x
}

const bits = (values: Float64Array | null) => [...new BigUint64Array(values!.buffer)]

test('every order up to 23: the same bits as one entry at a time, and arguments left alone', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 23 }),
      fc.nat(1_000_000),
      fc.constantFrom(1e-6, 0.1, 10),
      (n, seed, ridge) => {
        const a = positiveDefinite(n, seed, ridge)
        const b = Float64Array.from({ length: n }, (_, at) => Math.sin(at + seed))
        const [before, right] = [a.slice(), b.slice()]
        const x = solved(a, b)
        expect(bits(x)).toEqual(bits(textbook(before, right)))
        expect(a).toEqual(before)
        expect(b).toEqual(right)
        expect(bits(solve(a, b))).toEqual(bits(x))
      },
    ),
  ))

test('only the lower triangle is read', () => {
  const a = Float64Array.of(4, NaN, 2, 10)
  expect([...solved(a, Float64Array.of(8, 13))]).toEqual([1.5, 1])
})

test('a matrix that is not positive definite has no solution, and asking for one is a bug', () => {
  const indefinite = Float64Array.of(1, 0, 2, 1)
  expect(solve(indefinite.slice(), Float64Array.of(1, 1))).toBeNull()
  expect(() => solved(indefinite, Float64Array.of(1, 1))).toThrow('positive definite')
  expect(solve(Float64Array.of(NaN), Float64Array.of(1))).toBeNull()
})
