/** The checks that a model has to pass before it may be used for payment, on held-out patients.
 *
 *  Every check respects sampling error, patients as clusters: it fails only where the data reject the model; where they are too few to
 *  decide it is `cannot_be_shown`. */
import { clusteredError } from './clusters.ts'
import type { Predictions } from '../predictive/expecter.ts'

export type Verdict = 'holds' | 'fails' | 'cannot_be_shown'

export interface Check {
  /** `beats the mean`, `beats the last value`, `calibration slope`, `cover of the 90% interval` */
  readonly check: string
  readonly verdict: Verdict
  /** the estimate and its confidence interval: share of squared error saved, slope, cover of the worst group */
  readonly found: number | null
  readonly interval: readonly [number, number] | null
  /** the same in a sentence */
  readonly finding: string
}

/** A group of the card: its cover, what cover is allowed there, and whether it is large enough to be judged. */
export interface GroupCover {
  readonly group: string
  readonly rows: number
  readonly cover90: number
  readonly allowed: readonly [number, number]
  readonly judged: boolean
}

export interface Validation {
  /** it beats both baselines, and no check fails */
  readonly holds: boolean
  readonly checks: readonly Check[]
  readonly cover: readonly GroupCover[]
}

/** Held-out predictions, rows of one patient adjacent. */
export interface HeldOut {
  readonly target: Float64Array
  /** two words a row */
  readonly patient: Uint32Array
  readonly predictions: Pick<Predictions, 'mean' | 'quantiles'>
  /** the part of each value within its 90% interval, as `withinOf` tells; without it whether it lies in [q05, q95] */
  readonly within?: Float64Array
}

/** Judges a model.  @param baselines held-out predictions of the baselines for the same rows  @param groups disjoint or not, by name */
export function validationOf(
  heldOut: HeldOut,
  baselines: readonly { readonly name: string; readonly mean: Float64Array }[],
  groups: readonly (readonly [string, Int32Array])[],
): Validation {
  const cover = groups.map(([group, rows]) => coverOf(heldOut, group, rows))
  const beats = baselines.map((baseline) => beatsBaseline(heldOut, baseline))
  const checks = [...beats, slopeCheck(heldOut), coverCheck(cover)]
  const holds = beats.every(({ verdict }) => verdict === 'holds') && checks.every(({ verdict }) => verdict !== 'fails')
  return { holds, checks, cover }
}

const baselineNames: Readonly<Record<string, string>> = { mean: 'the mean', last: 'the last value' }

// One-sided 5%: that the model is better has to be shown.
const oneSided = 1.645
// Two-sided 5%.
const twoSided = 1.96

/** The share of the baseline's squared error that the model saves. */
function beatsBaseline(
  { target, patient, predictions }: HeldOut,
  baseline: { name: string; mean: Float64Array },
): Check {
  const rows = [...target.keys()]
  const saved = (row: number): number =>
    (target[row]! - baseline.mean[row]!) ** 2 - (target[row]! - predictions.mean[row]!) ** 2
  const total = sumOf(rows, (row) => (target[row]! - baseline.mean[row]!) ** 2)
  const lead = sumOf(rows, saved)
  const error = clusteredError((row) => saved(row) - lead / rows.length, patient, rows)
  const [low, high] = [lead - oneSided * error, lead + oneSided * error]
  const verdict = low > 0 ? 'holds' : high < 0 ? 'fails' : 'cannot_be_shown'
  const share = (x: number): number => (total > 0 ? x / total : 0)
  const name = baselineNames[baseline.name] ?? baseline.name
  return {
    check: `beats ${name}`,
    verdict,
    found: share(lead),
    interval: finite(share(low), share(high)),
    finding: `saves ${percent(share(lead))} of the squared error of ${name}, at least ${percent(share(low))} with 95% confidence`,
  }
}

/** What the slope of realised on expected has to be, and how far its interval may reach for that to be shown. */
const SLOPE = [0.95, 1.05] as const
const widestSlope = 0.1

function slopeCheck({ target, patient, predictions: { mean } }: HeldOut): Check {
  const rows = [...target.keys()]
  const check = 'calibration slope'
  const [ofMean, ofTarget] = [
    sumOf(rows, (row) => mean[row]!) / rows.length,
    sumOf(rows, (row) => target[row]!) / rows.length,
  ]
  const variation = sumOf(rows, (row) => (mean[row]! - ofMean) ** 2)
  if (!(variation > 0))
    return { check, verdict: 'cannot_be_shown', found: null, interval: null, finding: 'everybody is expected the same' }
  const slope = sumOf(rows, (row) => (mean[row]! - ofMean) * (target[row]! - ofTarget)) / variation
  const scores = (row: number): number => {
    const centred = mean[row]! - ofMean
    return centred * (target[row]! - ofTarget - slope * centred)
  }
  const half = (twoSided * clusteredError(scores, patient, rows)) / variation
  const [low, high] = [slope - half, slope + half]
  const outside = high < SLOPE[0] || low > SLOPE[1]
  return {
    check,
    verdict: outside ? 'fails' : half > widestSlope ? 'cannot_be_shown' : 'holds',
    found: slope,
    interval: finite(low, high),
    finding: `${slope.toFixed(3)}, with 95% confidence ${low.toFixed(3)} to ${high.toFixed(3)}; ${SLOPE.join(' to ')} is asked`,
  }
}

/** Groups of fewer rows are reported, not judged. */
const JUDGED_ROWS = 500
const [nominal, leeway, errors] = [0.9, 0.015, 3]

/** Cover within 1.5 points plus three standard errors: binomial, or by patients where their rows go together more than that. */
function coverOf(
  { target, patient, predictions: { quantiles }, within: parts }: HeldOut,
  group: string,
  rows: Int32Array,
): GroupCover {
  const [low, high] = [quantiles[0]!, quantiles.at(-1)!]
  const within = (row: number): number =>
    parts ? parts[row]! : low[row]! <= target[row]! && target[row]! <= high[row]! ? 1 : 0
  const cover90 = sumOf(rows, within) / rows.length
  const binomial = Math.sqrt((nominal * (1 - nominal)) / rows.length)
  const clustered = clusteredError((row) => within(row) - cover90, patient, rows) / rows.length
  const error = Number.isFinite(clustered) ? Math.max(binomial, clustered) : binomial
  const allowed = leeway + errors * error
  return {
    group,
    rows: rows.length,
    cover90,
    allowed: [nominal - allowed, Math.min(1, nominal + allowed)],
    judged: rows.length >= JUDGED_ROWS,
  }
}

function coverCheck(cover: readonly GroupCover[]): Check {
  const check = 'cover of the 90% interval'
  const judged = cover.filter((group) => group.judged)
  const excess = ({ cover90, allowed: [low, high] }: GroupCover): number => Math.max(low - cover90, cover90 - high)
  const worst = [...judged].sort((a, b) => excess(b) - excess(a))[0]
  if (!worst)
    return {
      check,
      verdict: 'cannot_be_shown',
      found: null,
      interval: null,
      finding: `no group has ${JUDGED_ROWS} landmarks; what was covered is told by group`,
    }
  const broken = judged.filter((group) => excess(group) > 0).length
  return {
    check,
    verdict: broken > 0 ? 'fails' : 'holds',
    found: worst.cover90,
    interval: worst.allowed,
    finding: `${judged.length - broken} of ${judged.length} groups within bounds; the worst, ${worst.group}, ${percent(worst.cover90)} where ${percent(worst.allowed[0])} to ${percent(worst.allowed[1])} is allowed`,
  }
}

function sumOf(rows: ArrayLike<number>, value: (row: number) => number): number {
  let sum = 0
  for (let i = 0; i < rows.length; i++) sum += value(rows[i]!)
  return sum
}

const finite = (low: number, high: number): readonly [number, number] | null =>
  Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null

const percent = (share: number): string => (Number.isFinite(share) ? `${(100 * share).toFixed(1)}%` : 'nothing')

/** The checks in one sentence, for the registry. */
export const findingOf = ({ checks }: Validation): string =>
  checks.map(({ check, verdict, finding }) => `${check}: ${verdict.replaceAll('_', ' ')} (${finding})`).join('; ')
