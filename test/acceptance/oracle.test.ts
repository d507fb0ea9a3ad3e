/** A second reading of the method settles simulated regions to the same cent (T25). */
import { expect, test } from 'vitest'
import { centsOf } from '../../engine/kernel/allocation.ts'
import { STATUSES, type SettlementInput } from '../../engine/assessment/assessment.ts'
import type { Contract } from '../../engine/contract/contract.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { settlementOf } from '../../engine/settlement/settlement.ts'
import { contractWith } from '../../acceptance/simulation/contract.ts'
import { regionOf } from '../../acceptance/simulation/region.ts'
import { inputOf } from '../../acceptance/simulation/settle.ts'
import { HIDDEN, worldWith } from '../../acceptance/simulation/world.ts'
import { secondReadingOf } from '../support/oracles/second-reading.ts'
import type { RowSpec, InputSpec } from '../support/settlements/settlement-input.ts'

const orNull = (x: number) => (Number.isNaN(x) ? null : x)

/** The input as rows that a person could read. */
function rowsOf({
  partnerIds,
  contractPartners,
  controlPartners,
  contractYear,
  placeboYears,
  contract,
}: SettlementInput): InputSpec {
  const [outcome] = contractYear.outcomes
  const idOf = (at: number) => partnerIds[at]!
  return {
    contract,
    partners: contractPartners.map(idOf),
    control: controlPartners.map(idOf),
    rows: [...contractYear.partner.keys()].map((row): RowSpec => ({
      partner: idOf(contractYear.partner[row]!),
      practice: idOf(contractYear.practice[row]!),
      days: contractYear.exposureDays[row]!,
      status: [STATUSES[outcome!.status[row]!]!],
      gain: [orNull(outcome!.gain[row]!)],
      contribution: [orNull(outcome!.contribution[row]!)],
    })),
    placebo: placeboYears.map(({ yearsBefore, partner, practice, contributions }) => ({
      yearsBefore,
      rows: [...partner.keys()].map((row): RowSpec => {
        const a = [orNull(contributions[0]![row]!)]
        return { partner: idOf(partner[row]!), practice: idOf(practice[row]!), gain: a, contribution: a }
      }),
    })),
  }
}

const clauses: readonly Partial<Contract>[] = [
  {},
  { credibility: { betweenSd: { hba1c: 1 } }, levelWeight: 0.5, deadBand: { eur: 2, z: 0.5 } },
  { history: 'none', trend: 'none', credibility: 'none', pessimisticShiftSd: 0.3, share: { gain: 0.5, loss: 0.2 } },
]

test.each([1, 2])('region %i', (seed) => {
  const world = worldWith({ panel: 80, missingShare: 0.2, effectSd: 1, ...HIDDEN })
  const input = inputOf(regionOf(world, randomOf(seed, 25)), contractWith())
  for (const change of clauses) {
    const contract = { ...input.contract, ...change }
    const { partners } = settlementOf({ ...input, contract })
    const rows = rowsOf(input)
    const second = secondReadingOf(rows, { ...contract, control: rows.control! }, 365)
    partners.forEach(({ outcomes, payment_cents, value_sd }, at) => {
      const { eur, sd, terms } = second[at]!
      expect(payment_cents).toBe(centsOf(eur))
      expect(value_sd).toBeCloseTo(sd, 9)
      expect(outcomes[0]!.net_gain).toBeCloseTo(terms[0]!.d, 9)
      expect(outcomes[0]!.variance).toBeCloseTo(terms[0]!.V, 9)
      expect(outcomes[0]!.credible_gain).toBeCloseTo(terms[0]!.credible, 9)
    })
  }
})
