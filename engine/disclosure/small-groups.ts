/** What may be told about few people: groups under ten are never shown, small panels are folded together (method.md 5.9). */
import type { Settlement, PartnerStatement } from '../settlement/statement.ts'

/** The smallest group that is disclosed. */
export const SMALLEST_GROUP = 10

/** Panels under the contract's minimum as one row: their names, and sums that are null where even these are too few. */
export interface FoldedPanels {
  readonly partnerIds: readonly string[]
  readonly eligible: number | null
  readonly patientYears: number | null
  readonly paymentCents: number
  readonly perProcedureCents: number
  readonly bundledCents: number
}

export interface Panels {
  /** large enough for a row of their own, in order of partner_id */
  readonly shown: readonly PartnerStatement[]
  readonly folded: FoldedPanels | null
}

const sumOf = <T>(rows: readonly T[], value: (row: T) => number): number =>
  rows.reduce((total, row) => total + value(row), 0)

/** Splits partners into those that can be shown and the combination of those that cannot. */
export function panelsOf(partners: readonly PartnerStatement[], minPatients: number): Panels {
  const least = Math.max(minPatients, SMALLEST_GROUP)
  const small = partners.filter((partner) => partner.eligible < least)
  const shown = partners.filter((partner) => partner.eligible >= least)
  if (small.length === 0) return { shown, folded: null }
  const eligible = sumOf(small, (partner) => partner.eligible)
  const isDisclosable = eligible === 0 || eligible >= SMALLEST_GROUP
  return {
    shown,
    folded: {
      partnerIds: small.map((partner) => partner.partner_id),
      eligible: isDisclosable ? eligible : null,
      patientYears: isDisclosable ? sumOf(small, (partner) => partner.patient_years) : null,
      paymentCents: sumOf(small, (partner) => partner.payment_cents),
      perProcedureCents: sumOf(small, (partner) => partner.per_procedure_cents),
      bundledCents: sumOf(small, (partner) => partner.bundled_cents),
    },
  }
}

/** Patients of all panels; of the shown panels only where the difference would disclose the small ones. */
export const eligibleDisclosed = (panels: Panels): number =>
  sumOf(panels.shown, (partner) => partner.eligible) + (panels.folded?.eligible ?? 0)

export interface DisclosedReason {
  /** `other_reasons` where several were put together */
  readonly reason: string
  /** the reasons behind it */
  readonly reasons: readonly string[]
  /** null: fewer than ten */
  readonly patients: number | null
}

/** Reasons with too few patients become one row `other_reasons`, which takes in the next smallest until it is large enough.
 *  `patients` is null where all of them together are too few. */
export function foldedReasons(rows: Settlement['excluded']): DisclosedReason[] {
  const present = rows.filter((row) => row.patients > 0)
  const bySize = [...present].sort((a, b) => a.patients - b.patients || (a.reason < b.reason ? -1 : 1))
  const isShort = (count: number, sum: number): boolean =>
    (bySize[count]?.patients ?? 0) < SMALLEST_GROUP || (count > 0 && sum < SMALLEST_GROUP)
  let [folded, patients] = [0, 0]
  while (folded < bySize.length && isShort(folded, patients)) patients += bySize[folded++]?.patients ?? 0
  const hidden = new Set(bySize.slice(0, folded))
  const rest = present.filter((row) => !hidden.has(row)).map((row) => ({ ...row, reasons: [row.reason] }))
  if (folded === 0) return rest
  const reasons = present.filter((row) => hidden.has(row)).map(({ reason }) => reason)
  return [...rest, { reason: 'other_reasons', reasons, patients: patients >= SMALLEST_GROUP ? patients : null }]
}

/** A share of people, or the bound that is disclosed when those in it, or those outside it, are fewer than ten. */
export type DisclosedShare =
  { readonly share: number } | { readonly moreThan: number } | { readonly lessThan: number } | null

export function disclosedShare(part: number, whole: number): DisclosedShare {
  if (whole < SMALLEST_GROUP) return null
  const bound = SMALLEST_GROUP / whole
  if (part > 0 && part < SMALLEST_GROUP) return { lessThan: bound }
  if (part < whole && whole - part < SMALLEST_GROUP) return { moreThan: 1 - bound }
  return { share: part / whole }
}
