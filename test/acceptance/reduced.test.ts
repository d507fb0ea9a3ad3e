/** The acceptance suite in small: a few regions of each kind, judged with the patience that few regions ask for. */
import { describe, expect, test } from 'vitest'
import { regimeTotalsOf } from '../../acceptance/regime-totals.ts'
import { REGIMES, regimeFiguresOf } from '../../acceptance/studies/regimes.ts'
import { STUDIES } from '../../acceptance/studies.ts'
import type { Row } from '../../acceptance/simulation/figure.ts'

/** What chance may do to a figure of so few regions, in Monte-Carlo errors. */
const PATIENCE = 4

const broken = (rows: readonly Row[]) =>
  rows
    .filter(({ holds, excess }) => holds !== null && excess > PATIENCE)
    .map(({ regime, figure }) => `${regime}: ${figure}`)

const seed = 31

describe('regimes', () => {
  const chosen = REGIMES.filter(
    ({ practices, layout, trend }) => practices === 'mixed' && layout.partners === 12 && trend,
  )
  const figures = chosen.map((regime) => regimeFiguresOf(regime, { partnerYears: 96, seed }))

  test('intervals cover, and chance does not pay', () => {
    expect(figures.flatMap(({ rows }) => rows).length).toBe(8)
    expect(broken(figures.flatMap(({ rows }) => rows))).toEqual([])
  })

  test('without effect the mean payment is 0, and an effect is estimated better than by the alternatives', () => {
    const rows = regimeTotalsOf(figures)
    expect(rows.map(({ property }) => property)).toContain('the right pay for an effect')
    expect(broken(rows)).toEqual([])
  })
})

const studyNamed = (name: string) => STUDIES.find((study) => study.name === name)!

test.each([
  ['hidden case mix 1', 120],
  ['four outcomes', 60],
  ['practices 5, correlation 0.02', 80],
  ['one bad year: 20+6, shocks of 0.1 sd a year, 1 practice', 80],
  ['kept gain: 20+6, about 150 patients, hidden case mix', 80],
  ['skew: 20+6, hospital days, panels of about 40', 200],
  ['enrolled on one reading above 64', 120],
  ['enrolled where the reading is 4 above what is expected a year on', 120],
  ['losing by chance', 36],
  ['deleting the worst 20%', 32],
  ['missing at random 0.3', 72],
  ['trend -0.3', 80],
  ['ratchet', 36],
  ['conservation', 36],
  ['reproducible', 72],
  ['monotone', 12],
  ['gaming 0.3', 60],
  ['no gaming, devices that differ by an sd of 0.5 between partners', 40],
  ['drift', 200],
  ['future', 0],
  ['ceiling: a score of 0 to 10', 500],
])('%s', async (name, partnerYears) => {
  const rows = await studyNamed(name).rows({ partnerYears, seed })
  expect(rows.length).toBeGreaterThan(0)
  expect(broken(rows)).toEqual([])
})
