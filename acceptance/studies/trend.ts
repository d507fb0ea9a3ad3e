/** A common trend is not attributed to partners. */
import { contractWith, Z } from '../simulation/contract.ts'
import { atMost, small, Tally, type Row } from '../simulation/figure.ts'
import { bonusesOf, malusesOf, meanOver } from '../simulation/partner-figures.ts'
import { RESIDUAL_SD } from '../simulation/patients.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

function trendRows(trendSd: number, scale: Scale, cell: number): Row[] {
  const [net, bonus, malus] = [new Tally(), new Tally(), new Tally()]
  const world = worldWith({ partners: 20, controls: 6, trendSd, ...HIDDEN })
  for (const region of regionsOf(world, scale, [50, cell])) {
    const settlement = settledUnder(inputOf(region, contractWith({ deadBand: { eur: 0, z: Z } })), {})
    net.add(meanOver(settlement, ({ net_gain }) => net_gain! / RESIDUAL_SD))
    bonus.add(bonusesOf(settlement))
    malus.add(malusesOf(settlement))
  }
  const row = (regime: string) => ({
    property: 'trend is not merit',
    tests: 'T14',
    regime: `${regime}: national shift of ${trendSd} sd, hidden case mix, 20+6`,
  })
  return [
    small(row('mean net gain'), net, 0.02, 'sd'),
    atMost(row('false bonus'), bonus, 0.05),
    atMost(row('false malus'), malus, 0.05),
  ]
}

export const trend: readonly Study[] = [0.3, -0.3].map((trendSd, cell) => ({
  name: `trend ${trendSd}`,
  rows: (scale) => trendRows(trendSd, scale, cell),
}))
