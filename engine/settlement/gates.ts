/** Gates: what a partner must show before it shares in a gain (method.md 5.5 and its last paragraph). */
import type { QualityEvidence } from '../assessment/assessment.ts'
import type { Gate } from '../contract/contract.ts'

/** The figures of the built-in gates for one partner; null where undefined. */
export interface BuiltInEvidence {
  /** the smallest measured / eligible over the outcomes */
  readonly min_measured_share: number | null
  /** eligible patients */
  readonly min_patients: number | null
  /** left / (eligible + left), in patients */
  readonly max_left_share: number | null
  /** the largest over the outcomes of share missing less the mean of 1 - pi, pi as among the controls */
  readonly max_excess_missing: number | null
  /** deaths less the 95% Poisson limit of those expected; negative: within it */
  readonly max_excess_deaths: number | null
  /** patients whose index date lies after the first quarter of the period / patients */
  readonly max_late_share: number | null
}

export interface GateResult {
  readonly gate: string
  readonly passed: boolean
  readonly weight: number
  /** as it was compared; null: there is none, which fails */
  readonly evidence: string | null
}

/** The gates of a contract for one partner, in the contract's order.
 *  @param quality rows of quality.csv, of any partner   @param year the contract year, 'YYYY' */
export function gatesOf(
  gates: readonly Gate[],
  partnerId: string,
  builtIn: BuiltInEvidence,
  quality: readonly QualityEvidence[],
  year: string,
): GateResult[] {
  return gates.map(({ gate, weight, rule }) => {
    const evidence = isBuiltIn(gate, builtIn) ? shown(builtIn[gate]) : qualityOf(quality, partnerId, gate, year)
    return { gate, passed: evidence !== null && passes(evidence, rule), weight, evidence }
  })
}

/** max(0, 1 - the weights of the gates failed); weights are decimals, so 0.7 and 0.2 and 0.1 leave nothing at all. */
export const gateMultiplierOf = (results: readonly GateResult[]): number => {
  const lost = results.reduce((sum, { passed, weight }) => sum + (passed ? 0 : weight), 0)
  return Math.max(0, Math.round((1 - lost) * 1e12) / 1e12)
}

const isBuiltIn = (gate: string, builtIn: BuiltInEvidence): gate is keyof BuiltInEvidence =>
  Object.hasOwn(builtIn, gate)

const shown = (value: number | null): string | null => (value === null ? null : String(value === 0 ? 0 : value))

/** The row of the contract year, else the one without a period. */
function qualityOf(quality: readonly QualityEvidence[], partnerId: string, gate: string, year: string): string | null {
  const rows = quality.filter((row) => row.partnerId === partnerId && row.gate === gate)
  const row = rows.find(({ period }) => period === year) ?? rows.find(({ period }) => period === null || period === '')
  return row?.value ?? null
}

function passes(evidence: string, rule: Gate['rule']): boolean {
  if ('equals' in rule) return evidence === rule.equals
  const value = evidence.trim() === '' ? NaN : Number(evidence)
  return 'atLeast' in rule ? value >= rule.atLeast : value <= rule.atMost
}
