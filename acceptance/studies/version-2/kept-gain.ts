/** A gain that is kept is paid in every year of a term, and one index date a year would pay it no more. */
import type { Contract } from '../../../engine/contract/contract.ts'
import { randomOf } from '../../../engine/kernel/random.ts'
import { contractWith } from '../../simulation/contract.ts'
import { between, percent, reported, small, Tally, type Row } from '../../simulation/figure.ts'
import { meanOver } from '../../simulation/partner-figures.ts'
import type { Region } from '../../simulation/region.ts'
import type { Scale, Study } from '../../simulation/scale.ts'
import { inputOf, settledUnder } from '../../simulation/settle.ts'
import { termRegionOf, type TermRegion } from '../../simulation/term-region.ts'
import { HIDDEN, worldWith, type World } from '../../simulation/world.ts'
import { coveredIn } from '../regimes.ts'

const PROPERTY = 'a kept gain is paid every year'
const YEARS = [0, 1, 2] as const
const EFFECT = { effectMean: 1.5, effectSd: 1 } as const

const REGIMES: readonly { readonly name: string; readonly world: Partial<World> }[] = [
  { name: '12+4, about 150 patients', world: {} },
  { name: '12+4, about 150 patients, hidden case mix', world: HIDDEN },
  { name: '20+6, about 150 patients', world: { partners: 20, controls: 6 } },
  { name: '20+6, about 150 patients, hidden case mix', world: { partners: 20, controls: 6, ...HIDDEN } },
  { name: '20+6, about 600 patients', world: { partners: 20, controls: 6, panel: 600 } },
  { name: '20+6, about 600 patients, hidden case mix', world: { partners: 20, controls: 6, panel: 600, ...HIDDEN } },
]

const periodOf = (n: number): Contract['period'] => ({ start: `${2025 + n}-01-01`, end: `${2025 + n}-12-31` })
const inTerm = (n: number): Contract =>
  contractWith({ term: { start: '2025-01-01', end: '2027-12-31' }, period: periodOf(n) })

/** The dice of cell n are those of study 24, cell n, region r. */
function* termRegionsOf(world: World, { partnerYears, seed }: Scale, cell: number): Generator<TermRegion> {
  const number = Math.ceil(partnerYears / world.partners)
  for (let r = 0; r < number; r++) yield termRegionOf(world, randomOf(seed, 24, cell, r))
}

/** In every year: the mean of d less what the contract did, in the residual sd of the year, and what the intervals cover. */
function keptRows(name: string, world: World, scale: Scale, cell: number): Row[] {
  const years = YEARS.map(() => ({ error: new Tally(), covered: new Tally() }))
  for (const region of termRegionsOf(world, scale, cell))
    for (const n of YEARS) {
      const year = region.inTerm(n)
      const settlement = settledUnder(inputOf(year, inTerm(n)), {})
      years[n]!.error.add(
        meanOver(settlement, ({ net_gain }, p) => net_gain! - year.effect[p]!) / settlement.outcomes[0]!.residual_sd!,
      )
      years[n]!.covered.add(coveredIn(settlement, year))
    }
  const large = world.partners >= 20 && world.panel >= 600
  return YEARS.flatMap((n) => {
    const row = (what: string) => ({ property: PROPERTY, tests: '', regime: `${what}, year ${n + 1} of 3: ${name}` })
    return [
      small(row('mean of d_p less the effect'), years[n]!.error, 0.05, 'sd'),
      between(row('95% interval of d_p'), years[n]!.covered, large && n === 2 ? 0.9 : 0.92, 0.98),
    ]
  })
}

/** How a year of the term is settled: with the one index date, or as a contract of its own. */
const WAYS: Readonly<Record<string, (region: TermRegion, n: number) => readonly [Region, Contract]>> = {
  'one index date for the term': (region, n) => [region.inTerm(n), inTerm(n)],
  // on the calendar of the first year, so that the placebo years stay those before the contract
  'one index date a year, the reference frozen': (region, n) => [region.byYear(n), contractWith()],
}

/** The share of the effect that is credited each way. */
function shareRows(scale: Scale): Row[] {
  const shares = Object.keys(WAYS).map(() => YEARS.map(() => new Tally()))
  const world = worldWith({ partners: 20, controls: 6, ...EFFECT })
  for (const region of termRegionsOf(world, scale, REGIMES.length))
    Object.values(WAYS).forEach((ofYear, way) => {
      for (const n of YEARS) {
        const [year, contract] = ofYear(region, n)
        const settlement = settledUnder(inputOf(year, contract), {})
        const truth = meanOver(settlement, (_, p) => year.effect[p]!)
        shares[way]![n]!.add(meanOver(settlement, ({ net_gain }) => net_gain!) / truth)
      }
    })
  const because =
    'judged above, in every year; with an index date a year readings under the contract are known on it, and what is kept is expected'
  return Object.keys(WAYS).map((way, at) => {
    const regime = `share of a constant effect that is credited, years 1 to 3, ${way}: 20+6, about 150 patients`
    const figures = (of: (tally: Tally) => number) => shares[at]!.map((tally) => percent(of(tally))).join(', ')
    const row = { property: PROPERTY, tests: '', regime }
    return reported(
      row,
      figures(({ mean }) => mean),
      figures(({ se }) => se),
      because,
    )
  })
}

export const keptGain: readonly Study[] = [
  ...REGIMES.map(({ name, world }, cell): Study => ({
    name: `kept gain: ${name}`,
    rows: (scale) => keptRows(name, worldWith({ ...EFFECT, ...world }), scale, cell),
  })),
  { name: 'kept gain: share credited', rows: shareRows },
]
