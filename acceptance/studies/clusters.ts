/** Patients of one practice have more in common than their partner: intervals that cover all the same. */
import { contractWith } from '../contract.ts'
import { between, percent, Tally, unjudged, type Row } from '../figure.ts'
import { regionsOf, type Scale, type Study } from '../scale.ts'
import { inputOf, settledUnder } from '../settle.ts'
import { HIDDEN, worldWith, type World } from '../world.ts'
import { coveredIn } from './regimes.ts'

function coverageRow(name: string, world: World, scale: Scale, cell: number): Row {
  const covered = new Tally()
  for (const region of regionsOf(world, scale, [10, cell]))
    covered.add(coveredIn(settledUnder(inputOf(region, contractWith()), {}), region))
  return between({ property: 'right intervals', tests: 'T10', regime: name }, covered, 0.93, 0.975)
}

const grid = [0.005, 0.02, 0.05].flatMap((practiceIcc, at) =>
  ([5, 40] as const).map((practices, nth): Study => ({
    name: `practices ${practices}, correlation ${practiceIcc}`,
    rows: (scale) => [
      coverageRow(
        `20+6, ${practices} practices, intraclass correlation ${percent(practiceIcc)}`,
        worldWith({ partners: 20, controls: 6, practices, practiceIcc }),
        scale,
        2 * at + nth,
      ),
    ],
  })),
)

const YEARLY = {
  1: 'a random walk (method.md 4.2) has no term for what strikes a partner of one practice in one year alone',
  8: '',
  mixed: 'its partners of one practice are struck as above',
} as const

/** Practices that are struck afresh every year: lasting differences are hidden case mix, these are not. */
const afresh = ([8, 1, 'mixed'] as const).map((practices, at): Study => ({
  name: `practices ${practices} struck afresh every year`,
  rows: (scale) => {
    const world = worldWith({ partners: 20, controls: 6, practices, practiceLasting: false, ...HIDDEN })
    const name = `20+6, ${practices === 'mixed' ? '1 to 40' : practices} practices struck afresh every year, hidden case mix`
    const row = coverageRow(name, world, scale, 10 + at)
    return [YEARLY[practices] === '' ? row : unjudged(row, YEARLY[practices])]
  },
}))

export const clusters: readonly Study[] = [...grid, ...afresh]
