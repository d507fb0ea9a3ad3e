/** A price in QALY: from the clause to the contract. */
import { describe, expect, test } from 'vitest'
import { EXCHANGE } from '../../../data/exchange/exchange.ts'
import { builtInProgrammes } from '../../../data/region/programme-files.ts'
import { programmesOf } from '../../../engine/contract/programme-rules.ts'
import { contractOf } from '../../../engine/contract/rules.ts'

const programmes = programmesOf(await builtInProgrammes())

const priced = (measure: string, price: unknown) =>
  contractOf(
    {
      contract: 'north-2025',
      title: 'North 2025',
      programme: measure === 'ccq' ? 'copd' : 'dm2',
      period: { start: '2025-01-01', end: '2025-12-31' },
      reference: { start: '2021-01-01', end: '2024-12-31' },
      outcomes: [{ measure, price_eur: price, horizon_days: 365, window_days: 120, baseline_days: 450 }],
      share: { gain: 0.5, loss: 0 },
    },
    programmes,
    EXCHANGE.rates,
  ).outcomes[0]

describe('a price in QALY', () => {
  test('of a utility is the price of a QALY, exactly', () => {
    expect(priced('eq5d', { qaly: 20000, via: 'eq5d' })).toMatchObject({
      priceEur: 20000,
      exchange: { via: 'eq5d', qalyEur: 20000, rate: 1, priceSe: 0, certainty: 'D' },
    })
  })

  test('of another measure goes by the rate that is known, with its error and its certainty', () => {
    const outcome = priced('ccq', { qaly: 20000, via: 'eq5d' })
    expect(outcome?.priceEur).toBe(1600)
    expect(outcome?.exchange?.priceSe).toBeCloseTo((20000 * 0.02) / 3.92, 9)
    expect(outcome?.exchange?.certainty).toBe('GK-low')
  })

  test('may be agreed in the contract, with its interval', () => {
    const outcome = priced('hba1c', { qaly: 50000, via: 'eq5d', per_unit: 0.0018, interval: [0.001, 0.0026] })
    expect(outcome?.priceEur).toBe(90)
    expect(outcome?.exchange).toMatchObject({ certainty: 'S', source: 'agreed in the contract' })
  })

  test('in EUR leaves the contract as it was, key for key', () => {
    expect(priced('hba1c', 12.5)).not.toHaveProperty('exchange')
  })

  test.each([
    [
      'hba1c',
      { qaly: 20000, via: 'eq5d' },
      'price_eur.via is "eq5d"; nothing says what a unit of hba1c is worth in QALY; agree on per_unit and interval here, or name a price in EUR',
    ],
    ['eq5d', { qaly: 20000, via: 'ccq' }, 'price_eur.via is "ccq"; what eq5d is worth is known by way of eq5d'],
    ['eq5d', { qaly: 0, via: 'eq5d' }, 'price_eur.qaly is 0; it must be above 0'],
    ['eq5d', { qaly: 20000 }, 'price_eur.via is nothing; this key is required'],
    [
      'hba1c',
      { qaly: 20000, via: 'eq5d', per_unit: 0.002 },
      'price_eur is a mapping; a rate of the contract itself has both, per_unit and interval',
    ],
    [
      'hba1c',
      { qaly: 20000, via: 'eq5d', per_unit: 0.002, interval: [0.003, 0.004] },
      'price_eur.per_unit is 0.002; it must lie in the interval [0.003, 0.004]',
    ],
  ])('of %s as %j is refused', (measure, price, sentence) => {
    expect(() => priced(measure, price)).toThrow(sentence)
  })
})
