/** Whether expectations still hold after training: month by month of realisation, and a pre-specified test.
 *
 *  Only controls are tested: what moves them is drift, what moves contract partners besides may be merit. Two things can drift in either
 *  direction, so there are four detectors; each month multiplies a detector's evidence by a likelihood ratio whose mean is at most 1
 *  while nothing is wrong:  M = (1 + M before) * LR  (Shiryaev 1963, Roberts 1966; as an e-detector, Shin, Ramdas and Rinaldo 2024).
 *  Their mean alarms at ALARM. While nothing is wrong E[mean after t months] <= t, so that (Doob) an alarm within twelve months has a
 *  probability of at most 12 / ALARM = 5%, as far as a month's estimates are normal. */
import { quantised } from '../kernel/quantise.ts'

export const ALARM = 240

/** Months with fewer results are reported, not tested: their error cannot be estimated well enough. */
const TESTED_RESULTS = 30

export type DriftKind = 'bias' | 'slope'

interface Detector {
  readonly kind: DriftKind
  /** the largest deviation that counts as calibrated: a tenth of a predictive sd, the slope that validation allows */
  readonly allowed: number
  /** the deviation to be detected soon: three tenths of an sd, a slope of 0.8 */
  readonly drifted: number
}

const detectors: readonly Detector[] = [
  { kind: 'bias', allowed: 0.1, drifted: 0.3 },
  { kind: 'bias', allowed: -0.1, drifted: -0.3 },
  { kind: 'slope', allowed: 0.95, drifted: 0.8 },
  { kind: 'slope', allowed: 1.05, drifted: 1.2 },
]

/** Measured results of one outcome in the contract year, a row each, in a fixed order. */
export interface Results {
  /** of realisation: 12 * year + month - 1 */
  readonly month: Int32Array
  /** 1: of a control partner, 0: of a contract partner */
  readonly control: Uint8Array
  readonly practice: Int32Array
  /** the predictive mean and sd, and the realised value, in the measure's unit */
  readonly mean: Float64Array
  readonly sd: Float64Array
  readonly realised: Float64Array
}

/** One side of one month; errors are null where there are too few to know them. */
export interface DriftMonth {
  readonly side: 'control' | 'contract'
  readonly month: number
  readonly measured: number
  /** mean of realised - expected: in the unit, and in predictive sd */
  readonly bias: number
  readonly biasSd: number
  readonly biasSdSe: number | null
  /** of realised on expected */
  readonly slope: number | null
  readonly slopeSe: number | null
  /** the mean of the detectors after this month; null where it was not tested */
  readonly evidence: number | null
}

export interface Drift {
  /** ascending by month, controls first */
  readonly months: readonly DriftMonth[]
  /** the first month at whose end the evidence stood at ALARM or above, and what carried it */
  readonly alarm: { readonly month: number; readonly kind: DriftKind; readonly evidence: number } | null
}

/** Calibration month by month, and the alarm if there is one; figures quantised. */
export function driftOf(results: Results): Drift {
  const months: DriftMonth[] = []
  const evidence = new Float64Array(detectors.length)
  let alarm: Drift['alarm'] = null
  for (const month of [...new Set(results.month)].sort((a, b) => a - b))
    for (const side of ['control', 'contract'] as const) {
      const figures = monthOf(results, month, side)
      if (!figures) continue
      const tested = side === 'control' && figures.biasSdSe !== null && figures.measured >= TESTED_RESULTS
      if (tested) detectors.forEach((detector, k) => (evidence[k] = grown(evidence[k]!, detector, figures)))
      const together = quantised(evidence.reduce((sum, each) => sum + each, 0) / detectors.length)
      months.push({ ...figures, evidence: tested ? together : null })
      if (tested && alarm === null && together >= ALARM)
        alarm = { month, kind: detectors[evidence.indexOf(Math.max(...evidence))]!.kind, evidence: together }
    }
  return { months, alarm }
}

// Beyond this no evidence says more, and products stay finite.
const most = 1e12

/** (1 + evidence) * N(estimate; drifted, error) / N(estimate; allowed, error). */
function grown(evidence: number, { kind, allowed, drifted }: Detector, figures: DriftMonth): number {
  const [estimate, error] = kind === 'bias' ? [figures.biasSd, figures.biasSdSe] : [figures.slope, figures.slopeSe]
  if (estimate === null || error === null || !(error > 0)) return evidence
  const logRatio = ((drifted - allowed) * (estimate - (allowed + drifted) / 2)) / error ** 2
  return Math.min(most, (1 + evidence) * Math.exp(logRatio))
}

function monthOf(results: Results, month: number, side: DriftMonth['side']): DriftMonth | null {
  const rows: number[] = []
  for (let row = 0; row < results.month.length; row++)
    if (results.month[row] === month && (results.control[row] === 1) === (side === 'control')) rows.push(row)
  const measured = rows.length
  if (measured === 0) return null
  const { mean, sd, realised } = results
  const sum = (value: (row: number) => number): number => rows.reduce((total, row) => total + value(row), 0)
  const off = (row: number): number => (realised[row]! - mean[row]!) / sd[row]!
  const biasSd = sum(off) / measured
  const [x, y] = [sum((row) => mean[row]!) / measured, sum((row) => realised[row]!) / measured]
  const spread = sum((row) => (mean[row]! - x) ** 2)
  const slope = spread > 0 ? sum((row) => (mean[row]! - x) * (realised[row]! - y)) / spread : null
  const errorOf = (score: (row: number) => number): number | null =>
    measured < TESTED_RESULTS ? null : errorOfSum(rows, results.practice, score)
  const biasError = errorOf((row) => off(row) - biasSd)
  const slopeError =
    slope === null ? null : errorOf((row) => (mean[row]! - x) * (realised[row]! - y - slope * (mean[row]! - x)))
  const rounded = (value: number | null): number | null => (value === null ? null : quantised(value))
  return {
    side,
    month,
    measured,
    bias: quantised(y - x),
    biasSd: quantised(biasSd),
    biasSdSe: rounded(biasError === null ? null : biasError / measured),
    slope: rounded(slope),
    slopeSe: rounded(slopeError === null ? null : slopeError / spread),
    evidence: null,
  }
}

/** The fewest practices from which their variance is estimated. */
const leastPractices = 10

/** Standard error of a sum of scores of mean 0: by patients, or by practices where that is more. */
function errorOfSum(rows: readonly number[], practice: Int32Array, score: (row: number) => number): number {
  const byPractice = new Map<number, number>()
  let squares = 0
  for (const row of rows) {
    const own = score(row)
    squares += own ** 2
    byPractice.set(practice[row]!, (byPractice.get(practice[row]!) ?? 0) + own)
  }
  const byPatients = (squares * rows.length) / (rows.length - 1)
  const count = byPractice.size
  if (count < leastPractices) return Math.sqrt(byPatients)
  let clustered = 0
  for (const own of byPractice.values()) clustered += own ** 2
  return Math.sqrt(Math.max(byPatients, (clustered * count) / (count - 1)))
}
