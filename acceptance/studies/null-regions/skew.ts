/** Skewed outcomes without an effect: a partner whose patients stand higher has the larger variance too, and earns nothing by it. */
import { normalDensity } from '../../../engine/kernel/distributions.ts'
import { normalTail } from '../../../engine/kernel/tails.ts'
import { quantised } from '../../../engine/kernel/quantise.ts'
import { randomOf, type Random } from '../../../engine/kernel/random.ts'
import { contractWith } from '../../simulation/contract.ts'
import { between, small, Tally } from '../../simulation/figure.ts'
import { meanOver } from '../../simulation/partner-figures.ts'
import type { Region, RegionYear } from '../../simulation/region.ts'
import { regionsOf, type Study } from '../../simulation/scale.ts'
import { inputOf, settledUnder } from '../../simulation/settle.ts'
import { worldWith } from '../../simulation/world.ts'
import { coveredIn } from '../regimes.ts'

/** A result and what was to be expected of it, given how ill the patient is (1 for the average patient). */
type Draws = (illness: number, dice: Random) => { readonly result: number; readonly expected: number }

const exponential = (dice: Random): number => -Math.log(1 - dice.uniform())

function poisson(mean: number, dice: Random): number {
  let [count, left] = [0, Math.exp(mean) * dice.uniform()]
  for (; left > 1; count++) left *= dice.uniform()
  return count
}

const OUTCOMES: Readonly<Record<string, Draws>> = {
  'hospital days': (illness, dice) => {
    const share = Math.min(0.6, 0.15 * illness)
    return { result: dice.uniform() < share ? 10 * exponential(dice) : 0, expected: 10 * share }
  },
  // a Poisson count about an exponential frailty
  exacerbations: (illness, dice) => ({
    result: poisson(1.2 * illness * exponential(dice), dice),
    expected: 1.2 * illness,
  }),
  acr: (illness, dice) => ({
    result: 3 * illness * Math.exp(0.9 * dice.normal()),
    expected: 3 * illness * Math.exp(0.405),
  }),
  'a score at its ceiling': (illness, dice) => {
    const [mean, sd, ceiling] = [46 - 4 * illness, 6, 48]
    const z = (ceiling - mean) / sd
    const expected = mean * (1 - normalTail(z)) + ceiling * normalTail(z) - sd * normalDensity(z)
    return { result: Math.min(ceiling, mean + sd * dice.normal()), expected }
  },
  'an ordinal class': (illness, dice) => {
    const shares = [0.25, 0.1, 0.03].map((share) => Math.min(0.9, share * illness))
    const draw = dice.uniform()
    const result = 1 + shares.reduce((classes, share) => classes + (draw < share ? 1 : 0), 0)
    return { result, expected: 1 + shares.reduce((sum, share) => sum + share, 0) }
  },
}

/** The year with skewed results: how ill a partner's patients are lasts, and is known on the index date. */
function skewed(year: RegionYear, illnessOf: Float64Array, draws: Draws, dice: Random): RegionYear {
  const realised = year.expected.map((mean, row) => {
    const illness = illnessOf[year.partner[row]!]! * Math.exp(0.4 * dice.normal() - 0.08)
    const { result, expected } = draws(illness, dice)
    return quantised(mean + result - expected)
  })
  return { ...year, realised }
}

function skewedRegion(region: Region, draws: Draws, dice: Random): Region {
  const illnessOf = Float64Array.from(region.partnerIds, () => Math.exp(0.3 * dice.normal()))
  return { ...region, years: region.years.map((year) => skewed(year, illnessOf, draws, dice)) }
}

/** The dice of cell n are those of study 21, cell n; of its results of 22, n. */
export const skew: readonly Study[] = Object.entries(OUTCOMES).flatMap(([outcome, draws], at) =>
  [40, 150].map((panel, nth): Study => {
    const cell = 2 * at + nth
    const name = `20+6, ${outcome}, panels of about ${panel}`
    return {
      name: `skew: ${name}`,
      rows: (scale) => {
        const [covered, trend, net] = [new Tally(), new Tally(), new Tally()]
        let number = 0
        const world = worldWith({ partners: 20, controls: 6, practices: 1, practiceIcc: 0, panel })
        for (const plain of regionsOf(world, scale, [21, cell])) {
          const region = skewedRegion(plain, draws, randomOf(scale.seed, 22, cell, number++))
          const settlement = settledUnder(inputOf(region, contractWith()), {})
          const sd = settlement.outcomes[0]!.residual_sd!
          covered.add(coveredIn(settlement, region))
          trend.add(settlement.outcomes[0]!.trend / sd)
          net.add(meanOver(settlement, ({ net_gain }) => net_gain! / sd))
        }
        const of = (regime: string) => ({ property: 'skew is no merit', tests: 'T10', regime })
        return [
          between(of(name), covered, 0.92, 0.98),
          small(of(`trend: ${name}`), trend, 0.02, 'sd'),
          small(of(`mean net gain: ${name}`), net, 0.02, 'sd'),
        ]
      },
    }
  }),
)
