/** method.md 5.5: the gates of a contract, those computed from the data and those read from quality.csv. */
import type { Contract, Gate } from './contract.ts'
import type { Counts, OutcomeCounts } from './counts.ts'
import { aligned, decimal } from './decimals.ts'
import type { Quality } from './inputs.ts'

export interface GateResult {
  readonly gate: string
  readonly passed: boolean
  readonly weight: number
  readonly evidence: string | null
}

/** What a gate is judged by; null where nothing can be said. */
export type Computed = (counts: Counts) => number | null

/** The gates that every version has built in. */
export const computed: Readonly<Record<string, Computed>> = {
  min_measured_share: ({ outcomes }) =>
    least(outcomes.filter(({ eligible }) => eligible > 0).map(({ eligible, measured }) => measured / eligible)),
  min_patients: ({ eligible }) => eligible,
  max_left_share: ({ eligible, left }) => (eligible + left === 0 ? null : left / (eligible + left)),
  // an outcome without controls to learn from says nothing
  max_excess_missing: ({ outcomes }) =>
    most(
      outcomes
        .filter(({ eligible, missingAmongControls }) => eligible > 0 && !Number.isNaN(missingAmongControls))
        .map(excessOf),
    ),
}

/** Share missing less what the controls would have missed. */
export const excessOf = ({ eligible, measured, missingAmongControls }: OutcomeCounts): number =>
  (eligible - measured - missingAmongControls) / eligible

const least = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.min(...values))
const most = (values: readonly number[]): number | null => (values.length === 0 ? null : Math.max(...values))

export function gateResults(
  { gates, period }: Contract,
  partnerId: string,
  counts: Counts,
  quality: readonly Quality[],
  builtIn: Readonly<Record<string, Computed>>,
): GateResult[] {
  return gates.map((gate) => {
    const own = builtIn[gate.gate]
    const value = own ? own(counts) : undefined
    const evidence = own
      ? value === null
        ? null
        : String(value === 0 ? 0 : value)
      : shown(quality, partnerId, gate.gate, period.start)
    return { gate: gate.gate, passed: passes(gate, evidence), weight: gate.weight, evidence }
  })
}

/** The value shown for the contract year, else the one without a period. */
function shown(quality: readonly Quality[], partnerId: string, gate: string, start: string): string | null {
  const own = quality.filter((row) => row.partnerId === partnerId && row.gate === gate)
  const row = own.find(({ period }) => period === start.slice(0, 4)) ?? own.find(({ period }) => period === '')
  return row?.value ?? null
}

function passes({ rule }: Gate, evidence: string | null): boolean {
  if (evidence === null) return false
  if (rule.equals !== undefined) return evidence === rule.equals
  const value = evidence.trim() === '' ? NaN : Number(evidence)
  return rule.atLeast === undefined ? value <= rule.atMost! : value >= rule.atLeast
}

/** What is left of 1 after the weights of the gates failed; weights are decimals, so 0.7, 0.2 and 0.1 leave nothing at all. */
export function multiplierOf(results: readonly GateResult[]): number {
  const failed = results.filter(({ passed }) => !passed).map(({ weight }) => decimal(weight))
  const { whole, exponent } = aligned([decimal(1), ...failed])
  const [one = 0n, ...lost] = whole
  const left = one - lost.reduce((total, weight) => total + weight, 0n)
  return left > 0n ? Number(`${left}e${exponent}`) : 0
}
