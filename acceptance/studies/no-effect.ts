/** No effect, no pay: over grids of hidden case mix and drift, with several outcomes, in small panels, and one-sided. */
import { contractWith, Z } from '../simulation/contract.ts'
import { atMost, exactly, meanOf, percent, Tally, reported, type Row } from '../simulation/figure.ts'
import { bonusesOf, malusesOf, payPerYearOf, shareOf } from '../simulation/partner-figures.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { worldWith, type World } from '../simulation/world.ts'

const PROPERTY = 'no effect, no pay'
const BANDED = contractWith({ deadBand: { eur: 0, z: Z } })

/** False bonus and false malus of one kind of region. */
function chanceRows(tests: string, name: string, world: World, scale: Scale, place: readonly [number, number]): Row[] {
  const [bonus, malus] = [new Tally(), new Tally()]
  for (const region of regionsOf(world, scale, place)) {
    const settlement = settledUnder(inputOf(region, BANDED), {})
    bonus.add(bonusesOf(settlement))
    malus.add(malusesOf(settlement))
  }
  return [
    atMost({ property: PROPERTY, tests, regime: `false bonus: ${name}` }, bonus, 0.05),
    atMost({ property: PROPERTY, tests, regime: `false malus: ${name}` }, malus, 0.05),
  ]
}

const caseMixGrid = [0.35, 1, 1.5].map((caseMixSd, cell): Study => ({
  name: `hidden case mix ${caseMixSd}`,
  rows: (scale) =>
    chanceRows('T8', `hidden case mix sd ${caseMixSd}, no drift`, worldWith({ caseMixSd }), scale, [2, cell]),
}))

const driftGrid = [0.1, 0.4].map((driftSd, cell): Study => ({
  name: `drift ${driftSd}`,
  rows: (scale) =>
    chanceRows(
      'T9',
      `hidden case mix sd 0.7, yearly drift sd ${driftSd}`,
      worldWith({ caseMixSd: 0.7, driftSd }),
      scale,
      [3, cell],
    ),
}))

/** What a bonus costs where losses are not shared: E[pay] = sqrt(V) L(z), L(1.645) = 0.0209, known variances. */
function upsideRows(scale: Scale): Row[] {
  const world = worldWith({ partners: 40, controls: 0, practices: 1, practiceIcc: 0, panel: 150, panelSpread: 0 })
  const contract = contractWith({
    control: [],
    trend: 'none',
    history: 'none',
    credibility: 'none',
    share: { gain: 1, loss: 0 },
    deadBand: { eur: 0, z: Z },
  })
  const [paid, expected] = [new Tally(), new Tally()]
  for (const region of regionsOf(world, { ...scale, partnerYears: 10 * scale.partnerYears }, [4, 0])) {
    const contractYearOnly = { ...region, years: region.years.slice(0, 1) }
    const { partners } = settledUnder(inputOf(contractYearOnly, contract), {})
    paid.add(meanOf(partners.map(payPerYearOf)))
    expected.add(meanOf(partners.map(({ value_sd }) => (0.0209 * value_sd) / 10)))
  }
  const ratio = paid.mean / expected.mean
  const error = paid.se / expected.mean
  return [
    {
      property: PROPERTY,
      tests: 'T3',
      regime: 'upside only, no history, no credibility: mean payment over its closed form',
      limit: '0.95 to 1.05, ± 2 MC se',
      figure: ratio.toFixed(3),
      error: error.toFixed(3),
      holds: Math.abs(ratio - 1) <= 0.05 + 2 * error,
      excess: Math.max(0, Math.abs(ratio - 1) - 0.05) / error,
    },
  ]
}

/** Few patients: below the ladder nobody is paid; above it chance still pays no more than one in twenty. */
function smallRows(scale: Scale): Row[] {
  const chance = [20, 40, 100].flatMap((panel, cell) =>
    chanceRows(
      'T21',
      `panels of about ${panel}, hidden case mix`,
      worldWith({ panel, caseMixSd: 0.7, driftSd: 0.2 }),
      scale,
      [5, cell],
    ),
  )
  let paid = 0
  for (const region of regionsOf(worldWith({ panel: 25, effectSd: 5 }), { ...scale, partnerYears: 240 }, [5, 9])) {
    const { partners } = settledUnder(inputOf(region, contractWith({ minPatients: 30 })), {})
    paid += partners.filter(({ eligible, payment_cents }) => eligible < 30 && payment_cents !== 0).length
  }
  const regime = 'panels under min_patients 30 that are paid or charged'
  return [...chance, exactly({ property: PROPERTY, tests: 'T21', regime }, paid, 0, 'partners')]
}

/** Without credibility to lean on the collective, chance pays what the dead band lets through. */
const withoutCredibility: Study = {
  name: 'no credibility',
  rows: (scale) =>
    [
      ['20+6, hidden case mix', worldWith({ partners: 20, controls: 6, caseMixSd: 0.7, driftSd: 0.2 })] as const,
      ['20+6', worldWith({ partners: 20, controls: 6 })] as const,
    ].flatMap(([name, world], cell) => {
      const [bonus, malus] = [new Tally(), new Tally()]
      for (const region of regionsOf(world, scale, [6, cell])) {
        const settlement = settledUnder(inputOf(region, BANDED), { credibility: 'none' })
        bonus.add(bonusesOf(settlement))
        malus.add(malusesOf(settlement))
      }
      const row = (what: string, tally: Tally) =>
        atMost({ property: PROPERTY, tests: 'T1', regime: `false ${what}, credibility none: ${name}` }, tally, 0.05)
      return [row('bonus', bonus), row('malus', malus)]
    }),
}

/** Power, so that the rows above cannot pass by never paying. */
const power: Study = {
  name: 'power',
  rows: (scale) => {
    const paid = new Tally()
    const world = worldWith({ panel: 600, caseMixSd: 0.7, driftSd: 0.2, effectMean: 1.5, partners: 12 })
    for (const region of regionsOf(world, { ...scale, partnerYears: scale.partnerYears / 4 }, [7, 0]))
      paid.add(shareOf(settledUnder(inputOf(region, BANDED), {}), ({ payment_cents }) => payment_cents > 0))
    const regime = 'partners paid where every partner gained 1.5 mmol/mol: 12+4, about 600 patients, hidden case mix'
    const row = { property: 'the right pay for an effect', tests: '', regime }
    return [reported(row, percent(paid.mean), percent(paid.se), 'the method sets no limit on power')]
  },
}

export const noEffect: readonly Study[] = [
  ...caseMixGrid,
  ...driftGrid,
  { name: 'upside only', rows: upsideRows },
  { name: 'small panels', rows: smallRows },
  withoutCredibility,
  power,
]
