/** Higher mortality with one partner: it must not raise the payment. */
import type { Contract } from '../../engine/contract/contract.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { contractWith, Z } from '../simulation/contract.ts'
import { atMost, percent, Tally, reported, type Row } from '../simulation/figure.ts'
import { dying } from '../simulation/hiding.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith } from '../simulation/world.ts'

const EXTRA = 0.03
const GATE: Contract['gates'] = [{ gate: 'max_excess_deaths', weight: 1, rule: { atMost: 0 } }]

/** The first partner of every region loses an extra share of its patients. */
function deathRows(who: 'any' | 'worst', scale: Scale, cell: number): Row[] {
  const [bonus, gated] = [new Tally(), new Tally()]
  const credibility = who === 'any' ? 'estimated' : 'none'
  const world = worldWith({ partners: 8, panel: 300, ...HIDDEN })
  let r = 0
  for (const region of regionsOf(world, { ...scale, partnerYears: 2 * scale.partnerYears }, [33, cell])) {
    const bereft = dying(region, 0, EXTRA, who, randomOf(scale.seed, 33, 2 + cell, r++))
    const banded = contractWith({ deadBand: { eur: 0, z: Z }, credibility })
    const input = inputOf(bereft, banded)
    const isPaid = (gates: Contract['gates']) => (settledUnder(input, { gates }).partners[0]!.payment_cents > 0 ? 1 : 0)
    bonus.add(isPaid([]))
    gated.add(isPaid(GATE))
  }
  const those = who === 'any' ? 'any of them' : 'those who would have done worst'
  const regime = `false bonus, credibility ${credibility}: ${100 * EXTRA}% more deaths with one partner of about 300 patients, ${those}`
  const row = { property: 'no skimming, no hiding', tests: 'T13', regime }
  const because =
    'who died is not eligible (method.md 1), so a death that spares a bad result helps where no gate looks at deaths; with `max_excess_deaths` the row below is judged'
  return [
    who === 'any' ? atMost(row, bonus, 0.05) : reported(row, percent(bonus.mean), percent(bonus.se), because),
    atMost({ ...row, regime: `with max_excess_deaths <= 0, ${regime}` }, gated, 0.05),
  ]
}

export const deaths: readonly Study[] = (['any', 'worst'] as const).map((who, cell) => ({
  name: `deaths of ${who}`,
  rows: (scale) => deathRows(who, scale, cell),
}))
