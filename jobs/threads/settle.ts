/** A settlement in a thread: the deaths that were to be expected, where the contract asks for them, then the whole. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import { daysCountedOf, deathsOf, mortalityYearsOf } from '../../engine/assessment/deaths.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'
import type { MortalityOfYear } from './assessed-year.ts'

/** @param mortality of the contract year and of those before; empty where the contract does not ask */
export function settle({
  mortality,
  ...input
}: SettlementInput & { readonly mortality: readonly MortalityOfYear[] }): Settlement {
  const { contract, contractYear } = input
  const year = mortality.find(({ yearsBefore }) => yearsBefore === 0)
  if (year === undefined) return settlementOf(input)
  const counting = mortalityYearsOf(contract)
  const before = mortality.filter(({ yearsBefore }) => counting.includes(yearsBefore))
  const deaths = deathsOf(year, before, daysCountedOf(contract, contractYear.indexOn))
  return settlementOf({ ...input, contractYear: { ...contractYear, deaths } })
}
