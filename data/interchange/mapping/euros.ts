/** Amounts in another currency as euros, to the cent and exactly: 0.1 times 0.7 is 0.07, and half a cent is rounded away from zero. */
import { decimalOf, productOf, roundedQuotient } from '../../../engine/kernel/decimal.ts'

/** @param amount as the source writes it; what is no number stays as it is, for the import to reject
 *  @param rate euros for one unit of the currency, above 0 */
export function inEuros(amount: string, rate: number): string {
  const number = Number(amount)
  if (rate === 1 || amount.trim() === '' || !Number.isFinite(number)) return amount
  const { digits, exponent } = productOf([decimalOf(Math.abs(number)), decimalOf(rate)])
  const whole =
    exponent >= -2 ? digits * 10n ** BigInt(exponent + 2) : roundedQuotient(digits, 10n ** BigInt(-2 - exponent))
  const cents = String(whole).padStart(3, '0')
  return `${number < 0 ? '-' : ''}${cents.slice(0, -2)}.${cents.slice(-2)}`
}
