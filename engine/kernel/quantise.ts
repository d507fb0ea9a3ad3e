/** Statistics are quantised to 1e-6 where they are stored, and used as stored by everything after (method.md 2). */

/** x to the nearest 1e-6, half away from zero; NaN stays NaN. */
export const quantised = (x: number): number => {
  const micro = Math.sign(x) * Math.round(Math.abs(x) * 1e6)
  return unsigned(micro / 1e6)
}

/** -0 and 0 are one number, and written as one. */
export const unsigned = (x: number): number => (x === 0 ? 0 : x)
