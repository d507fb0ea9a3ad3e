/** The price of one unit of gain: in EUR, or in QALY by way of a measure that says what they are worth. */
import { priceOf, type ExchangeRate } from '../exchange/exchange-rate.ts'
import { fault, mapping, number, positive, range, text, type Field } from '../kernel/document.ts'
import type { Outcome } from './contract.ts'

/** `12.50`, or `{qaly: EUR for one QALY, via: MEASURE}`: the price is then that of the rate from the outcome's measure. With `per_unit` and `interval`
 *  the contract agrees on a rate of its own.
 *  @param rates those known, by measure and via */
export function pricedBy(
  field: Field,
  measure: string,
  rates: readonly ExchangeRate[],
): Pick<Outcome, 'priceEur' | 'exchange'> {
  const { value } = field
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { priceEur: number(field, positive) }
  const fields = mapping(field, ['qaly', 'via'], ['per_unit', 'interval'])
  const qalyEur = number(fields.qaly, positive)
  const via = text(fields.via)
  const agreed = fields.per_unit ?? fields.interval
  const rate =
    agreed === undefined
      ? rates.find((each) => each.measure === measure && each.via === via)
      : agreedRate(field, measure, via, { perUnit: fields.per_unit, interval: fields.interval })
  if (rate !== undefined) return qalyEur * rate.qaly > 0 ? priceOf(qalyEur, rate) : { priceEur: Number.NaN }
  const known = rates.filter((each) => each.measure === measure).map((each) => each.via)
  if (measure !== '' && via !== '')
    fault(
      fields.via,
      known.length > 0
        ? `what ${measure} is worth is known by way of ${known.join(', ')}`
        : `nothing says what a unit of ${measure} is worth in QALY; agree on per_unit and interval here, or name a price in EUR`,
    )
  return { priceEur: Number.NaN }
}

/** A rate that the contract agrees on: both, the QALY of one unit and its 95% interval, so that the error is agreed too. */
function agreedRate(
  field: Field,
  measure: string,
  via: string,
  { perUnit, interval }: { perUnit: Field | undefined; interval: Field | undefined },
): ExchangeRate {
  if (perUnit === undefined || interval === undefined)
    fault(field, 'a rate of the contract itself has both, per_unit and interval')
  const qaly = perUnit === undefined ? Number.NaN : number(perUnit, positive)
  const [low, high] = interval === undefined ? [Number.NaN, Number.NaN] : range(interval, 'point')
  if (perUnit !== undefined && (low > qaly || high < qaly))
    fault(perUnit, `it must lie in the interval [${low}, ${high}]`)
  return { measure, via, qaly, low, high, source: 'agreed in the contract', certainty: 'S' }
}
