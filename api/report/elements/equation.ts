/** An equation as it is printed; who reads its text, with nothing but arithmetic, comes to what stands behind the equals sign. */
import type { Addend, Amount, Equation } from '../../../engine/explain/calculation-steps.ts'
import { roundedTo, type Decimal } from '../../../engine/kernel/decimal.ts'
import type { Format } from '../words/format.ts'
import { markup, type Html } from './html.ts'

/** How the reader's language writes amounts. */
export interface AmountWords {
  readonly format: Format
  readonly years: (years: string) => string
}

const isNegative = ({ value }: Amount): boolean => value.digits < 0n
const turned = (amount: Amount): Amount => ({ ...amount, value: { ...amount.value, digits: -amount.value.digits } })

/** One amount with its sign: +0,42; \u2212€ 3,10; 50%; 203,8 patient-years. */
export function amountText({ format, years }: AmountWords, { kind, value }: Amount): string {
  if (kind === 'gain') return format.decimal(value, 'signed')
  if (kind === 'eur') return format.decimal(value, 'euros')
  if (kind === 'share') return `${format.decimal(hundredfold(value), 'plain')}%`
  const text = format.decimal(value, 'plain')
  return kind === 'years' ? years(text) : text
}

const hundredfold = ({ digits, exponent }: Decimal): Decimal =>
  roundedTo({ digits, exponent: exponent + 2 }, Math.max(0, -exponent - 2))

const unsignedText = (words: AmountWords, amount: Amount): string => amountText(words, amount).replace(/^\+/, '')

/** An addend; its sign is written between it and the one before. */
function addendText(words: AmountWords, { minus, factors, divisor }: Addend, isFirst: boolean): string {
  const [first, ...rest] = factors
  if (!first) return ''
  const isTaken = minus !== isNegative(first)
  const size = unsignedText(words, isNegative(first) ? turned(first) : first)
  const lead = isFirst ? (minus ? `\u2212${size}` : amountText(words, first)) : `${isTaken ? '\u2212' : '+'} ${size}`
  const others = rest.map((factor) => {
    const text = unsignedText(words, factor)
    return ` × ${isNegative(factor) ? `(${text})` : text}`
  })
  return `${lead}${others.join('')}${divisor ? ` ÷ ${unsignedText(words, divisor)}` : ''}`
}

/** addend + addend = result, the result in bold. */
export const equationOf = (words: AmountWords, { addends, result }: Equation): Html =>
  markup`<span class="equation">${addends.map((addend, i) => addendText(words, addend, i === 0)).join(' ')} = <strong>${amountText(words, result)}</strong></span>`
