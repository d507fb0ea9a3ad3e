/** What is credited of a constant effect over a term, region by region and year by year, and over all of them. */
import { reported, Tally, type Row, type RowHead } from '../simulation/figure.ts'
import { GAIN, TERM_YEARS, termYearsOf, type TermYear } from './term.ts'
import type { Path } from './settled-regions.ts'

const PROPERTY = 'a kept gain is paid every year'
const LIMIT = 0.05
/** Regions of 4,000 patients, each with its twin. Their seeds were written down before any of them was run. */
const REGIONS = 4
const seedOf = (seed: number, region: number): number => seed + 300 + region

/** A region and its twin without the effect, year by year. */
interface Twins {
  readonly seed: number
  readonly effect: readonly TermYear[]
  readonly none: readonly TermYear[]
}

/** Every region with its twin.  @param done called with each */
export async function termTwins(path: Path, seed: number, done: (twins: Twins) => void): Promise<Twins[]> {
  const all: Twins[] = []
  for (let region = 0; region < REGIONS; region++) {
    const own = seedOf(seed, region)
    const none = await termYearsOf(path, { seed: own, planted: false })
    const effect = await termYearsOf(path, { seed: own, planted: true })
    all.push({ seed: own, effect, none })
    done(all.at(-1)!)
  }
  return all
}

export function termRows(twins: readonly Twins[]): Row[] {
  return TERM_YEARS.flatMap((year) => {
    const regions = twins.map(({ seed, effect, none }) => ({ seed, own: effect[year - 1]!, twin: none[year - 1]! }))
    const named = `year ${year} of 3, whole path, 4,000 patients`
    const row = (what: string, where: string, family?: string) => ({
      property: PROPERTY,
      tests: '',
      regime: `${what}: ${named}, ${where}`,
      ...(family === undefined ? {} : { family }),
    })
    const noise = 'net gain less the effect'
    return [
      ...regions.map(({ seed, own, twin }) => {
        const what = 'net gain less that of the twin without the effect, less the effect'
        return within(row(what, `seed ${seed}`, what), (own.net - twin.net - GAIN) / own.residualSd, null)
      }),
      ...regions.map(({ seed, own }) =>
        within(row(noise, `seed ${seed}`, noise), (own.net - GAIN) / own.residualSd, own.se / own.residualSd),
      ),
      overAll(
        row(noise, `mean of ${regions.length} regions`),
        regions.map(({ own }) => (own.net - GAIN) / own.residualSd),
      ),
      ...(['contract', 'control'] as const).map((arm) =>
        told(
          row(`mean contribution without an effect, ${arm}`, `mean of ${regions.length} regions`),
          regions.map(({ twin }) => twin[arm] / twin.residualSd),
        ),
      ),
    ]
  })
}

/** @param se of the design, by the settlement's own variances; null: the twin has the same noise */
function within(row: RowHead, figure: number, se: number | null): Row {
  const beyond = Math.abs(figure) - LIMIT
  return {
    ...row,
    limit: `within ± ${LIMIT} sd${se === null ? '' : ', ± 2 se'}`,
    figure: `${figure.toFixed(4)} sd`,
    error: se === null ? '' : se.toFixed(4),
    holds: beyond <= 2 * (se ?? 0),
    excess: beyond <= 0 ? 0 : se === null ? Infinity : beyond / se,
  }
}

const tallied = (figures: readonly number[]): Tally => {
  const tally = new Tally()
  for (const figure of figures) tally.add(figure)
  return tally
}

function overAll(row: RowHead, figures: readonly number[]): Row {
  const { mean, se } = tallied(figures)
  return within(row, mean, se)
}

function told(row: RowHead, figures: readonly number[]): Row {
  const { mean, se } = tallied(figures)
  const because = 'the trend takes off what both arms have in common'
  return reported(row, `${mean.toFixed(4)} sd`, se.toFixed(4), because)
}
