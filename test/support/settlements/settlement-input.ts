/** Settlement inputs from readable rows, for tests of payments. */
import { STATUSES, type SettlementInput } from '../../../engine/assessment/assessment.ts'
import { epochDayOf, type Day } from '../../../engine/kernel/calendar.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { contractWith } from './contract.ts'

/** One patient; statuses, gains and contributions per outcome of the contract. */
export interface RowSpec {
  readonly partner: string
  readonly practice?: string
  readonly insurer?: string
  readonly days?: number
  readonly status?: readonly string[]
  readonly gain: readonly (number | null)[]
  /** A; the gain where it is left out */
  readonly contribution?: readonly (number | null)[]
  readonly measuredAmongControls?: readonly number[]
  /** the first day of the period where it is left out */
  readonly indexOn?: Day
  readonly died?: boolean
  readonly deathProbability?: number
}

export interface InputSpec {
  readonly contract?: Partial<Contract>
  readonly partners: readonly string[]
  readonly control?: readonly string[]
  readonly rows: readonly RowSpec[]
  readonly placebo?: readonly { readonly yearsBefore: number; readonly rows: readonly RowSpec[] }[]
  readonly quality?: SettlementInput['quality']
  readonly barred?: SettlementInput['ineligible']
  readonly included?: Readonly<Record<string, number>>
  readonly perProcedureCents?: Readonly<Record<string, number>>
}

/** A reference in which exactly these years count, one after the other (horizon 365, window 120 days). */
function referenceOf(years: readonly number[]): Contract['reference'] {
  if (years.length === 0) return { start: '2024-06-01', end: '2024-12-31', partners: null }
  return { start: `${2024 - Math.max(...years)}-01-01`, end: `${2025 - Math.min(...years)}-12-31`, partners: null }
}

export function settlementInputOf(spec: InputSpec): SettlementInput {
  const reference = referenceOf((spec.placebo ?? []).map(({ yearsBefore }) => yearsBefore))
  const contract = contractWith({ control: spec.control ?? [], reference, ...spec.contract })
  const all = [...spec.rows, ...(spec.placebo ?? []).flatMap(({ rows }) => rows)]
  const named = [
    ...spec.partners,
    ...(spec.control ?? []),
    ...all.flatMap((row) => [row.partner, row.practice ?? row.partner]),
  ]
  const partnerIds = [...new Set(named)].sort()
  const insurers = [...new Set(all.map(({ insurer }) => insurer ?? '7095'))].sort()
  const indexOf = (id: string) => partnerIds.indexOf(id)
  const partnerOf = (rows: readonly RowSpec[]) => Int32Array.from(rows, ({ partner }) => indexOf(partner))
  const practiceOf = (rows: readonly RowSpec[]) => Int32Array.from(rows, (row) => indexOf(row.practice ?? row.partner))
  const contributionOf = (rows: readonly RowSpec[], k: number) =>
    Float64Array.from(rows, ({ gain, contribution }) => (contribution ?? gain)[k] ?? NaN)
  const statusOf = (row: RowSpec, k: number) =>
    STATUSES.findIndex(
      (status) => status === (row.status?.[k] ?? (typeof row.gain[k] === 'number' ? 'measured' : 'missing')),
    )
  return {
    settlementId: 's'.repeat(64),
    asOf: '2026-03-01',
    engineVersion: '0.2.0',
    datasetSha256: 'd'.repeat(64),
    contractSha256: 'c'.repeat(64),
    modelIds: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, `model of ${measure}`])),
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, 'lower' as const])),
    partnerIds,
    contractPartners: spec.partners.map(indexOf).sort((a, b) => a - b),
    controlPartners: (spec.control ?? []).map(indexOf).sort((a, b) => a - b),
    insurers,
    contractYear: {
      patient: Int32Array.from(spec.rows.keys()),
      partner: partnerOf(spec.rows),
      practice: practiceOf(spec.rows),
      insurer: Int32Array.from(spec.rows, ({ insurer }) => insurers.indexOf(insurer ?? '7095')),
      indexOn: Int32Array.from(spec.rows, ({ indexOn }) => epochDayOf(indexOn ?? contract.period.start)),
      exposureDays: Int32Array.from(spec.rows, ({ days }) => days ?? 365),
      deaths: spec.rows.some(({ deathProbability }) => deathProbability !== undefined)
        ? {
            died: Uint8Array.from(spec.rows, ({ died }) => (died ? 1 : 0)),
            probability: Float64Array.from(spec.rows, ({ deathProbability }) => deathProbability ?? 0),
          }
        : null,
      outcomes: contract.outcomes.map((_, k) => ({
        status: Uint8Array.from(spec.rows, (row) => statusOf(row, k)),
        gain: Float64Array.from(spec.rows, ({ gain }) => gain[k] ?? NaN),
        contribution: contributionOf(spec.rows, k),
        measuredAmongControls: spec.rows.some((row) => row.measuredAmongControls)
          ? Float64Array.from(spec.rows, (row) => row.measuredAmongControls?.[k] ?? NaN)
          : null,
      })),
    },
    placeboYears: (spec.placebo ?? []).map(({ yearsBefore, rows }) => ({
      yearsBefore,
      partner: partnerOf(rows),
      practice: practiceOf(rows),
      contributions: contract.outcomes.map((_, k) => contributionOf(rows, k)),
    })),
    ineligible: spec.barred ?? { notMainPractitioner: 0, otherInsurer: 0 },
    quality: spec.quality ?? [],
    comparisons: {
      perProcedureCents: partnerIds.map((id) => spec.perProcedureCents?.[id] ?? 0),
      includedOnQuarterDays: partnerIds.map((id) => spec.included?.[id] ?? 0),
    },
  }
}
