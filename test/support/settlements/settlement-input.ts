/** Inputs of a settlement from rows that a person can read: for tests of what is paid. */
import { STATUSES, type SettlementInput } from '../../../engine/assessment/assessment.ts'
import type { Contract } from '../../../engine/contract/contract.ts'
import { contractWith } from './contract.ts'

/** One patient; statuses, gains and contributions per outcome of the contract. */
export interface ToldRow {
  readonly partner: string
  readonly practice?: string
  readonly insurer?: string
  readonly days?: number
  readonly status?: readonly string[]
  readonly gain: readonly (number | null)[]
  /** A; the gain where it is left out */
  readonly contribution?: readonly (number | null)[]
  readonly measuredAmongControls?: readonly number[]
}

export interface ToldSettlement {
  readonly contract?: Partial<Contract>
  readonly partners: readonly string[]
  readonly control?: readonly string[]
  readonly rows: readonly ToldRow[]
  readonly placebo?: readonly { readonly yearsBefore: number; readonly rows: readonly ToldRow[] }[]
  readonly quality?: SettlementInput['quality']
  readonly barred?: SettlementInput['barred']
  readonly included?: Readonly<Record<string, number>>
  readonly perProcedureCents?: Readonly<Record<string, number>>
}

/** A reference in which exactly these years count, one after the other (horizon 365, window 120 days). */
function referenceOf(years: readonly number[]): Contract['reference'] {
  if (years.length === 0) return { start: '2024-06-01', end: '2024-12-31', partners: null }
  return { start: `${2024 - Math.max(...years)}-01-01`, end: `${2025 - Math.min(...years)}-12-31`, partners: null }
}

export function toldInput(told: ToldSettlement): SettlementInput {
  const reference = referenceOf((told.placebo ?? []).map(({ yearsBefore }) => yearsBefore))
  const contract = contractWith({ control: told.control ?? [], reference, ...told.contract })
  const all = [...told.rows, ...(told.placebo ?? []).flatMap(({ rows }) => rows)]
  const named = [
    ...told.partners,
    ...(told.control ?? []),
    ...all.flatMap((row) => [row.partner, row.practice ?? row.partner]),
  ]
  const partnerIds = [...new Set(named)].sort()
  const insurers = [...new Set(all.map(({ insurer }) => insurer ?? '7095'))].sort()
  const indexOf = (id: string) => partnerIds.indexOf(id)
  const partnerOf = (rows: readonly ToldRow[]) => Int32Array.from(rows, ({ partner }) => indexOf(partner))
  const practiceOf = (rows: readonly ToldRow[]) => Int32Array.from(rows, (row) => indexOf(row.practice ?? row.partner))
  const contributionOf = (rows: readonly ToldRow[], k: number) =>
    Float64Array.from(rows, ({ gain, contribution }) => (contribution ?? gain)[k] ?? NaN)
  const statusOf = (row: ToldRow, k: number) =>
    STATUSES.findIndex(
      (status) => status === (row.status?.[k] ?? (typeof row.gain[k] === 'number' ? 'measured' : 'missing')),
    )
  return {
    settlementId: 's'.repeat(64),
    asOf: '2026-03-01',
    engineVersion: '0.1.0',
    datasetSha256: 'd'.repeat(64),
    contractSha256: 'c'.repeat(64),
    modelIds: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, `model of ${measure}`])),
    contract,
    better: Object.fromEntries(contract.outcomes.map(({ measure }) => [measure, 'lower' as const])),
    partnerIds,
    contractPartners: told.partners.map(indexOf).sort((a, b) => a - b),
    controlPartners: (told.control ?? []).map(indexOf).sort((a, b) => a - b),
    insurers,
    contractYear: {
      partner: partnerOf(told.rows),
      practice: practiceOf(told.rows),
      insurer: Int32Array.from(told.rows, ({ insurer }) => insurers.indexOf(insurer ?? '7095')),
      exposureDays: Int32Array.from(told.rows, ({ days }) => days ?? 365),
      outcomes: contract.outcomes.map((_, k) => ({
        status: Uint8Array.from(told.rows, (row) => statusOf(row, k)),
        gain: Float64Array.from(told.rows, ({ gain }) => gain[k] ?? NaN),
        contribution: contributionOf(told.rows, k),
        measuredAmongControls: told.rows.some((row) => row.measuredAmongControls)
          ? Float64Array.from(told.rows, (row) => row.measuredAmongControls?.[k] ?? NaN)
          : null,
      })),
    },
    placeboYears: (told.placebo ?? []).map(({ yearsBefore, rows }) => ({
      yearsBefore,
      partner: partnerOf(rows),
      practice: practiceOf(rows),
      contributions: contract.outcomes.map((_, k) => contributionOf(rows, k)),
    })),
    barred: told.barred ?? { notMainPractitioner: 0, otherInsurer: 0 },
    quality: told.quality ?? [],
    beside: {
      perProcedureCents: partnerIds.map((id) => told.perProcedureCents?.[id] ?? 0),
      includedOnQuarterDays: partnerIds.map((id) => told.included?.[id] ?? 0),
    },
  }
}
