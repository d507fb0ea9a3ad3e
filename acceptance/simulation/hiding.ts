/** Missing outcomes: at random, depending on the outcome, or deleted by a partner. */
import { DIED, MEASURED, MISSING } from '../../engine/assessment/assessment.ts'
import type { Random } from '../../engine/kernel/random.ts'
import { chance, rootOf } from './missing.ts'
import { RESIDUAL_SD } from './patients.ts'
import type { Region, RegionYear } from './region.ts'

/** The region with other statuses in its contract year; everything else is shared. */
function withStatuses(region: Region, change: (year: RegionYear, status: Uint8Array) => void): Region {
  const [year, ...before] = region.years
  const status = Uint8Array.from(year!.status)
  change(year!, status)
  return { ...region, years: [{ ...year!, status }, ...before] }
}

const measuredOf = ({ partner, status }: RegionYear, p: number): number[] =>
  [...partner.keys()].filter((row) => partner[row] === p && status[row] === MEASURED)

const residual = ({ expected, realised }: RegionYear, row: number): number => expected[row]! - realised[row]!

/** One partner's measured outcomes go missing by chance. */
export const losing = (region: Region, partners: readonly number[], share: number, dice: Random): Region =>
  withStatuses(region, (year, status) => {
    const chosen = new Set(partners)
    for (let row = 0; row < status.length; row++)
      if (status[row] === MEASURED && chosen.has(year.partner[row]!) && dice.uniform() < share) status[row] = MISSING
  })

/** A partner deletes the worst of its measured outcomes: those furthest below what was expected, or the worst readings. */
export const deletingWorst = (region: Region, p: number, share: number): Region =>
  withStatuses(region, (year, status) => {
    const worst = measuredOf(year, p).sort((a, b) => residual(year, a) - residual(year, b))
    for (const row of worst.slice(0, Math.round(share * worst.length))) status[row] = MISSING
  })

/** A share of a partner's patients dies before the window opens: any of them, or those who would have done worst. */
export const dying = (region: Region, p: number, share: number, who: 'any' | 'worst', dice: Random): Region =>
  withStatuses(region, (year, status) => {
    const order = who === 'worst' ? (row: number) => residual(year, row) : () => dice.uniform()
    const first = measuredOf(year, p)
      .map((row) => ({ row, at: order(row) }))
      .sort((a, b) => a.at - b.at)
    for (const { row } of first.slice(0, Math.round(share * first.length))) status[row] = DIED
  })

/** A share of the contract partners' measured outcomes goes missing, the worse the sooner: the missing lie `gap` residual sd
 *  below the others, in truth and on average. */
export function missingNotAtRandom(region: Region, share: number, gap: number, dice: Random): Region {
  const { constant, slope } = mechanismOf(share, gap)
  const chosen = new Set(region.contractPartners)
  return withStatuses(region, (year, status) => {
    for (let row = 0; row < status.length; row++) {
      if (status[row] !== MEASURED || !chosen.has(year.partner[row]!)) continue
      const z = residual(year, row) / RESIDUAL_SD
      if (dice.uniform() < chance(constant - slope * z)) status[row] = MISSING
    }
  })
}

const GRID = Array.from({ length: 801 }, (_, at) => (at - 400) / 80)
const DENSITY = GRID.map((z) => Math.exp((-z * z) / 2))
const TOTAL = DENSITY.reduce((sum, x) => sum + x, 0)

/** Constant and slope of the logit of going missing, for a standard normal residual. */
function mechanismOf(share: number, gap: number): { constant: number; slope: number } {
  const expectation = (value: (z: number) => number) =>
    GRID.reduce((sum, z, at) => sum + value(z) * DENSITY[at]!, 0) / TOTAL
  const constantOf = (slope: number) => -rootOf((c) => expectation((z) => chance(-c - slope * z)) - share)
  const gapOf = (slope: number) => {
    const constant = constantOf(slope)
    const gone = expectation((z) => chance(constant - slope * z))
    const below = expectation((z) => -z * chance(constant - slope * z)) / gone
    const above = expectation((z) => z * (1 - chance(constant - slope * z))) / (1 - gone)
    return below + above
  }
  const slope = rootOf((s) => gap - gapOf(s))
  return { constant: constantOf(slope), slope }
}
