import { describe, expect, test } from 'vitest'
import { constantsIn, constantsOf } from '../../../engine/constants/constant-rules.ts'
import { constantOn, numberOn, releaseHeldBy } from '../../../engine/constants/constant.ts'

const of = (own: Record<string, unknown>) => ({
  key: 'tariff.visit',
  value: 12.43,
  unit: 'EUR',
  valid_from: '2025-01-01',
  source: 'a page',
  certainty: 'S',
  ...own,
})

describe('a constant', () => {
  const set = constantsOf(
    constantsIn([
      of({ valid_to: '2025-12-31' }),
      of({ value: 13, valid_from: '2026-01-01' }),
      of({ key: 'code', value: null, certainty: 'NF' }),
    ]),
  )

  test('holds from its first day to its last', () => {
    expect(numberOn(set, 'tariff.visit', '2025-01-01')).toBe(12.43)
    expect(numberOn(set, 'tariff.visit', '2025-12-31')).toBe(12.43)
    expect(numberOn(set, 'tariff.visit', '2026-01-01')).toBe(13)
  })

  test('is refused outside its days, and where nobody knows it, with what would help', () => {
    expect(() => constantOn(set, 'tariff.visit', '2024-12-31')).toThrow(
      'Constant tariff.visit has no value on 2024-12-31; it holds from 2025-01-01 to 2025-12-31, 2026-01-01 to further notice. Add one for that day',
    )
    expect(() => constantOn(set, 'tariff.call', '2025-01-01')).toThrow('There is no constant tariff.call; add it')
    expect(() => numberOn(set, 'code', '2025-01-01')).toThrow(
      'Constant code is not known on 2025-01-01; a number is needed here',
    )
  })

  test('marked NF or GK-low holds a release back, until the region supplies its own', () => {
    const used = (key: string, constants = set) => [constantOn(constants, key, '2026-01-01')]
    expect(releaseHeldBy(used('tariff.visit'))).toEqual([])
    expect(releaseHeldBy([...used('code'), ...used('code')])).toEqual([
      'Constant code is marked NF (a page): with it a contract is computed and shown, and released when the region has supplied its own in constants/*.yaml.',
    ])
    const supplied = constantsOf([...set.values()].flat(), constantsIn([of({ key: 'code', value: '40001' })]))
    expect(releaseHeldBy(used('code', supplied))).toEqual([])
    expect(releaseHeldBy(used('tariff.visit', supplied))).toEqual([])
  })

  test('of the region replaces every built-in value of its key', () => {
    const own = constantsOf(
      constantsIn([of({}), of({ key: 'other' })]),
      constantsIn([of({ value: 20, valid_from: '2026-01-01' })]),
    )
    expect(numberOn(own, 'tariff.visit', '2026-05-01')).toBe(20)
    expect(() => numberOn(own, 'tariff.visit', '2025-05-01')).toThrow('it holds from 2026-01-01 to further notice')
  })
})

test('every fault of a list is told with its path', () => {
  const list = [
    of({ key: 'Visit', certainty: 'sure' }),
    of({ value: null }),
    of({ key: 'late', valid_to: '2024-01-01' }),
    of({ key: 'twice' }),
    of({ key: 'twice' }),
    of({ key: 'long' }),
    of({ key: 'long', valid_from: '2026-01-01', source: '' }),
  ]
  expect(() => constantsIn(list)).toThrow(
    [
      'this list of constants is refused (and 6 more): [0].key is "Visit"; a key is small letters, digits, _ and -, in parts with full stops between them.',
      '- [0].certainty is "sure"; it must be one of S, D, GK, GK-low, NF.',
      '- [1].value is an empty value; it must be a number or a text; only a constant marked NF may be without a value.',
      '- [2].valid_to is "2024-01-01"; it is the last day, and must not lie before valid_from (2025-01-01).',
      '- [6].source is ""; it must be a text.',
      '- [4] is "twice from 2025-01-01"; it was named before, in [3]; name it once.',
      '- [6].valid_from is "2026-01-01"; [5] gives long a value on that day already; end that one the day before (valid_to).',
    ].join('\n'),
  )
})
