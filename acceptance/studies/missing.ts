/** Outcomes missing at random bias nothing; missing not at random, the agreed shift holds up to the gap it was agreed for. */
import { randomOf } from '../../engine/kernel/random.ts'
import { contractWith, Z } from '../simulation/contract.ts'
import { atMost, between, percent, small, Tally, reported, type Row } from '../simulation/figure.ts'
import { missingNotAtRandom } from '../simulation/hiding.ts'
import { bonusesOf, meanOver } from '../simulation/partner-figures.ts'
import { RESIDUAL_SD } from '../simulation/patients.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { worldWith } from '../simulation/world.ts'
import { coveredIn } from './regimes.ts'

/** The mean error of g, in residual sd, where nothing moves everybody. */
function atRandomRows(share: number, scale: Scale, cell: number): Row[] {
  const [bias, completers, covered, bonus] = [new Tally(), new Tally(), new Tally(), new Tally()]
  const world = worldWith({ missingShare: share, practiceIcc: 0 })
  for (const region of regionsOf(world, scale, [40, cell])) {
    const input = inputOf(region, contractWith())
    const settlement = settledUnder(input, {})
    bias.add(meanOver(settlement, ({ mean_gain }, p) => (mean_gain! - region.effect[p]!) / RESIDUAL_SD))
    covered.add(coveredIn(settlement, region))
    bonus.add(bonusesOf(settledUnder(input, { deadBand: { eur: 0, z: Z } })))
    const measuredOnly = settledUnder(
      inputOf({ ...region, years: region.years.slice(0, 1) }, contractWith({ missing: 'exclude' })),
      {},
    )
    completers.add(meanOver(measuredOnly, ({ mean_gain }) => mean_gain! / RESIDUAL_SD))
  }
  const name = `${100 * share}% missing at random`
  const row = (regime: string) => ({ property: 'missing at random', tests: 'T11', regime: `${regime}: ${name}` })
  return [
    small(row('bias of the mean gain'), bias, 0.02, 'sd'),
    between(row('95% interval of d_p'), covered, 0.92, 0.98),
    atMost(row('false bonus'), bonus, 0.05),
    reported(
      row('bias had the missing been left out (exclude)'),
      `${completers.mean.toFixed(4)} sd`,
      completers.se.toFixed(4),
      'what doubly_robust is there for',
    ),
  ]
}

/** Missing lie a gap below the measured; controls' outcomes do not. */
function notAtRandomRows(gap: number, scale: Scale, cell: number): Row[] {
  const bonus = new Tally()
  const contract = contractWith({ pessimisticShiftSd: 0.3, deadBand: { eur: 0, z: Z } })
  let r = 0
  for (const region of regionsOf(worldWith({ panel: 300 }), scale, [41, cell])) {
    const hidden = missingNotAtRandom(region, 0.3, gap, randomOf(scale.seed, 42, cell, r++))
    bonus.add(bonusesOf(settledUnder(inputOf(hidden, contract), {})))
  }
  const regime = `false bonus, pessimistic_shift_sd 0.3: 30% missing, ${gap} sd below the measured`
  const row = { property: 'missing at random', tests: 'T12', regime }
  if (gap <= 0.3) return [atMost(row, bonus, 0.06)]
  const because = 'beyond the gap that the shift was agreed for the tipping point has to be told'
  return [reported(row, percent(bonus.mean), percent(bonus.se), because)]
}

export const missing: readonly Study[] = [
  ...[0.1, 0.2, 0.3, 0.4].map((share, cell): Study => ({
    name: `missing at random ${share}`,
    rows: (scale) => atRandomRows(share, scale, cell),
  })),
  ...[0.1, 0.3, 0.5].map((gap, cell): Study => ({
    name: `missing not at random ${gap}`,
    rows: (scale) => notAtRandomRows(gap, scale, cell),
  })),
]
