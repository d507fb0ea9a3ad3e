/** Seeded streams of random numbers, the same on every machine. */

/** One stream of random numbers. */
export interface Random {
  /** uniform on (0, 1), never an end */
  readonly uniform: () => number
  /** standard normal */
  readonly normal: () => number
  /** uniform whole number in 0..n-1 */
  readonly below: (n: number) => number
  /** exponential with mean 1 */
  readonly exponential: () => number
  /** gamma with a whole shape, scaled to mean 1 */
  readonly gamma: (shape: number) => number
}

/** The stream that a seed and the numbers of its purpose name: equal numbers give equal streams, other numbers others,
 *  so that what one purpose draws leaves every other purpose as it was.
 *
 *  xoshiro128** (Blackman and Vigna 2018, doi 10.1145/3460772), seeded by the finaliser of MurmurHash3; normals by
 *  Marsaglia's polar method.
 *  @param names whole numbers of at most 32 bits, the seed first */
export function randomOf(...names: readonly number[]): Random {
  const bits = xoshiro128(names)
  // The middle of one of 2^32 equal cells: neither 0 nor 1, so that a logarithm of it is finite.
  const uniform = (): number => (bits() + 0.5) / 4294967296
  const exponential = (): number => -Math.log(uniform())
  let spare = Number.NaN
  return {
    uniform,
    exponential,
    below: (n) => Math.floor(uniform() * n),
    normal() {
      if (!Number.isNaN(spare)) {
        const kept = spare
        spare = Number.NaN
        return kept
      }
      for (;;) {
        const [x, y] = [2 * uniform() - 1, 2 * uniform() - 1]
        const square = x * x + y * y
        if (square >= 1 || square === 0) continue
        const scale = Math.sqrt((-2 * Math.log(square)) / square)
        spare = y * scale
        return x * scale
      }
    },
    gamma(shape) {
      let sum = 0
      for (let i = 0; i < shape; i++) sum += exponential()
      return sum / shape
    },
  }
}

const rotated = (x: number, by: number): number => (x << by) | (x >>> (32 - by))

/** 32 random bits at a time, as an unsigned integer. */
function xoshiro128(names: readonly number[]): () => number {
  let key = 0x9e3779b9
  for (const name of names) key = mixed((key ^ name) + 0x9e3779b9)
  const word = (): number => (key = mixed(key + 0x9e3779b9))
  let [a, b, c, d] = [word(), word(), word(), word() | 1]
  return () => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotated(d, 11)
    return result
  }
}

/** The finaliser of MurmurHash3: every bit in moves half of the bits out. */
function mixed(x: number): number {
  let h = x | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}
