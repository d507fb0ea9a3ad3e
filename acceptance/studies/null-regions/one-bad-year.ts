/** One bad or lucky year of a partner is no trend of it: what the intervals cover and what chance pays where years have shocks of their own. */
import { contractWith, Z } from '../../simulation/contract.ts'
import { atMost, between, Tally } from '../../simulation/figure.ts'
import { bonusesOf, malusesOf } from '../../simulation/partner-figures.ts'
import { regionsOf, type Study } from '../../simulation/scale.ts'
import { inputOf, settledUnder } from '../../simulation/settle.ts'
import { HIDDEN, worldWith } from '../../simulation/world.ts'
import { coveredIn } from '../regimes.ts'

const cells = ([0.1, 0.15] as const).flatMap((shockSd) =>
  ([1, 8, 'mixed'] as const).flatMap((practices) => [false, true].map((hidden) => ({ shockSd, practices, hidden }))),
)

/** The dice of cell n are those of study 20, cell n, as those of `../selection.ts` are (README there). */
export const oneBadYear: readonly Study[] = cells.map(({ shockSd, practices, hidden }, cell): Study => {
  const many = practices === 'mixed' ? '1 to 40 practices' : practices === 1 ? '1 practice' : `${practices} practices`
  const name = `20+6, shocks of ${shockSd} sd a year, ${many}${hidden ? ', hidden case mix' : ''}`
  return {
    name: `one bad year: ${name}`,
    rows: (scale) => {
      const [covered, bonus, malus] = [new Tally(), new Tally(), new Tally()]
      const world = worldWith({ partners: 20, controls: 6, practices, shockSd, ...(hidden ? HIDDEN : {}) })
      for (const region of regionsOf(world, scale, [20, cell])) {
        const input = inputOf(region, contractWith())
        covered.add(coveredIn(settledUnder(input, {}), region))
        const banded = settledUnder(input, { deadBand: { eur: 0, z: Z } })
        bonus.add(bonusesOf(banded))
        malus.add(malusesOf(banded))
      }
      const of = (regime: string) => ({ property: 'one bad year is not a trend', tests: 'T10', regime })
      return [
        between(of(name), covered, 0.92, 0.98),
        atMost(of(`false bonus: ${name}`), bonus, 0.05),
        atMost(of(`false malus: ${name}`), malus, 0.05),
      ]
    },
  }
})
