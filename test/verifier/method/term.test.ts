import { describe, expect, test } from 'vitest'
import type { Contract, Outcome } from '../../../verifier/method/contract.ts'
import { countingYears, indexDays, yearsBehind, yearsSince } from '../../../verifier/method/term.ts'
import { casesOf } from './cases.ts'

interface TermCase {
  readonly name: string
  readonly contract: Contract
  readonly behind: number
  readonly since: Readonly<Record<string, number>>
  readonly counting: readonly number[]
}

const cases = casesOf('terms') as TermCase[]
// only what these steps look at
const outcome = { horizonDays: 365, windowDays: 120 } as Outcome

describe('the days of a settlement', () => {
  test.each(cases)('$name', ({ contract, behind, since, counting }) => {
    expect(yearsBehind(contract)).toBe(behind)
    for (const [day, years] of Object.entries(since)) expect(yearsSince(contract, day, 0)).toBe(years)
    expect(countingYears(contract, outcome)).toEqual(counting)
  })

  test('a year before the contract begins on one day, of episodes on many', () => {
    const [plain, , third, , episodes] = cases.map(({ contract }) => contract)
    expect(indexDays(plain!, 2)).toEqual({ first: '2023-01-01', last: '2023-01-01' })
    expect(indexDays(third!, 0)).toEqual({ first: '2025-01-01', last: '2027-12-31' })
    expect(indexDays(third!, 1)).toEqual({ first: '2024-01-01', last: '2024-01-01' })
    expect(indexDays(episodes!, 1)).toEqual({ first: '2024-01-01', last: '2024-06-30' })
  })
})
