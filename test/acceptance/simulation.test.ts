/** The simulation itself: what it says is expected is what comes on average, and what it plants is there. */
import { describe, expect, test } from 'vitest'
import { MEASURED, MISSING } from '../../engine/assessment/assessment.ts'
import { randomOf } from '../../engine/kernel/random.ts'
import { Tally } from '../../acceptance/simulation/figure.ts'
import { deletingWorst, losing, missingNotAtRandom } from '../../acceptance/simulation/hiding.ts'
import { RESIDUAL_SD } from '../../acceptance/simulation/patients.ts'
import { regionOf, type Region } from '../../acceptance/simulation/region.ts'
import { brokenOf, inFamilies, tableOf } from '../../acceptance/table.ts'
import { worldWith } from '../../acceptance/simulation/world.ts'

const bare = { practiceIcc: 0, practices: 1, panelSpread: 0, partners: 20, controls: 0 } as const
const meanOf = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
const residualsOf = ({ years }: Region, rows: (status: number) => boolean = () => true) => {
  const { expected, realised, status } = years[0]!
  return [...expected.keys()].filter((row) => rows(status[row]!)).map((row) => expected[row]! - realised[row]!)
}

describe('patients', () => {
  const region = regionOf(worldWith({ ...bare, panel: 1000 }), randomOf(1))
  const residuals = residualsOf(region)

  test('readings agree with their expectations on average, within the stated sd', () => {
    const { expectedSd } = region.years[0]!
    const z = residuals.map((residual, row) => residual / expectedSd[row]!)
    expect(Math.abs(meanOf(residuals))).toBeLessThan((4 * RESIDUAL_SD) / Math.sqrt(residuals.length))
    expect(meanOf(z.map((x) => x * x))).toBeCloseTo(1, 1)
    expect(Math.sqrt(meanOf(residuals.map((x) => x * x)))).toBeCloseTo(RESIDUAL_SD, 0)
  })

  test('nothing known on the index date tells how it will differ', () => {
    const { last, expected, deprivation } = region.years[0]!
    const correlationWith = (fact: (row: number) => number) => {
      const facts = residuals.map((_, row) => fact(row))
      const centre = meanOf(facts)
      const spread = Math.sqrt(meanOf(facts.map((x) => (x - centre) ** 2)))
      return meanOf(residuals.map((residual, row) => (residual * (facts[row]! - centre)) / spread / RESIDUAL_SD))
    }
    for (const fact of [last, expected, deprivation])
      expect(Math.abs(correlationWith((row) => fact[row]!))).toBeLessThan(4 / Math.sqrt(residuals.length))
  })
})

describe('regions', () => {
  test('an effect, a trend and a case mix move gains by as much', () => {
    const same = { ...bare, panel: 400, partners: 6 }
    const plain = regionOf(worldWith(same), randomOf(2))
    const moved = regionOf(worldWith({ ...same, effectMean: 2, trendSd: 0.5 }), randomOf(2))
    const before = residualsOf(plain)
    const change = residualsOf(moved).map((residual, row) => residual - before[row]!)
    for (const each of change.slice(0, 50)) expect(each).toBeCloseTo(2 + 0.5 * RESIDUAL_SD, 5)
  })

  test('a mixed region has partners of 1 to 40 practices', () => {
    const { years } = regionOf(worldWith({ panel: 400, panelSpread: 0 }), randomOf(3))
    const { partner, practice } = years[0]!
    const numbers = Array.from({ length: 12 }, (_, p) => new Set(practice.filter((_, row) => partner[row] === p)).size)
    expect(Math.min(...numbers)).toBe(1)
    expect(Math.max(...numbers)).toBeGreaterThan(35)
  })

  test.each([0.1, 0.4])('a share of %d goes missing', (missingShare) => {
    const { status } = regionOf(worldWith({ ...bare, panel: 500, missingShare }), randomOf(4)).years[0]!
    const missing = status.filter((code) => code === MISSING).length
    const measured = status.filter((code) => code === MEASURED).length
    expect(Math.abs(missing / (missing + measured) - missingShare)).toBeLessThan(0.03)
  })
})

describe('hiding', () => {
  const region = regionOf(worldWith({ ...bare, panel: 1000 }), randomOf(5))
  const isMissing = (status: number) => status === MISSING
  const isMeasured = (status: number) => status === MEASURED

  test('what is missing not at random lies as far below as was said', () => {
    const hidden = missingNotAtRandom(region, 0.3, 0.3, randomOf(6))
    const gap = meanOf(residualsOf(hidden, isMeasured)) - meanOf(residualsOf(hidden, isMissing))
    expect(gap / RESIDUAL_SD).toBeGreaterThan(0.24)
    expect(gap / RESIDUAL_SD).toBeLessThan(0.36)
    expect(residualsOf(hidden, isMissing).length / residualsOf(region, isMeasured).length).toBeCloseTo(0.3, 1)
  })

  test('the worst are those furthest below what was expected; who loses by chance loses any', () => {
    const was = residualsOf(region, isMeasured)
    const worse = residualsOf(deletingWorst(region, 0, 0.2), isMissing)
    expect(worse).toHaveLength(
      Math.round(
        0.2 *
          [...region.years[0]!.status].filter((s, row) => s === MEASURED && region.years[0]!.partner[row] === 0).length,
      ),
    )
    expect(Math.max(...worse)).toBeLessThan(meanOf(was))
    const lost = residualsOf(losing(region, region.contractPartners, 0.2, randomOf(7)), isMissing)
    expect(Math.abs(meanOf(lost))).toBeLessThan(0.5)
  })
})

test('a mean over regions and its error', () => {
  const tally = new Tally()
  for (const value of [1, 2, 3, 4]) tally.add(value)
  expect(tally.mean).toBe(2.5)
  expect(tally.se).toBeCloseTo(Math.sqrt(5 / 3 / 4), 12)
})

test('rows of a family are one row: from the least to the largest, broken if one of them is', () => {
  const row = { property: 'right intervals', tests: '', limit: '', error: '1.0%', excess: 0, family: 'all' }
  const rows = [
    { ...row, regime: 'a', figure: '95.0%', holds: true },
    { ...row, regime: 'b', figure: '9.0%', holds: false, error: '2.0%' },
    { ...row, regime: 'alone', figure: '1', holds: null, family: undefined },
  ].map(({ family, ...rest }) => (family === undefined ? rest : { ...rest, family }))
  expect(inFamilies(rows)).toMatchObject([
    { regime: 'all (2)', figure: '9.0% to 95.0%', error: '2.0%', holds: false },
    { regime: 'alone', holds: null },
  ])
})

test('a broken row is said to be, in the order of the method', () => {
  const row = { tests: '', limit: '<= 1', figure: '2', error: '', excess: 1 }
  const rows = [
    { ...row, property: 'monotone', regime: 'later', holds: true },
    { ...row, property: 'no effect, no pay', regime: 'first', holds: false },
    { ...row, property: 'conservation', regime: 'reported', holds: null, because: 'a reason' },
  ]
  expect(brokenOf(rows)).toEqual([rows[1]])
  const lines = tableOf(rows).split('\n')
  expect(lines[2]).toContain('BROKEN')
  expect(lines[4]).toContain('later')
  expect(lines.at(-1)).toBe('- reported: a reason.')
})
