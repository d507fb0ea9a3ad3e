/** Numbers as the decimals that people wrote: 0.7 is seven tenths, to the last cent. */

/** digits * 10^exponent */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

export function decimal(value: number): Decimal {
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

export const times = (a: Decimal, b: Decimal): Decimal => ({
  digits: a.digits * b.digits,
  exponent: a.exponent + b.exponent,
})

/** The same decimals as whole numbers of the smallest unit among them. */
export function aligned(values: readonly Decimal[]): { readonly whole: bigint[]; readonly exponent: number } {
  const exponent = Math.min(0, ...values.map((value) => value.exponent))
  return { whole: values.map((value) => value.digits * 10n ** BigInt(value.exponent - exponent)), exponent }
}

/** a / b to a whole number, half away from zero; both at least 0. */
export const roundedQuotient = (a: bigint, b: bigint): number => Number((2n * a + b) / (2n * b))
