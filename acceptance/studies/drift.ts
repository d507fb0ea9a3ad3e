/** The drift monitor detects miscalibrated expectations among the controls, with few false alarms. */
import { driftOf } from '../../engine/explain/drift.ts'
import { CHANGE, FIRST, resultsOf, type DriftingWorld } from '../simulation/drifting-results.ts'
import { atLeast, atMost, Tally, type Row } from '../simulation/figure.ts'
import type { Scale, Study } from '../simulation/scale.ts'

const row = (regime: string) => ({ property: 'right intervals', tests: 'T15', regime })
type World = Omit<DriftingWorld, 'seed'>

/** A share of simulated years, a year for every ten partner-years. */
function shareOf(scale: Scale, world: World, of: (alarmed: number | null) => boolean): Tally {
  const tally = new Tally()
  for (let year = 0; year < Math.ceil(scale.partnerYears / 10); year++) {
    const { alarm } = driftOf(resultsOf({ ...world, seed: scale.seed + year }))
    tally.add(of(alarm?.month ?? null) ? 1 : 0)
  }
  return tally
}

const inTwoMonths = (alarmed: number | null): boolean =>
  alarmed !== null && alarmed >= FIRST + CHANGE && alarmed < FIRST + CHANGE + 2

const foundOut =
  (what: string, world: World) =>
  (scale: Scale): Row =>
    atLeast(row(`alarmed within two months: ${what}`), shareOf(scale, world, inTwoMonths), 0.9)

const forNothing =
  (what: string, world: World) =>
  (scale: Scale): Row =>
    atMost(
      row(`years with an alarm for nothing: ${what}`),
      shareOf(scale, world, (alarmed) => alarmed !== null),
      0.05,
    )

const rows = [
  foundOut('the slope falls from 1 to 0.8 halfway, 1,000 results a month', { perMonth: 1000, slope: 0.8 }),
  foundOut('a shift of 0.3 sd halfway, 500 results a month', { perMonth: 500, bias: 0.3 }),
  forNothing('300 results a month', { perMonth: 300 }),
  forNothing('40 results a month, skewed', { perMonth: 40, skewed: true }),
]

export const drift: readonly Study[] = [{ name: 'drift', rows: (scale) => rows.map((each) => each(scale)) }]
