/** Selective enrolment does not change payments: by high baseline readings, or by good expected results. */
import { contractWith } from '../simulation/contract.ts'
import { small, Tally, type Row } from '../simulation/figure.ts'
import { meanOver } from '../simulation/partner-figures.ts'
import { RESIDUAL_SD } from '../simulation/patients.ts'
import type { Enrols } from '../simulation/region.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { worldWith } from '../simulation/world.ts'

const HIGH = 64

const choices: readonly (readonly [property: string, tests: string, name: string, Enrols])[] = [
  ['regression to the mean pays nobody', 'T5', 'enrolled on one reading above 64', ({ last }) => last > HIGH],
  [
    'regression to the mean pays nobody',
    'T5',
    'enrolled on two readings above 64',
    ({ last, previous }) => last > HIGH && previous > HIGH,
  ],
  [
    'no skimming, no hiding',
    '',
    'enrolled where the reading is 4 above what is expected a year on',
    ({ last, expected }) => last - expected > 4,
  ],
  ['no skimming, no hiding', '', 'enrolled where a low result is expected', ({ expected }) => expected < 55],
  ['no skimming, no hiding', '', 'enrolled without deprivation', ({ deprivation }) => deprivation < -0.5],
]

/** Mean gain of partners that choose, in residual sd; no practice or partner does anything of itself. */
function selectionRow([property, tests, name, enrols]: (typeof choices)[number], scale: Scale, cell: number): Row {
  const gain = new Tally()
  const world = worldWith({ panel: 300, practiceIcc: 0 })
  for (const region of regionsOf(world, scale, [20, cell], enrols)) {
    const contractYearOnly = { ...region, years: region.years.slice(0, 1) }
    const settlement = settledUnder(inputOf(contractYearOnly, contractWith()), {})
    gain.add(meanOver(settlement, ({ mean_gain }) => mean_gain! / RESIDUAL_SD))
  }
  return small({ property, tests, regime: `mean gain, ${name}` }, gain, 0.02, 'sd')
}

export const selection: readonly Study[] = choices.map((choice, cell) => ({
  name: choice[2],
  rows: (scale) => [selectionRow(choice, scale, cell)],
}))
