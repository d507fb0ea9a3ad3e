/** Four outcomes and twenty partners: one test per partner, not one per outcome. */
import type { SettlementInput } from '../../engine/assessment/assessment.ts'
import { quantised } from '../../engine/kernel/quantise.ts'
import { randomOf, type Random } from '../../engine/kernel/random.ts'
import { contractWith, OUTCOME, Z } from '../simulation/contract.ts'
import { atMost, meanOf, percent, Tally, reported, type Row } from '../simulation/figure.ts'
import { bonusesOf, malusesOf } from '../simulation/partner-figures.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

const MEASURES = ['hba1c', 'sbp', 'ldl', 'bmi'] as const
const PRICES = [10, 4, 8, 6] as const
/** How much of the first outcome's contribution there is in each other one: patients who do well do so in more ways. */
const SHARED = 0.5
const OWN_SD = 5
const CASE_MIX_SD = 0.5

/** The input with three more outcomes: partly the first one, partly their own, with a hidden case mix of their own. */
function withFourOutcomes(input: SettlementInput, dice: Random): SettlementInput {
  const mixes = MEASURES.map(() => input.partnerIds.map(() => CASE_MIX_SD * dice.normal()))
  const another = (first: Float64Array, partner: Int32Array, k: number) =>
    first.map((a, row) => quantised(SHARED * a + mixes[k]![partner[row]!]! + OWN_SD * dice.normal()))
  const { contractYear, placeboYears } = input
  const [first] = contractYear.outcomes
  return {
    ...input,
    contract: {
      ...input.contract,
      outcomes: MEASURES.map((measure, k) => ({ ...OUTCOME, measure, priceEur: PRICES[k]! })),
    },
    better: Object.fromEntries(MEASURES.map((measure) => [measure, 'lower' as const])),
    contractYear: {
      ...contractYear,
      outcomes: MEASURES.map((_, k) => {
        if (k === 0) return first!
        const contribution = another(first!.contribution, contractYear.partner, k)
        return { ...first!, gain: contribution, contribution }
      }),
    },
    placeboYears: placeboYears.map((year) => ({
      ...year,
      contributions: MEASURES.map((_, k) =>
        k === 0 ? year.contributions[0]! : another(year.contributions[0]!, year.partner, k),
      ),
    })),
  }
}

function compositeRows(scale: Scale): Row[] {
  const [bonus, malus, family] = [new Tally(), new Tally(), new Tally()]
  const world = worldWith({ partners: 20, controls: 6, ...HIDDEN })
  let r = 0
  for (const region of regionsOf(world, scale, [70, 0])) {
    const input = withFourOutcomes(inputOf(region, contractWith()), randomOf(scale.seed, 70, 1, r++))
    const settlement = settledUnder(input, { deadBand: { eur: 0, z: Z } })
    bonus.add(bonusesOf(settlement))
    malus.add(malusesOf(settlement))
    const apart = MEASURES.map((_, k) => {
      const alone = { outcomes: [input.contract.outcomes[k]!], deadBand: { eur: 0, z: Z } }
      const one = (columns: readonly (Float64Array | null)[]) => [columns[k]!]
      return settledUnder(
        {
          ...input,
          contractYear: { ...input.contractYear, outcomes: [input.contractYear.outcomes[k]!] },
          placeboYears: input.placeboYears.map((year) => ({ ...year, contributions: one(year.contributions) })),
        },
        alone,
      )
    })
    family.add(meanOf(settlement.partners.map((_, p) => (apart.some((s) => s.partners[p]!.payment_cents > 0) ? 1 : 0))))
  }
  const row = (regime: string) => ({ property: 'no effect, no pay', tests: 'T20', regime })
  const name = '20 partners, four outcomes, hidden case mix'
  return [
    atMost(row(`false bonus: ${name}`), bonus, 0.05),
    atMost(row(`false malus: ${name}`), malus, 0.05),
    reported(
      row(`partners with a bonus had each outcome been a contract of its own: ${name}`),
      percent(family.mean),
      percent(family.se),
      'why there is one test per partner',
    ),
  ]
}

export const composite: readonly Study[] = [{ name: 'four outcomes', rows: compositeRows }]
