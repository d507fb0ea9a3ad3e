/** Amounts of a calculation as the API tells them, ready to be written. */
import type { Amount, Equation } from '../../../../engine/explain/calculation-steps.ts'
import { roundedTo, type Decimal } from '../../../../engine/kernel/decimal.ts'
import type { AmountWords } from '../../../report/elements/equation.ts'
import { CALCULATION_WORDS } from '../../../report/words/calculation-words.ts'
import type { Format } from '../../../report/words/format.ts'
import type { Calculation } from './figures.ts'

export type PartnerCalculation = NonNullable<Calculation['partners']>[number]
export type Step = NonNullable<PartnerCalculation['steps']>[number]

/** A decimal as it is written: 12.50. */
function decimalIn(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.')
  return { digits: BigInt(whole + fraction), exponent: -fraction.length }
}

export const amountIn = ({ kind, value }: Step['result']): Amount => ({ kind, value: decimalIn(value) })

export const equationIn = ({ addends, result }: Step): Equation | null =>
  addends && {
    addends: addends.map(({ minus, factors, divisor }) => ({
      minus,
      factors: factors.map(amountIn),
      ...(divisor ? { divisor: amountIn(divisor) } : {}),
    })),
    result: amountIn(result),
  }

export const amountWords = (format: Format): AmountWords => ({ format, years: CALCULATION_WORDS[format.lang].years })

/** A gain without its sign, to two decimals, with its unit: 0,42 mmol/mol. */
export function sizeText({ result }: Step, unit: string, format: Format): string {
  const { digits, exponent } = roundedTo(decimalIn(result.value), 2)
  const size = format.decimal({ digits: digits < 0n ? -digits : digits, exponent }, 'plain')
  return unit === '' ? size : `${size} ${unit}`
}

/** −1, 0 or 1, of what is written. */
export const signOf = ({ result }: Step): number => {
  const { digits } = roundedTo(decimalIn(result.value), 2)
  return digits > 0n ? 1 : digits < 0n ? -1 : 0
}
