import { describe, expect, test } from 'vitest'
import { type Random, randomOf } from '../../../engine/kernel/random.ts'

const many = (n: number, draw: () => number): number[] => Array.from({ length: n }, draw)
const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
function moment(xs: readonly number[], power: number): number {
  const centre = mean(xs)
  return mean(xs.map((x) => (x - centre) ** power))
}

describe('a stream of random numbers', () => {
  test('is the same for the same numbers, and another for others', () => {
    const first = (random: Random) => many(5, random.uniform)
    expect(first(randomOf(1, 2))).toEqual(first(randomOf(1, 2)))
    const streams = [[0], [1], [1, 0], [1, 1], [2, 1], [1, 2], [0, 0], [4294967295]].map((names) =>
      String(first(randomOf(...names))),
    )
    expect(new Set(streams).size).toBe(streams.length)
  })

  test('does not change from one version to the next', () => {
    const random = randomOf(42)
    expect(many(3, random.uniform).map((x) => x.toFixed(9))).toMatchInlineSnapshot(`
      [
        "0.806561025",
        "0.585231038",
        "0.365765185",
      ]
    `)
    expect(many(2, random.normal).map((x) => x.toFixed(9))).toMatchInlineSnapshot(`
      [
        "-0.550029536",
        "1.046516241",
      ]
    `)
  })

  test('neighbouring streams do not go together', () => {
    const pairs = many(20_000, () => 0).map((_, i) => [randomOf(7, i).uniform(), randomOf(7, i + 1).uniform()] as const)
    const covariance = mean(pairs.map(([x, y]) => (x - 0.5) * (y - 0.5)))
    expect(Math.abs(covariance * 12)).toBeLessThan(4 / Math.sqrt(20_000))
    expect(Math.abs(mean(pairs.map(([x]) => x)) - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 20_000))
  })

  test('has the moments it should have', () => {
    const random = randomOf(5)
    const n = 40_000
    const normal = many(n, random.normal)
    expect(Math.abs(mean(normal))).toBeLessThan(4 / Math.sqrt(n))
    expect(Math.abs(moment(normal, 2) - 1)).toBeLessThan(4 * Math.sqrt(2 / n))
    expect(Math.abs(moment(normal, 4) - 3)).toBeLessThan(4 * Math.sqrt(96 / n))
    const gamma = many(n, () => random.gamma(6))
    expect(Math.abs(mean(gamma) - 1)).toBeLessThan(4 * Math.sqrt(1 / 6 / n))
    expect(Math.abs(moment(gamma, 2) - 1 / 6)).toBeLessThan(0.01)
    expect(Math.abs(mean(many(n, random.exponential)) - 1)).toBeLessThan(4 / Math.sqrt(n))
    const die = many(n, () => random.below(6))
    for (let face = 0; face < 6; face++)
      expect(Math.abs(die.filter((x) => x === face).length / n - 1 / 6)).toBeLessThan(4 * Math.sqrt(5 / 36 / n))
  })
})
