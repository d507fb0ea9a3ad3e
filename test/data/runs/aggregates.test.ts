/** Figures in groups: what is held back does not follow from what is told beside it. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellsOf, type GroupSums } from '../../../data/runs/aggregates.ts'

const partners = ['p01', 'p02', 'p03', 'p04'] as const
const sexes = ['f', 'm', 'x'] as const
const counts = fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 60 }))
const groups = fc.array(fc.tuple(counts, counts), { minLength: 12, maxLength: 12 }).map((drawn) =>
  partners.flatMap((partner, p) =>
    sexes.map((sex, s): GroupSums => {
      const [measured, missing] = drawn[p * sexes.length + s]!
      const sums = { expected: 0, realised: 0, gain: 0, contributions: measured, contribution: 0 }
      const place = [partner, 'hba1c', sex]
      const persons = { persons: measured + missing, personsMeasured: measured }
      return { place, eligible: measured + missing, measured, ...persons, ...sums }
    }),
  ),
)
test('no group of one to nine, and no sum of those held back in a line, follows by subtraction', () => {
  fc.assert(
    fc.property(groups, fc.subarray([...partners]), (drawn, small) => {
      const truth = drawn.map((group) => ({ ...group }))
      const cells = cellsOf(drawn, ['partner', 'measure', 'sex'], { smallPartners: new Set(small) })
      for (const along of ['partner', 'sex'] as const)
        for (const value of along === 'partner' ? partners : sexes) {
          const line = cells.flatMap((cell, at) => (cell.at[along] === value ? [{ cell, of: truth[at]! }] : []))
          expectHidden(line.map(({ cell, of }) => [cell.figures === null, [of.eligible, of.measured]]))
          const isMissingHeld = ({ figures }: (typeof line)[number]['cell']) =>
            figures === null || figures.eligible === null
          expectHidden(line.map(({ cell, of }) => [isMissingHeld(cell), [of.eligible - of.measured]]))
        }
      for (const { at, figures } of cells)
        if (small.some((partner) => partner === at.partner)) expect(figures).toBeNull()
    }),
  )
})

/** Of a line of groups: those told are of nobody or ten; of those held back there is none, all, or two with ten among them. */
function expectHidden(line: readonly (readonly [isHeld: boolean, counts: readonly number[]])[]): void {
  const few = (count: number) => count > 0 && count < 10
  for (const [isHeld, of] of line) if (!isHeld) expect(of.some(few)).toBe(false)
  const held = line.filter(([isHeld]) => isHeld).map(([, of]) => of)
  if (held.length === 0 || held.length === line.length) return
  expect(held.length).toBeGreaterThan(1)
  for (const at of held[0]!.keys()) expect(few(held.reduce((sum, of) => sum + of[at]!, 0))).toBe(false)
}

test('six persons with thirty episodes are six: their group is held back, and one beside it', () => {
  const group = (sex: string, eligible: number, persons: number): GroupSums => ({
    place: ['p01', 'hba1c', sex],
    eligible,
    measured: eligible,
    persons,
    personsMeasured: persons,
    expected: 0,
    realised: 0,
    gain: 0,
    contributions: eligible,
    contribution: 0,
  })
  const told = (groups: readonly GroupSums[]) =>
    cellsOf(groups, ['partner', 'measure', 'sex'], {}).map(({ at, figures }) => [at.sex, figures?.eligible ?? null])
  // one of the six had five episodes: ten episodes are no group of ten
  expect(told([group('f', 10, 6), group('m', 40, 31), group('x', 90, 80)])).toEqual([
    ['f', null],
    ['m', null],
    ['x', 90],
  ])
  expect(told([group('f', 10, 10), group('m', 40, 31)])).toEqual([
    ['f', 10],
    ['m', 40],
  ])
})

test('of missing results too, persons count', () => {
  const [cell] = cellsOf(
    [
      {
        place: ['p01', 'hba1c'],
        eligible: 60,
        measured: 48,
        persons: 40,
        personsMeasured: 36,
        expected: 0,
        realised: 0,
        gain: 0,
        contributions: 60,
        contribution: 0,
      },
    ],
    ['partner', 'measure'],
    {},
  )
  // twelve results are missing, of four persons at least
  expect(cell?.figures).toMatchObject({ eligible: null, measured: 48 })
})
