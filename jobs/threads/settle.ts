/** A settlement in a thread: the deaths that were to be expected, where the contract asks for them, then the whole. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import { contractDeathsOf, type MortalityOfYear } from '../../engine/assessment/deaths.ts'
import { withoutEachControl, type ControlEffect } from '../../engine/explain/dependence.ts'
import { patientStatisticsOf, settlementOf } from '../../engine/settlement/settlement.ts'
import type { Settlement } from '../../engine/settlement/statement.ts'

/** mortality: of the contract year and of those before; empty where the contract does not ask */
type SettlingInput = SettlementInput & { readonly mortality: readonly MortalityOfYear[] }

export const settle = (input: SettlingInput): Settlement => settlementOf(withDeaths(input))

/** The settlement, and its payments with each control left out in turn. */
export function settleInFull(input: SettlingInput): { settlement: Settlement; controlEffects: ControlEffect[] } {
  const whole = withDeaths(input)
  const statistics = patientStatisticsOf(whole)
  return { settlement: settlementOf(whole, statistics), controlEffects: withoutEachControl(whole, statistics) }
}

function withDeaths({ mortality, ...input }: SettlingInput): SettlementInput {
  const { contract, contractYear } = input
  const deaths = contractDeathsOf(contract, mortality, contractYear.indexOn)
  return { ...input, contractYear: { ...contractYear, deaths } }
}
