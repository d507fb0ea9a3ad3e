/** Calibration of expectations by subgroup in years outside the training data (T22, T23). */
import { meanOf, percent, type Row } from '../simulation/figure.ts'
import { MEASURES } from './regions.ts'
import type { Followed, WholePathSettlement } from './settled-regions.ts'

const GROUPS: readonly (readonly [name: string, holds: (of: Followed) => boolean])[] = [
  ['men', ({ sex }) => sex === 'm'],
  ['women', ({ sex }) => sex === 'f'],
  ['under 60', ({ age }) => age < 60],
  ['60 to 74', ({ age }) => age >= 60 && age < 75],
  ['75 and over', ({ age }) => age >= 75],
]

const SLOPE = [0.9, 1.1] as const
const INTERCEPT_SD = 0.05
const COVERAGE = [0.88, 0.92] as const

/** How the expectations of one group and measure came out. */
interface Calibration {
  readonly group: string
  readonly slope: number
  readonly slopeSe: number
  /** mean of realised less expected, less that of everybody in the region; in residual sd */
  readonly shift: number
  readonly shiftSe: number
  readonly coverage: number
  readonly coverageSe: number
}

/** The worst group of each figure: regions in which nothing was planted, so that what was expected is what came. */
export function subgroupRows(regions: readonly WholePathSettlement[]): Row[] {
  const groups = MEASURES.flatMap((measure) => {
    const followed = regions.filter(({ region }) => region.measure === measure).flatMap(comparedWithRegion)
    return GROUPS.map(([name, holds]) => calibrationOf(`${measure}, ${name}`, followed.filter(holds)))
  })
  const patients = regions.reduce((sum, { followed }) => sum + followed.length, 0)
  const where = `whole path, ${regions.length} regions, ${patients} outcomes, worst of ${groups.length} groups`
  return [
    worst(groups, 'T22', `calibration slope: ${where}`, ({ slope, slopeSe }) => [slope, slopeSe], SLOPE, fixed),
    worst(
      groups,
      'T22',
      `realised less expected, beside the whole region: ${where}`,
      ({ shift, shiftSe }) => [shift, shiftSe],
      [-INTERCEPT_SD, INTERCEPT_SD],
      (x) => `${fixed(x)} sd`,
    ),
    worst(
      groups,
      'T23',
      `90% interval of a patient holds: ${where}`,
      ({ coverage, coverageSe }) => [coverage, coverageSe],
      COVERAGE,
      percent,
    ),
  ]
}

/** The common change of a region in that year belongs to the trend and is subtracted. */
function comparedWithRegion({ followed }: WholePathSettlement): Followed[] {
  const shift = meanOf(followed.map(({ realised, mean }) => realised - mean))
  return followed.map((one) => ({ ...one, mean: one.mean + shift }))
}

function calibrationOf(group: string, members: readonly Followed[]): Calibration {
  const n = members.length
  const [mean, realised] = [meanOf(members.map((one) => one.mean)), meanOf(members.map((one) => one.realised))]
  const sum = (of: (one: Followed) => number) => members.reduce((total, one) => total + of(one), 0)
  const spread = sum((one) => (one.mean - mean) ** 2)
  const slope = sum((one) => (one.mean - mean) * (one.realised - realised)) / spread
  const rest = sum((one) => (one.realised - realised - slope * (one.mean - mean)) ** 2)
  const sd = Math.sqrt(rest / (n - 2))
  const coverage = meanOf(members.map(({ low, high, realised }) => (low <= realised && realised <= high ? 1 : 0)))
  return {
    group,
    slope,
    slopeSe: sd / Math.sqrt(spread),
    shift: (realised - mean) / sd,
    shiftSe: 1 / Math.sqrt(n),
    coverage,
    coverageSe: Math.sqrt((coverage * (1 - coverage)) / n),
  }
}

const fixed = (x: number): string => x.toFixed(3)

/** The group that lies furthest from the middle of the limits, each moved out by two Monte-Carlo errors. */
function worst(
  groups: readonly Calibration[],
  tests: string,
  what: string,
  figureOf: (group: Calibration) => readonly [figure: number, se: number],
  [low, high]: readonly [number, number],
  format: (figure: number) => string,
): Row {
  const beyond = (group: Calibration): number => {
    const [figure, se] = figureOf(group)
    return Math.max(low - figure, figure - high) - 2 * se
  }
  const furthest = groups.reduce((most, group) => (beyond(group) > beyond(most) ? group : most))
  const [figure, se] = figureOf(furthest)
  return {
    property: 'right intervals',
    tests,
    regime: `${what} (${furthest.group})`,
    limit: `${format(low)} to ${format(high)}, ± 2 MC se`,
    figure: format(figure),
    error: format(se),
    holds: beyond(furthest) <= 0,
    excess: Math.max(0, Math.max(low - figure, figure - high)) / se,
  }
}
