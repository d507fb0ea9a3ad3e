/** Cover by tenth of the expectation, beside what chance alone makes of it: a tenth of a small panel cannot show more than its rows carry. */
import { holmAdjusted, normalTail, twoSided } from '../../engine/kernel/tails.ts'
import { clusteredError, patientsIn } from './clusters.ts'

/** Cover of the 90% interval in one tenth of the expectations. */
export interface TenthCover {
  readonly rows: number
  readonly patients: number
  readonly cover: number
  /** 95% by Wilson, at as many rows as the patients' rows are worth */
  readonly interval: readonly [number, number]
  /** standard error under a right model: binomial, or by patients where their rows go together more than that */
  readonly error: number
  /** (cover - 0.9) / error */
  readonly deviation: number
  /** the probability that the cover of a right model lies within LIMITS here */
  readonly shareOfRight: number
}

/** What cover is asked of every tenth. */
const LIMITS = [0.885, 0.915] as const
const [nominal, z95, level] = [0.9, 1.96, 0.05]

/** Tenths of the rows in order of their expectation.
 *  @param within the part of each value that lies in its 90% interval, as `withinOf` tells  @param patient two words a row, rows of one patient adjacent */
export function coverByTenth(mean: Float64Array, within: Float64Array, patient: Uint32Array): TenthCover[] {
  const ordered = Array.from(mean.keys()).sort((a, b) => mean[a]! - mean[b]! || a - b)
  const cut = (tenth: number): number => Math.floor((tenth * ordered.length) / 10)
  return Array.from({ length: 10 }, (_, tenth) => {
    const rows = ordered.slice(cut(tenth), cut(tenth + 1)).sort((a, b) => a - b)
    return coverOf(rows, within, patient)
  }).filter(({ rows }) => rows > 0)
}

/** Cover of some rows, ascending. */
function coverOf(rows: readonly number[], within: Float64Array, patient: Uint32Array): TenthCover {
  const count = rows.length
  const cover = rows.reduce((sum, row) => sum + within[row]!, 0) / count
  const binomial = Math.sqrt((nominal * (1 - nominal)) / count)
  const clustered = clusteredError((row) => within[row]! - nominal, patient, rows) / count
  const error = Number.isFinite(clustered) ? Math.max(binomial, clustered) : binomial
  // rows that are worth as much as these if each were of another patient
  const worth = Math.min(count, (nominal * (1 - nominal)) / error ** 2)
  const above = (bound: number): number => normalTail((bound - nominal) / error)
  return {
    rows: count,
    patients: patientsIn(patient, rows),
    cover,
    interval: wilson(cover, worth),
    error,
    deviation: (cover - nominal) / error,
    // a cover is a whole number of rows: half a row to either side
    shareOfRight:
      above((Math.ceil(LIMITS[0] * count) - 0.5) / count) - above((Math.floor(LIMITS[1] * count) + 0.5) / count),
  }
}

/** All tenths of all sets together. */
interface CoverVerdict {
  readonly tenths: number
  /** how many lie within LIMITS, and how many of a right model would: the sum of `shareOfRight` */
  readonly inside: number
  readonly insideOfRight: number
  /** those that deviate from 90% when all are tested together at 5% (Holm), by their places in `tenths` */
  readonly deviating: readonly number[]
  readonly largest: number
  /** sum of squared deviations; of a right model about `tenths` */
  readonly squares: number
}

export function verdictOf(tenths: readonly TenthCover[]): CoverVerdict {
  const adjusted = holmAdjusted(tenths.map(({ deviation }) => twoSided(deviation)))
  const sum = (of: (tenth: TenthCover) => number): number => tenths.reduce((total, tenth) => total + of(tenth), 0)
  return {
    tenths: tenths.length,
    inside: sum(({ cover }) => (cover >= LIMITS[0] && cover <= LIMITS[1] ? 1 : 0)),
    insideOfRight: sum(({ shareOfRight }) => shareOfRight),
    deviating: [...tenths.keys()].filter((at) => adjusted[at]! <= level),
    largest: tenths.reduce((most, { deviation }) => Math.max(most, Math.abs(deviation)), 0),
    squares: sum(({ deviation }) => deviation ** 2),
  }
}

function wilson(share: number, rows: number): readonly [number, number] {
  const z = z95 * z95
  const middle = (share + z / (2 * rows)) / (1 + z / rows)
  const half = (z95 / (1 + z / rows)) * Math.sqrt((share * (1 - share)) / rows + z / (4 * rows * rows))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}

/** A tenth for a reader: `88.5% (83.1 to 92.3; 182 of 120 patients)`. */
export const tenthText = ({ cover, interval: [low, high], rows, patients }: TenthCover): string =>
  `${percent(cover)}% (${percent(low)} to ${percent(high)}; ${rows} rows of ${patients} patients)`

/** The verdict in one sentence. */
export function verdictText({ tenths, inside, insideOfRight, deviating, largest, squares }: CoverVerdict): string {
  const found =
    deviating.length === 0 ? 'none deviates from 90% by more than chance' : `${deviating.length} deviate from 90%`
  return `Of ${tenths} tenths ${found} (all tested together at 5%, Holm; the largest by ${largest.toFixed(1)} standard errors; squares sum to ${squares.toFixed(0)}); ${inside} lie within ${percent(LIMITS[0])} to ${percent(LIMITS[1])}%, of a right model ${insideOfRight.toFixed(0)} would.`
}

const percent = (share: number): string => (100 * share).toFixed(1)
