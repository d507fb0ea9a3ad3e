/** Figures over all regimes: the mean payment without effect, and the error of payments compared with alternative estimators. */
import { nothing, Tally, type Row } from './simulation/figure.ts'
import type { RegimeFigures } from './studies/regimes.ts'

export function regimeTotalsOf(figures: readonly RegimeFigures[]): Row[] {
  return [...symmetricRows(figures), ...errorRows(figures)]
}

/** Over all regimes: of some sixty means at two errors each, three would miss by chance alone. */
function symmetricRows(figures: readonly RegimeFigures[]): Row[] {
  return [false, true].flatMap((hidden) => {
    const tally = tallyOf(
      figures.filter(({ regime }) => !regime.effects && regime.hidden === hidden).map(({ symmetric }) => symmetric),
    )
    const regime = `mean symmetric payment per patient-year: every regime ${hidden ? 'with' : 'without'} hidden case mix`
    const head = { property: 'no effect, no pay', tests: 'T2', regime }
    return [nothing(head, tally, 'mmol/mol')]
  })
}

/** Root mean squared errors of what is said about the effect; in regimes alike in what could mislead. */
function errorRows(figures: readonly RegimeFigures[]): Row[] {
  const withEffects = figures.filter(({ regime }) => regime.effects)
  const groups = [
    ['every regime with effects', withEffects],
    ...[false, true].flatMap((hidden) =>
      [false, true].map((trend) => [
        `${hidden ? 'hidden case mix' : 'no hidden case mix'}, ${trend ? 'a trend' : 'no trend'}`,
        withEffects.filter(({ regime }) => regime.hidden === hidden && regime.trend === trend),
      ]),
    ),
  ] as const
  return groups
    .filter(([, group]) => group.length > 0)
    .flatMap(([name, group]) => errorRowsOf(name as string, group as readonly RegimeFigures[]))
}

function errorRowsOf(name: string, group: readonly RegimeFigures[]): Row[] {
  const errorOf = (claim: string) => tallyOf(group.map(({ errors }) => errors[claim]!))
  const own = errorOf('credible gain')
  return Object.keys(group[0]!.errors)
    .filter((claim) => claim !== 'credible gain')
    .map((claim) => {
      const alternative = errorOf(claim)
      return {
        property: 'the right pay for an effect',
        tests: '',
        regime: `error of credible_p against ${claim}: ${name}`,
        limit: `< ${Math.sqrt(alternative.mean).toFixed(3)} mmol/mol`,
        figure: `${Math.sqrt(own.mean).toFixed(3)} mmol/mol`,
        error: (own.se / 2 / Math.sqrt(own.mean)).toFixed(3),
        holds: own.mean < alternative.mean,
        excess: Math.max(0, own.mean - alternative.mean) / own.se,
      }
    })
}

function tallyOf(lists: readonly (readonly number[])[]): Tally {
  const tally = new Tally()
  for (const value of lists.flat()) tally.add(value)
  return tally
}
