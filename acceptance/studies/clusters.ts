/** Practices as clusters: the coverage of intervals with correlated patients within a practice. */
import { contractWith } from '../simulation/contract.ts'
import { between, percent, Tally, unjudged, type Row } from '../simulation/figure.ts'
import { regionsOf, type Scale, type Study } from '../simulation/scale.ts'
import { inputOf, settledUnder } from '../simulation/settle.ts'
import { HIDDEN, worldWith, type World } from '../simulation/world.ts'
import { coveredIn } from './regimes.ts'

function coverageRow(name: string, clauses: Partial<World>, scale: Scale, cell: number): Row {
  const covered = new Tally()
  const world = worldWith({ partners: 20, controls: 6, ...clauses })
  for (const region of regionsOf(world, scale, [10, cell]))
    covered.add(coveredIn(settledUnder(inputOf(region, contractWith()), {}), region))
  return between({ property: 'right intervals', tests: 'T10', regime: `20+6, ${name}` }, covered, 0.93, 0.975)
}

/** What patients of a practice share in one year, by how much of the variance that is. */
const grid = [0.005, 0.02, 0.05].flatMap((practiceIcc, at) =>
  ([5, 40] as const).map((practices, nth): Study => ({
    name: `practices ${practices}, correlation ${practiceIcc}`,
    rows: (scale) => {
      const name = `${practices} practices drawn afresh every year, intraclass correlation ${percent(practiceIcc)}`
      return [coverageRow(name, { practices, practiceIcc, practiceLasting: false }, scale, 2 * at + nth)]
    },
  })),
)

/** Where the truth is another than the method's own model of it. */
const beyond: readonly { readonly name: string; readonly clauses: Partial<World>; readonly because: string }[] = [
  {
    name: '5 practices that last, intraclass correlation 5.0%',
    clauses: { practices: 5, practiceIcc: 0.05 },
    because:
      'what lasts of a practice counts in the standard error of each year (method.md 4.1) and again in tau2 (4.2): wider than needed, never narrower',
  },
  {
    name: '1 practice drawn afresh every year, intraclass correlation 1.0%, hidden case mix',
    clauses: { practices: 1, practiceLasting: false, ...HIDDEN },
    because:
      'a random walk (method.md 4.2) has no term for what strikes a partner of one practice in one single year; with two practices or more 4.1 has it',
  },
  {
    name: '1 to 40 practices drawn afresh every year, intraclass correlation 1.0%, hidden case mix',
    clauses: { practices: 'mixed', practiceLasting: false, ...HIDDEN },
    because: 'as above, for those of its partners that have one practice',
  },
]

export const clusters: readonly Study[] = [
  ...grid,
  {
    name: 'practices 8 drawn afresh, hidden case mix',
    rows: (scale) => [
      coverageRow(
        '8 practices drawn afresh every year, hidden case mix',
        { practices: 8, practiceLasting: false, ...HIDDEN },
        scale,
        9,
      ),
    ],
  },
  ...beyond.map(({ name, clauses, because }, at): Study => ({
    name,
    rows: (scale) => [unjudged(coverageRow(name, clauses, scale, 10 + at), because)],
  })),
]
