/** Numbers as the decimals that people wrote: 0.7 is seven tenths, and half a cent is half a cent. */

/** digits * 10^exponent */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** The shortest decimal that reads as this number. */
export function decimalOf(x: number): Decimal {
  const [digits = '0', exponent = '0'] = String(x).split('e')
  const [whole = '0', fraction = ''] = digits.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

export const productOf = (factors: readonly Decimal[]): Decimal =>
  factors.reduce((a, b) => ({ digits: a.digits * b.digits, exponent: a.exponent + b.exponent }), {
    digits: 1n,
    exponent: 0,
  })

/** Decimals as whole numbers of one unit, 10^exponent: the smallest that any of them has, 1 at most. */
export function inOneUnit(values: readonly Decimal[]): {
  readonly whole: readonly bigint[]
  readonly exponent: number
} {
  const exponent = Math.min(0, ...values.map((value) => value.exponent))
  return { whole: values.map((value) => value.digits * 10n ** BigInt(value.exponent - exponent)), exponent }
}

/** a / b to the nearest whole number, half away from zero.
 *  @param a, b at least 0, b above it */
export const roundedQuotient = (a: bigint, b: bigint): number => Number((2n * a + b) / (2n * b))

/** The exact sum. */
export function sumOf(values: readonly Decimal[]): Decimal {
  const { whole, exponent } = inOneUnit(values)
  return { digits: whole.reduce((sum, digits) => sum + digits, 0n), exponent }
}

/** To a number of decimals, half away from zero; with all of them written out, so that 0.5 to two is 50 * 10^-2. */
export const roundedTo = ({ digits, exponent }: Decimal, decimals: number): Decimal => {
  const shift = exponent + decimals
  if (shift >= 0) return { digits: digits * 10n ** BigInt(shift), exponent: -decimals }
  return { digits: nearest(digits, 10n ** BigInt(-shift)), exponent: -decimals }
}

/** a / b to a number of decimals, half away from zero.
 *  @param b not 0 */
export function quotientTo(a: Decimal, b: Decimal, decimals: number): Decimal {
  const shift = a.exponent - b.exponent + decimals
  const [up, down] = [10n ** BigInt(Math.max(0, shift)), 10n ** BigInt(Math.max(0, -shift))]
  const sign = b.digits < 0n ? -1n : 1n
  return { digits: nearest(sign * a.digits * up, sign * b.digits * down), exponent: -decimals }
}

/** As it is written: 50 * 10^-2 is 0.50. */
export function decimalText({ digits, exponent }: Decimal): string {
  const [size, decimals] = [digits < 0n ? -digits : digits, Math.max(0, -exponent)]
  const text = String(size * 10n ** BigInt(Math.max(0, exponent))).padStart(decimals + 1, '0')
  const whole = text.slice(0, text.length - decimals)
  return `${digits < 0n ? '-' : ''}${whole}${decimals > 0 ? `.${text.slice(-decimals)}` : ''}`
}

/** The nearest double. */
export const numberOf = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent}`)

/** a / b to the nearest whole number, half away from zero; b above 0. */
const nearest = (a: bigint, b: bigint): bigint => (a < 0n ? -((-2n * a + b) / (2n * b)) : (2n * a + b) / (2n * b))
