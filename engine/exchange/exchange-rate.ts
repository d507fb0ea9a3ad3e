/** What one unit of a measure is worth in QALY, and so in EUR, with the error of that. */
import { decimalOf, numberOf, productOf } from '../kernel/decimal.ts'
import { Z95 } from '../kernel/distributions.ts'
import type { Eur } from '../kernel/money.ts'
import type { Sourced } from './sourced.ts'

/** QALY a year for one unit of a gain of `measure`, by way of `via`; the 95% interval from `low` to `high`. */
export interface ExchangeRate extends Sourced {
  readonly measure: string
  readonly via: string
  readonly qaly: number
  readonly low: number
  readonly high: number
}

/** As a contract keeps it: what its price was made of, and what the price may be off. */
export interface AgreedExchange extends Sourced {
  readonly via: string
  /** EUR for one QALY */
  readonly qalyEur: Eur
  /** QALY a year for one unit of gain */
  readonly rate: number
  /** of the price, EUR per unit of gain */
  readonly priceSe: Eur
}

/** The standard error that a 95% interval tells: (high - low) / (2 * 1.96). */
export const standardErrorOf = ({ low, high }: { readonly low: number; readonly high: number }): number =>
  (high - low) / (2 * Z95)

/** price = EUR per QALY * QALY per unit, as the decimal that it is; its standard error by the same factor. */
export function priceOf(
  qalyEur: Eur,
  rate: ExchangeRate,
): { readonly priceEur: Eur; readonly exchange: AgreedExchange } {
  return {
    priceEur: numberOf(productOf([decimalOf(qalyEur), decimalOf(rate.qaly)])),
    exchange: {
      via: rate.via,
      qalyEur,
      rate: rate.qaly,
      priceSe: qalyEur * standardErrorOf(rate),
      source: rate.source,
      certainty: rate.certainty,
    },
  }
}
