/** The tables of exchange as their YAML documents say them, every figure with its source. */
import {
  anyNumber,
  fieldOf,
  fault,
  items,
  mapping,
  notNegative,
  number,
  positive,
  range,
  refuseFaults,
  shareOfOne,
  text,
  word,
  type Field,
} from '../kernel/document.ts'
import type { BurdenBracket } from './burden.ts'
import { CERTAINTIES } from '../constants/constant.ts'
import type { Sourced } from './sourced.ts'
import type { Decrement } from './decrement.ts'
import type { ExchangeRate } from './exchange-rate.ts'
import type { ValueSet } from './value-set.ts'

export interface ExchangeTables {
  readonly valueSets: readonly ValueSet[]
  readonly rates: readonly ExchangeRate[]
  readonly decrements: readonly Decrement[]
  readonly brackets: readonly BurdenBracket[]
  /** a year */
  readonly discounting: { readonly costs: number; readonly effects: number }
}

/** The documents of data/exchange, by what they hold. */
export interface ExchangeDocuments {
  readonly valueSets: unknown
  readonly rates: unknown
  readonly decrements: unknown
  readonly brackets: unknown
  readonly discounting: unknown
}

/** The tables out of their documents.
 *  @throws Refusal `invalid_exchange` with every fault and its path */
export const exchangeTablesOf = (documents: ExchangeDocuments): ExchangeTables => ({
  valueSets: listOf(documents.valueSets, 'value sets', valueSetOf),
  rates: listOf(documents.rates, 'rates', rateOf),
  decrements: listOf(documents.decrements, 'decrements', decrementOf),
  brackets: listOf(documents.brackets, 'brackets', bracketOf),
  discounting: {
    costs: discountRateOf(documents.discounting, 'costs'),
    effects: discountRateOf(documents.discounting, 'effects'),
  },
})

function listOf<T>(document: unknown, what: string, read: (field: Field) => T): T[] {
  const root = fieldOf(document)
  const list = items(root, what).map(read)
  refuseFaults(root.faults, 'invalid_exchange', `the table of ${what}`)
  return list
}

const sourceKeys = ['source', 'certainty'] as const

const sourcedOf = ({ source, certainty }: Record<(typeof sourceKeys)[number], Field>): Sourced => ({
  source: text(source),
  certainty: word(certainty, CERTAINTIES),
})

function valueSetOf(field: Field): ValueSet {
  const fields = mapping(field, ['id', 'levels', 'constant', 'worst_level', 'decrements', ...sourceKeys])
  const levels = fields.levels.value === 3 ? 3 : 5
  if (fields.levels.value !== levels) fault(fields.levels, 'it must be 3 or 5')
  const { mobility, self_care, usual_activities, pain, anxiety } = mapping(fields.decrements, [
    'mobility',
    'self_care',
    'usual_activities',
    'pain',
    'anxiety',
  ])
  const off = (list: Field): number[] => {
    const values = items(list, 'decrements').map((item) => number(item, notNegative))
    if (values.length !== levels - 1) fault(list, `it must have a decrement for each level from 2 to ${levels}`)
    return values
  }
  return {
    id: text(fields.id),
    levels,
    constant: number(fields.constant, notNegative),
    worstLevel: number(fields.worst_level, notNegative),
    decrements: {
      mobility: off(mobility),
      self_care: off(self_care),
      usual_activities: off(usual_activities),
      pain: off(pain),
      anxiety: off(anxiety),
    },
    ...sourcedOf(fields),
  }
}

function rateOf(field: Field): ExchangeRate {
  const fields = mapping(field, ['measure', 'via', 'qaly', 'low', 'high', ...sourceKeys])
  const rate = {
    measure: text(fields.measure),
    via: text(fields.via),
    qaly: number(fields.qaly, positive),
    low: number(fields.low, anyNumber),
    high: number(fields.high, anyNumber),
  }
  if (rate.low > rate.qaly || rate.high < rate.qaly) fault(fields.qaly, 'it must lie between low and high')
  return { ...rate, ...sourcedOf(fields) }
}

function decrementOf(field: Field): Decrement {
  const fields = mapping(field, ['event', 'qaly', ...sourceKeys], ['interval'])
  return {
    event: text(fields.event),
    qaly: number(fields.qaly, notNegative),
    interval: fields.interval === undefined ? null : range(fields.interval, 'point'),
    ...sourcedOf(fields),
  }
}

function bracketOf(field: Field): BurdenBracket {
  const fields = mapping(field, ['from', 'to', ...sourceKeys], ['qaly_eur'])
  return {
    from: number(fields.from, shareOfOne),
    to: number(fields.to, shareOfOne),
    qalyEur: fields.qaly_eur === undefined ? null : number(fields.qaly_eur, positive),
    ...sourcedOf(fields),
  }
}

function discountRateOf(document: unknown, of: 'costs' | 'effects'): number {
  const root = fieldOf(document)
  const { rate, ...fields } = mapping(mapping(root, ['costs', 'effects'])[of], ['rate', ...sourceKeys])
  sourcedOf(fields)
  const found = number(rate, shareOfOne)
  refuseFaults(root.faults, 'invalid_exchange', 'the rates of discounting')
  return found
}
