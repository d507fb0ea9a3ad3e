/** The input of a settlement: every index date with its status and contribution, in columns.
 *
 *  One row is one patient on one index date, ascending by patient_id (code units) over the whole region; every outcome
 *  has a value in every row, so row i of each column is the same patient. NaN where a value does not apply.
 *  All per-patient numbers are quantised to 1e-6 before they come here (method.md 2). */
import type { Cents } from '../kernel/money.ts'
import type { Day } from '../kernel/calendar.ts'
import type { Contract } from '../contract/contract.ts'
import type { Better } from '../contract/programme.ts'

/** The statuses of a patient for one outcome, in the order of expectations.csv's description (interface.md 5). */
export const STATUSES = ['measured', 'missing', 'died', 'left', 'no_baseline', 'enrolled_late'] as const
export type Status = (typeof STATUSES)[number]

export const MEASURED = 0
export const MISSING = 1
export const DIED = 2
export const LEFT = 3
export const NO_BASELINE = 4
export const ENROLLED_LATE = 5

/** Eligible for an outcome: measured or missing (method.md 1). */
export const isEligible = (status: number): boolean => status <= MISSING

/** One outcome of the contract year; every column has a row per patient of the contract year. */
export interface OutcomeColumns {
  /** index in STATUSES */
  readonly status: Uint8Array
  /** h(realised) - E[h(Y)], in the measure's unit; NaN unless measured */
  readonly gain: Float64Array
  /** A of method.md 3; NaN where the patient contributes nothing */
  readonly contribution: Float64Array
  /** P(measured) with the model fitted on control patients only; NaN unless eligible; null: no control patient to fit on */
  readonly measuredAmongControls: Float64Array | null
}

/** Deaths of the contract year; columns have a row per patient of it. */
export interface Deaths {
  /** 1: died from the index date to before index date + horizon - window, the longest of the outcomes */
  readonly died: Uint8Array
  /** of dying within those days, quantised */
  readonly probability: Float64Array
}

/** The contract year: patients of contract and control partners. */
export interface ContractYear {
  /** the same number for every index date of a patient */
  readonly patient: Int32Array
  /** credited partner: index in `partnerIds` */
  readonly partner: Int32Array
  /** the enrolment's own partner: index in `partnerIds` */
  readonly practice: Int32Array
  /** index in `insurers` */
  readonly insurer: Int32Array
  /** epoch days */
  readonly indexOn: Int32Array
  /** from the index date to the earlier of ended_on and the day after period.end, in days */
  readonly exposureDays: Int32Array
  /** in the order of the contract's outcomes */
  readonly outcomes: readonly OutcomeColumns[]
  /** null: the contract does not ask, or nobody is there to learn from */
  readonly deaths: Deaths | null
}

/** A year before the contract: patients of contract, control and reference partners enrolled on its index date. */
export interface PlaceboYear {
  readonly yearsBefore: number
  readonly partner: Int32Array
  readonly practice: Int32Array
  /** A per outcome, in the order of the contract's outcomes; null: the year does not count for that outcome (engine/frame.ts) */
  readonly contributions: readonly (Float64Array | null)[]
}

/** A row of quality.csv: what a partner shows for a gate; `period` null where the row names none. */
export interface QualityEvidence {
  readonly partnerId: string
  readonly gate: string
  readonly value: string
  readonly period: string | null
}

/** Amounts for comparison with the settlement, per partner of `partnerIds` (method.md 6). */
export interface Comparisons {
  /** claims in the period, in cents */
  readonly perProcedureCents: readonly Cents[]
  /** patients included, summed over the quarter days of the period */
  readonly includedOnQuarterDays: readonly number[]
}

/** The complete input of a settlement; the same input gives the same bytes. */
export interface SettlementInput {
  readonly settlementId: string
  readonly asOf: Day
  readonly engineVersion: string
  readonly datasetSha256: string
  readonly contractSha256: string
  readonly modelIds: Readonly<Record<string, string>>
  readonly contract: Contract
  /** which way is better, per measure of the contract */
  readonly better: Readonly<Record<string, Better>>
  /** every partner of the region, ascending by partner_id */
  readonly partnerIds: readonly string[]
  /** indices in `partnerIds`, ascending */
  readonly contractPartners: readonly number[]
  readonly controlPartners: readonly number[]
  /** UZOVI codes; a blank one stands for an unknown insurer */
  readonly insurers: readonly string[]
  readonly contractYear: ContractYear
  /** ascending by yearsBefore; a counting year that is absent had no patients */
  readonly placeboYears: readonly PlaceboYear[]
  /** patients of contract partners that have no row */
  readonly ineligible: { readonly notMainPractitioner: number; readonly otherInsurer: number }
  readonly quality: readonly QualityEvidence[]
  readonly comparisons: Comparisons
}
