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
