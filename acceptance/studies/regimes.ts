/** Every regime: hidden case mix or none, a national trend or none, effects or none, partners of one practice or of many, few
 *  partners or more. What the intervals cover, what chance pays, and how far the pay lies from the effect. */
import type { Settlement } from '../../engine/settlement/statement.ts'
import { contractWith, Z } from '../simulation/contract.ts'
import { atMost, between, meanOf, Tally, type Row } from '../simulation/figure.ts'
import { bonusesOf, malusesOf, payPerYearOf, shareOf } from '../simulation/partner-figures.ts'
import type { Region } from '../simulation/region.ts'
import { alternativesOf } from '../simulation/alternatives.ts'
import { regionsOf, type Scale } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith, type World } from '../simulation/world.ts'

export interface Layout {
  readonly partners: number
  readonly controls: number
  /** what a 95% interval has to cover */
  readonly covers: readonly [number, number]
}

export interface Regime {
  readonly layout: Layout
  readonly hidden: boolean
  readonly trend: boolean
  readonly effects: boolean
  readonly practices: World['practices']
}

const LAYOUTS: readonly Layout[] = [
  { partners: 12, controls: 4, covers: [0.92, 0.98] },
  { partners: 20, controls: 6, covers: [0.93, 0.975] },
]
const PRACTICES = [1, 8, 40, 'mixed'] as const
const BOTH = [false, true] as const

export const REGIMES: readonly Regime[] = LAYOUTS.flatMap((layout) =>
  PRACTICES.flatMap((practices) =>
    BOTH.flatMap((hidden) =>
      BOTH.flatMap((trend) => BOTH.map((effects) => ({ layout, hidden, trend, effects, practices }))),
    ),
  ),
)

const worldOf = ({ layout, hidden, trend, effects, practices }: Regime): World =>
  worldWith({
    partners: layout.partners,
    controls: layout.controls,
    practices,
    ...(hidden ? HIDDEN : {}),
    trendSd: trend ? -0.3 : 0,
    ...(effects ? { effectMean: 1, effectSd: 1 } : {}),
  })

const practicesIn = (practices: World['practices']): string =>
  practices === 'mixed' ? '1 to 40 practices' : practices === 1 ? '1 practice' : `${practices} practices`

const nameOf = ({ layout, hidden, trend, effects, practices }: Regime): string =>
  [
    `${layout.partners}+${layout.controls}`,
    practicesIn(practices),
    ...(hidden ? ['hidden case mix'] : []),
    ...(trend ? ['trend'] : []),
    ...(effects ? ['effects'] : []),
  ].join(', ')

/** The results of one regime. */
export interface RegimeFigures {
  readonly regime: Regime
  readonly rows: readonly Row[]
  /** payment per patient-year with no dead band, over the price; per region */
  readonly symmetric: readonly number[]
  /** squared error per region: of the method, and of its alternatives */
  readonly errors: Readonly<Record<string, readonly number[]>>
}

export function regimeFiguresOf(regime: Regime, scale: Scale): RegimeFigures {
  const [covered, bonus, malus] = [new Tally(), new Tally(), new Tally()]
  const symmetric: number[] = []
  const errors: Record<string, number[]> = {}
  for (const region of regionsOf(worldOf(regime), scale, [1, REGIMES.indexOf(regime)])) {
    const input = inputOf(region, contractWith())
    const free = settledUnder(input, {})
    covered.add(coveredIn(free, region))
    symmetric.push(meanOf(free.partners.map(payPerYearOf)))
    if (regime.effects) {
      const claims = {
        'credible gain': free.partners.map((p) => p.outcomes[0]!.credible_gain!),
        ...alternativesOf(region, free),
      }
      for (const [name, claim] of Object.entries(claims))
        (errors[name] ??= []).push(meanOf(claim.map((gain, p) => (gain - region.effect[p]!) ** 2)))
    } else {
      const banded = settledUnder(input, { deadBand: { eur: 0, z: Z } })
      bonus.add(bonusesOf(banded))
      malus.add(malusesOf(banded))
    }
  }
  const name = nameOf(regime)
  const family = `${regime.layout.partners}+${regime.layout.controls}, every regime`
  const intervals = { property: 'right intervals', tests: 'T4', regime: name, family }
  const rows = [between(intervals, covered, ...regime.layout.covers)]
  if (!regime.effects) {
    const chance = { property: 'no effect, no pay', tests: 'T1 T8' }
    rows.push(atMost({ ...chance, regime: `false bonus: ${name}`, family: `false bonus: ${family}` }, bonus, 0.05))
    rows.push(atMost({ ...chance, regime: `false malus: ${name}`, family: `false malus: ${family}` }, malus, 0.05))
  }
  return { regime, rows, symmetric, errors }
}

/** The share of partners whose d ± 1.96 sqrt(V) holds the effect that the contract had. */
export const coveredIn = (settlement: Settlement, { effect }: Region): number =>
  shareOf(settlement, ({ outcomes }) => {
    const { net_gain, variance } = outcomes[0]!
    const p = settlement.partners.findIndex((partner) => partner.outcomes === outcomes)
    return Math.abs(net_gain! - effect[p]!) <= 1.96 * Math.sqrt(variance!)
  })
